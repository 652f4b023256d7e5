"""A column or a breakdown that is declared: all that shows, reads or describes projects has it.

Each is declared in a process of its own, before the models are loaded, and its field is added to a
copy of the database, as the migration would do that Django writes.
"""

import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import pytest
from django.db import connection

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BAND = "budget_band"
OF_BREAKDOWNS = (
    *("/", "/es/", "/reports/status/", "/reports/status.csv", "/reports/status.json"),
    *("/reports/status/figure.json", "/reports/status/picture.svg", "/reports/a-72-621/"),
    *("/reports/compare/?a=scope%3Dglobal&b=scope%3Dnational", "/editions/reconstruction-2017-12/"),
    *("/api/", "/api/v1/answers/status/", "/api/v1/openapi.json", "/datapackage.json"),
    "/sitemap.xml",
)


def declare():
    """Declare the column and set Django up; return the vocabulary."""
    import django
    from django.db.models import TextChoices

    from projects import columns

    class BudgetBand(TextChoices):
        SMALL = "small", "Below a million"
        LARGE = "large", "A million and more"
        NOT_STATED = "not-stated", "Not stated"

    band = columns.Column(
        BAND,
        "What the project costs",
        BudgetBand,
        label="Budget",
        default=BudgetBand.NOT_STATED.value,
        synonyms="Total cost; Cost",
    )
    table = columns.PROJECT_TABLE
    columns.PROJECT_TABLE = replace(table, columns=(*table.columns, band))
    django.setup()
    return BudgetBand


def add_field(vocabulary) -> None:
    """Add the field to the model and to the database; PVE-001 has a value, others have none."""
    from projects.history import recording
    from projects.models import Project
    from projects.models.base import chosen

    field = chosen("budget", 20, vocabulary, default=vocabulary.NOT_STATED)
    Project.add_to_class(BAND, field)
    with connection.schema_editor() as editor:
        editor.add_field(Project, Project._meta.get_field(BAND))
    project = Project.live.get(reference="PVE-001")
    project.budget_band = "small"
    with recording(by=None, reason="Read in its budget"):
        project.save()


def found() -> dict[str, object]:
    """Return what files have of the column, and which pages and forms `lack` it."""
    from django.contrib.auth.models import User
    from django.test import Client
    from openpyxl import load_workbook

    from projects.annex.mapping import column_called
    from projects.columns import PROJECT_TABLE
    from projects.imports.cells import CellReader, ReadRow

    from .pages import body, facet_of, text_of, total_of

    public, staff = Client(), Client()
    staff.force_login(User.objects.create_superuser("band", "band@example.org", "band"))

    def get(address: str, client: Client = public) -> bytes:
        response = client.get(address)
        assert response.status_code == 200, address
        return body(response)

    def has(address: str, text: str, client: Client = public) -> bool:
        return text in get(address, client).decode() + text_of(client, address)

    def first_row(content: bytes) -> dict[str, str]:
        head, row, *_rows = load_workbook(io.BytesIO(content)).worksheets[0].values
        return dict(zip(head, row, strict=True))

    listed = get("/projects/?budget_band=small").decode()
    form = get("/admin/projects/batch/import/template.xlsx", staff)
    choices = load_workbook(io.BytesIO(form)).worksheets[0].data_validations.dataValidation
    lines = get("/projects/export.csv").decode("utf-8-sig").splitlines()
    api = get("/api/v1/projects/?budget_band=small")
    described = json.loads(get("/api/v1/openapi.json"))["paths"]["/api/v1/projects/"]["get"]
    package = json.loads(get("/datapackage.json"))["resources"]
    column, cells, row = PROJECT_TABLE.by_name[BAND], CellReader(is_csv=True), ReadRow(2, {})
    choice = '<option value="large">A million and more</option>'
    shown = {
        "sentence": "Described activities (budget: Below a million): 1." in listed,
        "offer": has("/projects/?q=below+a+million", "?budget_band=small"),
        "chooser": has("/projects/", 'name="columns" value="budget_band"'),
        "list": has("/projects/?columns=budget_band", "Below a million"),
        "page": has("/projects/PVE-001/", "Budget Below a million Stated"),
        "page, not stated": has("/projects/PVE-002/", "Start, End, Budget. Can you help?"),
        "API description": any(BAND in str(one) for one in described["parameters"]),
        "correction": has("/projects/PVE-001/correct/?column=budget_band", choice),
        "history": has("/projects/PVE-001/changes/", "budget_band: not-stated → small"),
        "template": BAND in first_row(form),
        "staff form": has("/admin/projects/project/2/change/", choice, staff),
        "staff list": has("/admin/projects/project/?budget_band__exact=small", "1 project", staff),
    }
    return {
        "lack": [name for name, is_there in shown.items() if not is_there],
        "filter": [total_of(listed), facet_of(listed, BAND)],
        "csv": [one[BAND] for one in csv.DictReader(lines)][:2],
        "xlsx": first_row(get("/projects/export.xlsx"))["Budget"],
        "api": [(one["reference"], one[BAND]) for one in json.loads(api)["results"]],
        "data package": [
            field["constraints"]["enum"]
            for resource in package
            for field in resource.get("schema", {}).get("fields", ())
            if field["name"] == BAND
        ],
        "template": [one.formula1 for one in choices][-1],
        "import": [cells.read(row, column, text, None) for text in ("A million and more", "")],
        "annex": [column_called("Budget band"), column_called("TOTAL COST")],
    }


def with_a_breakdown() -> dict[str, int]:
    """Declare a breakdown; return the status of each page that has all breakdowns or this one."""
    import django

    django.setup()
    from django.test import Client

    from reports.breakdowns import BREAKDOWNS

    BREAKDOWNS["status"] = ("status", "Projects by status")
    client = Client()
    return {address: client.get(address).status_code for address in OF_BREAKDOWNS}


if __name__ == "__main__":
    if sys.argv[1] == "column":
        add_field(declare())
        print(json.dumps(found()))
    else:
        print(json.dumps(with_a_breakdown()))


def test_a_column_and_its_field_have_the_same_value_where_nothing_is_stated():
    from projects.cube import COMBINED_COLUMNS
    from projects.models import Project

    for column in map(Project.table.by_name.get, COMBINED_COLUMNS):
        assert Project._meta.get_field(column.name).get_default() == column.default, column.name


def in_a_process(what: str, tmp_path):
    """Return what a process of its own finds in a copy of the database after it declared that."""
    if connection.vendor != "sqlite":
        pytest.skip("the copy is a file")
    with (
        closing(sqlite3.connect(connection.settings_dict["NAME"])) as own,
        closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as copy,
    ):
        own.backup(copy)
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/copy.sqlite3",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    command = [sys.executable, "-m", "tests.test_new_column", what]
    ended = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


@pytest.mark.long
def test_a_column_that_is_declared_is_everywhere(db, tmp_path):
    assert in_a_process("column", tmp_path) == {
        "lack": [],
        "filter": [1, {"small": 1, "large": 0, "not-stated": 222}],
        "csv": ["small", "not-stated"],
        "xlsx": "Below a million",
        "api": [["PVE-001", "small"]],
        "data package": [["small", "large", "not-stated"]],
        "template": '"small,large,not-stated"',
        "import": ["large", "not-stated"],
        "annex": ["budget_band", "budget_band"],
    }


@pytest.mark.long
def test_a_breakdown_that_is_declared_is_everywhere(db, tmp_path):
    assert in_a_process("breakdown", tmp_path) == dict.fromkeys(OF_BREAKDOWNS, 200)
