"""Imports: real files, what the preview says, all or nothing, and undoing."""

import io
import re
import time
from datetime import date, datetime
from itertools import product
from threading import Event, Thread

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.http.multipartparser import MultiPartParser
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from projects.columns import PROJECT_TABLE
from projects.history import Revision, recording, unrecorded
from projects.imports import batches as imports
from projects.imports import sandbox, writing
from projects.imports.lines import Refused
from projects.imports.template import import_template
from projects.models import Batch, Entity, Project, row_problems

from .annex import importer
from .conftest import publish_waiting
from .files import NEW, csv_of, upload, xlsx_of
from .pages import body, csv_lines, csv_rows, text_of
from .test_admin import form_of
from .test_hostile_files import sheet_of

pytestmark = pytest.mark.usefixtures("register")

NAMES = PROJECT_TABLE.names


def exported(kind="csv") -> bytes:
    return body(Client().get(f"/projects/export.{kind}"))


def without_time(content: bytes) -> bytes:
    """A CSV file without the times of its rows, with three columns after them."""
    return re.sub(rb"[^,]*Z,(?=[^,]*,[^,]*,[^,]*\r\n)", b"", content)


def shown_of(content: bytes, name="file.csv", **options):
    batch = upload(name, content, {"only": None, "ignored": []} | options)
    return batch, imports.preview(batch)


def imported(content: bytes, name="file.csv", **options) -> Batch:
    batch, shown = shown_of(content, name, **options)
    assert shown.problems == []
    return imports.apply(batch, shown.digest)


# Round trip


words = st.text(
    st.characters(
        blacklist_categories=("Cs", "Cc", "Cf", "Zl", "Zp"),
        blacklist_characters="\u115f\u1160\u2800\u3164\uffa0",
    ),
    max_size=30,
)


@pytest.mark.postgresql
@pytest.mark.long
@hypothesis_settings(max_examples=5)  # each is previewed and imported, with all of the register
@given(title=words.filter(str.strip), summary=words, methodology=words)
def test_any_text_survives_export_and_import(title, summary, methodology):
    with unrecorded("the test sets the scene"):
        Project.published.filter(reference="PVE-010").update(
            title=title, summary=summary, methodology=methodology
        )
    content = exported()
    _batch, shown = shown_of(content)
    assert shown.counts["unchanged"] == 223
    with unrecorded("the test sets the scene"):
        Project.published.filter(reference="PVE-010").update(title="x", summary="", methodology="")
    imported(content)
    found = Project.published.get(reference="PVE-010")
    assert (found.title, found.summary, found.methodology) == (
        title.strip(),
        summary.strip(),
        methodology.strip(),
    )


@pytest.mark.postgresql
def test_adding_and_changing(client):
    changed = {"reference": "PVE-001", "title": "NET-MED", "entities": "UNDP;UNESCO"}
    batch = imported(csv_of(NEW | {"methodology": "Workshops"}))
    assert (batch.added, batch.changed) == (1, 0)
    project = Project.live.get(reference="PVE-224")
    assert (project.methodology, project.review) == ("Workshops", "draft")
    stored = project.snapshot()
    lists = {"regions": ["africa"], "countries": ["KEN"], "entities": ["UNDP"]}
    assert {name: stored[name] for name in NEW} == NEW | {"reference": "PVE-224"} | lists
    assert "No described activity contains" in text_of(client, "/projects/?q=new+project")
    batch = imported(csv_of(changed))
    assert (batch.added, batch.changed) == (0, 1)
    project = Project.published.get(reference="PVE-001")
    assert (project.title, project.review) == ("NET-MED", "changed")
    # A column that the file does not have keeps its values; an empty cell clears them.
    assert project.summary.startswith("Seeks to empower young people")
    assert sorted(e.acronym for e in project.entities.all()) == ["UNDP", "UNESCO"]
    imported(csv_of({"reference": "PVE-001", "summary": "", "entities": ""}))
    project = Project.published.get(reference="PVE-001")
    assert (project.summary, project.entities.count()) == ("", 0)
    assert "net-med" in text_of(client, "/projects/?q=net-med").lower()


# Real files


@pytest.mark.long
@pytest.mark.parametrize(
    ("content", "name"),
    [
        (csv_of(NEW, delimiter=";"), "semicolons.csv"),
        (csv_of(NEW, encoding="utf-16"), "utf16.txt"),
        (b"Matrix of projects\r\n\r\n" + csv_of(NEW) + b",,,\r\n\r\n", "title.csv"),
        (csv_of(dict(reversed(NEW.items()))), "order.csv"),
        (csv_of({k.upper().replace("_", " "): v for k, v in NEW.items()}), "headings.csv"),
        (xlsx_of(["Matrix"], [], [*NEW], [*NEW.values()], [None, " "]), "book.xlsx"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_files_as_people_send_them(content, name):
    _batch, shown = shown_of(content, name)
    assert shown.problems == []
    assert shown.counts == {"added": 1, "changed": 0, "unchanged": 0, "skipped": 0}
    assert shown.first["added"][0].new["title"] == "A new project"
    assert shown.first["added"][0].new["countries"] == ["KEN"]


def readings_of(shown) -> dict[str, list]:
    return dict(shown.read_otherwise)


def test_what_was_understood_is_shown():
    row = NEW | {
        "title": "  A new project ",
        "priority_area": "Empowering Youth",
        "scope": "NATIONAL",
        "regions": "Middle East and North Africa",
        "countries": "kenya; 800",
        "entities": "UN Women; aoc",
        "status": "",
        "link": "www.unodc.org/x",
    }
    _batch, shown = shown_of(csv_of(row))
    assert shown.problems == []
    assert readings_of(shown) == {
        "Title: 1": [("  A new project ", "A new project", 1)],
        "Priority area: 1": [("Empowering Youth", "youth", 1)],
        "Scope: 1": [("NATIONAL", "national", 1)],
        "Countries: 2": [("kenya", "KEN", 1), ("800", "UGA", 1)],
        "Entities: 2": [("UN Women", "UN-Women", 1), ("aoc", "UNAOC", 1)],
        "Status: 1": [("", "not-stated", 1)],
        "Link: 1": [("www.unodc.org/x", "https://www.unodc.org/x", 1)],
    }


def test_readings_are_grouped_and_neither_an_order_nor_what_is_refused_is_one():
    rows = [NEW | {"title": f"Project {n}", "entities": "UNODC; UN Women;UNDP"} for n in range(60)]
    rows += [NEW | {"entities": "UNODC;UNDP", "countries": "UGA ;KEN", "regions": "mena; africa"}]
    _batch, shown = shown_of(csv_of(*rows))
    assert readings_of(shown) == {"Entities: 60": [("UN Women", "UN-Women", 60)]}
    assert shown.first["added"][0].new["entities"] == ["UN-Women", "UNDP", "UNODC"]
    row = NEW | {"status": "suspended", "entities": "UN Women; Nobody", "scope": "NATIONAL"}
    _batch, shown = shown_of(csv_of(row))
    assert [(one.column, one.value) for one in shown.problems] == [
        ("entities", "Nobody"),
        ("status", "suspended"),
    ]
    assert [*readings_of(shown)] == ["Scope: 1"]


@pytest.mark.long
def test_a_reference_that_the_register_lacks_is_asked_about(admin_client):
    content = csv_of(NEW | {"reference": "PVE-999"}, NEW | {"title": "Without one"})
    batch, shown = shown_of(content)
    assert (shown.unknown_references, shown.can_be_applied) == (["PVE-999"], False)
    with pytest.raises(Refused, match=r"The register changed meanwhile\. Look again\."):
        imports.apply(batch, shown.digest)
    page = f"/admin/projects/batch/{batch.pk}/preview/"
    assert admin_client.post(page.replace("preview", "take-over"))["Location"] == page
    text = text_of(admin_client, page)
    assert "The register lacks 1 reference of the file." in text
    assert "Public, with every change." not in text
    assert admin_client.post(page, {"add_unknown": "yes"})["Location"] == page
    text = text_of(admin_client, page)
    assert "The register lacks" not in text
    shown = imports.preview(Batch.objects.get(pk=batch.pk))
    imports.apply(batch, shown.digest)
    assert [*Project.live.filter(number__gt=223).values_list("reference", flat=True)] == [
        "PVE-999",
        "PVE-1000",
    ]


@pytest.mark.long
def test_the_command_asks_about_references_that_the_register_lacks(tmp_path, capsys):
    file = tmp_path / "file.csv"
    file.write_bytes(csv_of(NEW | {"reference": "PVE-999"}))
    with pytest.raises(SystemExit):
        call_command("import_projects", file)
    assert "Not in the register: PVE-999. If they are new" in capsys.readouterr().err
    call_command("import_projects", file, "--add-unknown")
    assert Project.live.get(reference="PVE-999").title == "A new project"


@pytest.mark.long
def test_a_date_of_a_workbook_is_as_precise_as_its_cell_shows_it():
    cells = [
        (datetime(2019, 5, 1), "", "2019-05-01"),
        (2021.0, "", "2021"),
        (date(2017, 6, 1), "mmm-yy", "2017-06"),  # what a spreadsheet makes of 2017-06
        (date(2017, 6, 15), "mmm-yy", "2017-06-15"),
        (date(2017, 1, 1), "yyyy", "2017"),
        (date(2017, 6, 1), "[$-409]d mmmm yyyy", "2017-06-01"),
    ]
    book = load_workbook(io.BytesIO(xlsx_of([*NEW], *[[*NEW.values()]] * len(cells))))
    for row, (value, number_format, _read) in enumerate(cells, start=2):
        cell = book.active.cell(row, [*NEW].index("start_date") + 1, value)
        cell.number_format = number_format or cell.number_format
    file = io.BytesIO()
    book.save(file)
    _batch, shown = shown_of(file.getvalue(), "book.xlsx")
    assert [one.new["start_date"] for one in shown.first["added"]] == [one[2] for one in cells]


@pytest.mark.long
def test_every_problem_is_named_with_row_column_value_and_what_is_allowed():
    with unrecorded("the test sets the scene"):
        Entity.objects.filter(acronym__in=["UNDP", "OCT"]).update(aliases="The Programme")
    rows = [
        NEW | {"scope": "galactic", "regions": "africa;mars"},
        NEW | {"entities": "NASA", "countries": "Atlantis", "start_date": "13/13/2019"},
        NEW | {"title": "", "source": "", "provenance": ""},
        NEW | {"scope": "global"},
        NEW | {"regions": "", "provenance": "named"},
        NEW | {"start_date": "2020", "end_date": "2019"},
        NEW | {"reference": "224"},
        NEW | {"reference": "PVE-300"},
        NEW | {"reference": "pve-300"},
        NEW | {"title": "x" * 301},
        NEW | {"title": "bell \x07"},
        NEW | {"link": "javascript:alert(1)"},
        NEW | {"entities": "the programme"},
        NEW | {"scope_basis": "not-stated"},
        NEW | {"priority_area_basis": "allocated"},
        NEW | {"provenance": "counted"},
    ]
    _batch, shown = shown_of(csv_of(*[{"end_date": "", "link": ""} | row for row in rows]))
    found = [(f.row, f.column, f.value[:12], f.message) for f in shown.problems]
    expected = [
        (2, "scope", "galactic", "Allowed: global, regional, national."),
        (2, "regions", "mars", "Allowed: africa, mena, asia, europe, americas."),
        (3, "countries", "Atlantis", "“Atlantis” is no country of the directory."),
        (3, "entities", "NASA", "“NASA” is no entity of the directory."),
        (3, "start_date", "13/13/2019", "write YYYY, YYYY-MM or YYYY-MM-DD"),
        (4, "title", "", "This field cannot be blank."),
        (4, "provenance", "", "This field cannot be blank."),
        (4, "source", "", "This field cannot be blank."),
        (5, "scope", "global", "A global project has no region"),
        (6, "regions_basis", "stated", "leave it empty when there is no region"),
        (7, "end_date", "2019", "The end date is before the start date."),
        (8, "reference", "224", "PVE- and three to twelve digits"),
        (10, "reference", "PVE-300", "“PVE-300” is in row 9 already."),
        (11, "title", "xxxxxxxxxxxx", "at most 300 characters"),
        (12, "title", "bell \x07", "control character"),
        (13, "link", "javascript:a", "Enter a web address"),
        (14, "entities", "the programm", "This can mean: OCT, UNDP. Write one "),
        (15, "scope_basis", "", "Give the basis of the scope; leave it empty "),
        (16, "priority_area_basis", "allocated", "Say whether the source states it or it is"),
        (17, "provenance", "counted", "Only the register's own placeholders are counted"),
    ]
    assert len(found) == len(expected), found
    for (row, column, value, message), known in zip(expected, found, strict=True):
        assert known[:3] == (row, column, value)
        assert message in known[3]
    assert not shown.can_be_applied


def test_a_cell_of_a_workbook_that_is_no_text_is_named_with_its_row():
    rows = [[*(NEW | {"title": title}).values()] for title in ("=1+1", "#N/A", True)]
    _batch, shown = shown_of(xlsx_of([*NEW], *rows), "book.xlsx")
    problems = [(one.row, one.column, one.value, one.message[:70]) for one in shown.problems]
    message = "Write a text: this is an error, a truth value or a formula without its"
    assert [one[:3] for one in problems] == [
        *((2, "title", ""), (3, "title", "#N/A"), (4, "title", "True"))
    ]
    assert all(one[3].startswith(message) for one in problems)


def test_a_cell_without_a_heading_is_refused_and_a_row_of_several_lines_named_by_its_first():
    _batch, shown = shown_of(b"reference,title,,link\r\nPVE-001,N,x,\r\nPVE-002,Y,,\r\n")
    (problem,) = shown.problems
    assert (problem.row, problem.column, problem.value) == (2, "", "x")
    assert problem.message.startswith("There is no")
    rows = ({"summary": "1\n2\n3"} | NEW, {"summary": ""} | NEW | {"scope": "galactic"})
    _batch, shown = shown_of(csv_of(*rows))
    assert [(one.row, one.column) for one in shown.problems] == [(5, "scope")]


@pytest.mark.long
def test_line_breaks_come_back_as_they_were(admin_client):
    project = Project.published.get(reference="PVE-001")
    data = form_of(project, summary="One\r\ntwo", reason="x")
    admin_client.post(f"/admin/projects/project/{project.pk}/change/", data)
    for kind in ("csv", "xlsx"):
        _batch, shown = shown_of(exported(kind), f"export.{kind}")
        assert shown.counts == {"added": 0, "changed": 0, "unchanged": 223, "skipped": 0}
        assert (shown.problems, shown.readings, shown.can_be_applied) == ([], {}, False)
    imported(csv_of({"reference": "PVE-002", "summary": "One\r\ntwo"}))
    assert Project.published.get(reference="PVE-002").summary == "One\ntwo"


def test_of_very_many_problems_the_first_are_shown(importer, settings):
    settings.IMPORT_LIMITS = settings.IMPORT_LIMITS | {"problems": 20}
    page = uploaded(importer, csv_of(*[NEW | {"title": ""}] * 50))["Location"]
    text = text_of(importer, page)
    assert "20 errors: correct them first." in text
    assert "There may be more." in text


@pytest.mark.long
def test_a_filled_in_value_is_no_value():
    """A file of the filled-in table changes nothing; what somebody chooses needs its own basis."""
    header = "reference,scope,regions,regions_basis\r\n"
    _batch, shown = shown_of(f"{header}PVE-004,global,,\r\n".encode())
    (problem,) = shown.problems
    assert (problem.column, problem.value) == ("scope_basis", "")
    assert Project.published.get(reference="PVE-001").scope_basis == "inferred"
    _batch, shown = shown_of(b"reference,scope,scope_basis\r\nPVE-004,national,allocated\r\n")
    assert (shown.problems, shown.counts["unchanged"]) == ([], 1)
    assert shown.readings["scope_basis"] == {("allocated", "not-stated"): 1}


@pytest.mark.long
def test_the_rules_say_what_the_constraints_say():
    """Fast rules and the database agree on every combination of what they speak of."""
    project = Project.published.get(reference="PVE-001")
    dates = [("", ""), ("2020", "2019"), ("2017-06", "2017"), ("2017", "2018-01")]
    every = product(("global", "national"), ("confirmed", "named"), ([], ["asia"]), ("", "stated"))
    for project.scope, project.provenance, project.regions, project.regions_basis in every:
        for project.start_date, project.end_date in dates:
            found = {column for column, _message in row_problems(project.snapshot())}
            try:
                project.validate_constraints()
                expected = set()
            except ValidationError as error:
                expected = set(error.message_dict)
            assert found == expected


# Whole or not at all


@pytest.mark.postgresql
@pytest.mark.long
def test_a_number_is_not_given_twice():
    _batch, shown = shown_of(csv_of(NEW | {"reference": "PVE-0001"}, NEW | {"reference": "PVE-01"}))
    assert [(f.row, f.message) for f in shown.problems] == [
        (2, "The reference of this project is written PVE-001."),
        (3, "PVE- and three to twelve digits, e.g. PVE-224."),
    ]
    rows = [NEW | {"reference": reference} for reference in ("PVE-300", "PVE-0300")]
    _batch, shown = shown_of(csv_of(*rows))
    assert [f.message for f in shown.problems] == ["“PVE-0300” is in row 2 already."]
    _batch, shown = shown_of(csv_of(NEW | {"reference": "PVE-999999999999"}, NEW))
    assert [f.message for f in shown.problems] == [
        "No number is left above those in the file. Write a reference."
    ]


@pytest.mark.long
def test_the_number_of_a_public_project_that_was_deleted_is_not_given_again(admin_client):
    imported(csv_of(NEW))
    assert Project.live.get(title="A new project").reference == "PVE-224"
    with unrecorded("the test sets the scene"):
        Project.live.filter(reference="PVE-224").update(review="reviewed")
    Project.live.get(reference="PVE-224").delete()
    imported(csv_of(NEW | {"title": "Yet another"}))
    draft = Project.live.get(title="Yet another")
    assert draft.reference == "PVE-225"
    draft.delete()
    html = admin_client.get("/admin/projects/project/add/").content.decode()
    assert 'name="reference" value="PVE-225"' in html
    said = "A deleted project had this number: restore it from"
    _batch, shown = shown_of(csv_of(NEW | {"reference": "PVE-224"}))
    assert [f.message[:50] for f in shown.problems] == [said]
    with pytest.raises(ValidationError, match=said):
        Project(reference="PVE-0224", title="x").full_clean()


@pytest.mark.postgresql
@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_of_imports_confirmed_at_once_one_is_done_and_the_others_are_refused():
    shown = [shown_of(csv_of(NEW | {"title": f"Import {n}"})) for n in range(4)]
    answers = []

    def confirm(batch, digest):
        try:
            answers.append(imports.apply(batch, digest).added)
        except Refused as error:
            answers.append(str(error))
        connection.close()

    threads = [Thread(target=confirm, args=(batch, preview.digest)) for batch, preview in shown]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = "The register changed meanwhile. Look again."
    assert sorted(answers, key=str) == [1, *[refused] * 3]
    assert Project.live.count() == 224


@pytest.mark.postgresql
@pytest.mark.long
def test_undoing_finds_what_was_renamed_and_names_what_is_gone():
    entity = Entity(acronym="ITU", name="International Telecommunication Union")
    entity.save()
    project = Project.published.get(reference="PVE-001")
    with recording():
        project.save()
        project.entities.set([entity])
    batch = imported(csv_of({"reference": "PVE-001", "entities": "UNDP"}))
    entity.acronym = "ITU-T"
    entity.save()
    with recording():
        key = entity.pk
        entity.delete()
    with pytest.raises(Refused, match="There is no entity “ITU”: restore it, or rename one"):
        imports.undo(batch, reason="x")
    assert Project.published.get(reference="PVE-001").snapshot()["entities"] == ["UNDP"]
    Entity(pk=key, acronym="ITU-T", name="International Telecommunication Union").save()
    imports.undo(batch, reason="x")
    assert Project.published.get(reference="PVE-001").snapshot()["entities"] == ["ITU-T"]


@pytest.mark.postgresql
@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_an_import_that_breaks_off_leaves_nothing_of_a_batch(monkeypatch):
    rows = [{"reference": f"PVE-{n:03}", "methodology": "Half"} for n in range(1, 13)]
    batch, shown = shown_of(csv_of(*rows))
    relink = writing._relink

    def break_off(*given):
        relink(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("projects.exports.rows.ROWS_AT_ONCE", 5)
        patch.setattr(writing, "_relink", break_off)
        imports.apply(batch, shown.digest)
    assert not Project.published.filter(methodology="Half").exists()
    assert not Revision.objects.filter(batch=batch).exists()
    batch.refresh_from_db()
    assert batch.applied_at is None
    imports.apply(batch, imports.preview(batch).digest)
    assert Project.published.filter(methodology="Half").count() == 12


@pytest.mark.postgresql
@pytest.mark.long
def test_queries_do_not_grow_with_rows():
    def count(number: int) -> int:
        rows = [NEW | {"title": f"Project {n}"} for n in range(number)]
        batch, shown = shown_of(csv_of(*rows))
        with CaptureQueriesContext(connection) as captured:
            imports.apply(batch, shown.digest)
        return len(captured)

    # SQLite takes some dozens of rows in a statement, fewer with each column; PostgreSQL thousands.
    few = count(10)
    assert few <= 19
    assert count(500) - few <= 25


@pytest.mark.postgresql
@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_while_an_import_is_written_another_save_is_answered_within_five_seconds(
    admin_client, monkeypatch
):
    page = uploaded(admin_client, csv_of(NEW, NEW | {"reference": "PVE-001"}))["Location"]
    digest = admin_client.get(page).context["preview"].digest
    is_open, goes_on = Event(), Event()
    finish = imports.finish

    def wait(*given):
        is_open.set()
        assert goes_on.wait(60)
        finish(*given)

    monkeypatch.setattr(imports, "finish", wait)

    def confirm():
        imports.apply(Batch.objects.get(), digest)
        connection.close()

    project = Project.live.get(reference="PVE-010")
    data = form_of(project, summary="Saved meanwhile", reason="x")
    importing = Thread(target=confirm)
    importing.start()
    assert is_open.wait(60)
    began = time.monotonic()
    answer = admin_client.post(f"/admin/projects/project/{project.pk}/change/", data)
    took = time.monotonic() - began
    goes_on.set()
    importing.join()
    if connection.vendor == "postgresql":
        assert (answer.status_code, took < 1) == (302, True)
    else:
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
        assert "Somebody else is saving" in answer.content.decode()
    assert took < 5
    assert Project.live.filter(reference="PVE-224").exists()


# The command


def test_what_the_command_refuses_and_where_nothing_is_to_do(tmp_path, capsys):
    path = tmp_path / "file.csv"
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_projects", tmp_path / "none.csv")
    path.write_bytes(b"")
    with pytest.raises(CommandError, match="The file is empty"):
        call_command("import_projects", path)
    path.write_bytes(exported())
    call_command("import_projects", path, "--update-only")
    assert "0 changes." in capsys.readouterr().out
    assert not Batch.objects.filter(applied_at=None).exists()


def test_the_command_shows_a_cell_as_a_terminal_can(tmp_path, capsys):
    path = tmp_path / "file.csv"
    hidden = "\x1b]0;gone\x07\r\n\u202e"
    path.write_bytes(csv_of(NEW | {"scope": hidden, "entities": f"{hidden}é", f"x{hidden}": "1"}))
    with pytest.raises(SystemExit):
        call_command("import_projects", path)
    said = capsys.readouterr()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", said.err + said.out)
    assert "row 3, scope: “\\x1b]0;gone\\x07\\r\\n\\u202e”." in said.err
    assert "Unknown columns: x\\x1b]0;gone\\x07\\r\\n\\u202e." in said.err


# The template


@pytest.mark.long
def test_the_template_has_drop_downs_and_instructions_and_imports():
    book = load_workbook(io.BytesIO(import_template()))
    sheet = book["Projects"]
    assert [cell.value for cell in sheet[1]] == [n for n in NAMES if n != "updated_at"]
    lists = {rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert '"global,regional,national"' in lists
    assert '"planned,ongoing,completed,not-stated"' in lists
    assert book["Instructions"]["A1"].value.startswith("Write only what a source says.")
    for place, name in enumerate(NAMES[:-1], start=1):
        sheet.cell(row=2, column=place, value=NEW.get(name))
    file = io.BytesIO()
    book.save(file)
    _batch, shown = shown_of(file.getvalue(), "filled.xlsx")
    assert shown.problems == []
    assert shown.counts["added"] == 1


# The desk


@pytest.fixture(name="importer")
def importer_of_the_desk(client):
    return importer(client, "undo_batch", "view_batch", "view_revision")


def uploaded(client, content: bytes, name="file.csv", **data):
    file = SimpleUploadedFile(name, content)
    return client.post("/admin/projects/batch/import/", {"file": file} | data)


@pytest.mark.long
@pytest.mark.postgresql
def test_upload_preview_confirm_undo_at_the_desk(importer):
    before = without_time(exported())
    content = csv_of(NEW, NEW | {"reference": "PVE-001", "title": "Changed"})
    preview = uploaded(importer, content)["Location"]
    text = text_of(importer, preview)
    assert "To add: 1 To change: 1" in text.replace("  ", " ")
    assert "PVE-001 · Changed row 3" in text and "PVE-224" in text
    assert "Title Networks of Mediterranean Youth (NET-MED Youth) Changed" in text
    digest = importer.get(preview).context_data["preview"].digest
    assert "Enter a reason." in importer.post(preview, {"digest": digest}).rendered_content
    sent = importer.post(preview, {"digest": digest, "reason": "From UNDP"})
    # It changes the area and the scope of PVE-001, so it waits.
    assert (sent["Location"], Project.live.count()) == (preview, 223)
    publish_waiting(preview)
    assert Project.live.count() == 224
    revision = Revision.objects.get(key="PVE-001")
    assert (revision.reason, revision.by_name) == ("The Plan of Action", "second")
    page = preview.replace("preview", "change")
    assert 'value="Undo the whole import"' in importer.get(page).content.decode()
    response = importer.post(preview, {"digest": digest, "reason": "Again"}, follow=True)
    assert "confirmed already" in response.content.decode()
    undo = page.replace("change/", "undo/")
    assert importer.get(undo).status_code == 405
    importer.post(undo, {"reason": ""})
    assert Project.live.count() == 224
    importer.post(undo, {"reason": "Wrong file"})
    assert Project.live.count() == 223
    assert "It was undone." in text_of(importer, page)
    assert without_time(exported()) == before
    undoing = Batch.objects.get(undoes=revision.batch)
    assert (undoing.changed, undoing.deleted) == (1, 1)
    assert Revision.objects.filter(batch=undoing, reason="Wrong file").count() == 2
    for batch, said in ((revision.batch, "undone already"), (undoing, "or not confirmed")):
        with pytest.raises(Refused, match=said):
            imports.undo(batch)


def test_an_import_is_its_uploaders_until_somebody_takes_it_over(editor, reviewer, lines):
    preview = uploaded(reviewer, csv_of(NEW | {"reference": "PVE-001"}))["Location"]
    digest = reviewer.get(preview).context["preview"].digest
    given = {"digest": digest, "reason": "x"}
    listed = text_of(editor, "/admin/projects/batch/import/")
    assert "Imports by others file.csv reviewer" in listed
    page = text_of(editor, preview)
    assert "Imports by others: file.csv" in page and "Reason:" not in page
    lines()
    assert editor.get(preview.replace("preview/", "changes.csv")).status_code == 403
    assert editor.post(preview, given).status_code == 403
    discard = preview.replace("preview", "discard")
    assert editor.post(discard).status_code == 403
    take_over = preview.replace("preview", "take-over")
    assert editor.get(take_over).status_code == 405
    assert editor.post(take_over)["Location"] == preview
    assert reviewer.post(preview, given).status_code == 403
    assert [(line["event"], line["user"]) for line in lines()] == [
        *[("permission_refused", "editor")] * 3,
        ("import_taken_over", "editor"),
        ("permission_refused", "reviewer"),
    ]
    assert editor.post(preview, given)["Location"] == preview
    publish_waiting(preview)
    done = text_of(editor, preview.replace("preview", "change"))
    assert "Prepared by: editor, reviewer" in done


def test_an_unfinished_import_can_be_discarded(editor, lines):
    preview = uploaded(editor, csv_of(NEW))["Location"]
    discard = preview.replace("preview", "discard")
    for page in ("/admin/", "/admin/projects/batch/import/"):
        assert f'href="{discard}">Discard' in editor.get(page).content.decode()
    assert "The file and your answers are deleted." in text_of(editor, discard)
    assert Batch.objects.filter(applied_at=None).exists()
    lines()
    assert "“file.csv” is deleted." in editor.post(discard, follow=True).content.decode()
    assert not Batch.objects.filter(applied_at=None).exists()
    assert [(line["event"], line["user"]) for line in lines()] == [("import_discarded", "editor")]
    assert editor.get(preview).status_code == 404


def test_every_change_can_be_downloaded_where_the_page_shows_the_first(importer, monkeypatch):
    monkeypatch.setattr("projects.imports.previews.ITEMS_SHOWN", 1)
    monkeypatch.setattr("pvematrix.desk.batches.ITEMS_SHOWN", 1)
    rows = [NEW | {"reference": f"PVE-00{n}", "title": f"Changed {n}"} for n in (1, 2)]
    preview = uploaded(importer, csv_of(*rows))["Location"]
    html = importer.get(preview).content.decode()
    assert "<p>… <a" in html and "Changed 2" not in html
    changes = preview.replace("preview/", "changes.csv")
    assert f'href="{changes}"' in html
    found = csv_lines(importer.get(changes))
    assert found[0] == ["row", "reference", "column", "now", "then"]
    titles = [line for line in found if line[2] == "Title"]
    assert [[*line[:3], line[4]] for line in titles] == [
        ["2", "PVE-001", "Title", "Changed 1"],
        ["3", "PVE-002", "Title", "Changed 2"],
    ]
    assert titles[0][3] == "Networks of Mediterranean Youth (NET-MED Youth)"


@pytest.mark.long
def test_problems_are_listed_and_can_be_downloaded(importer):
    preview = uploaded(importer, csv_of(NEW | {"reference": "=224"}))["Location"]
    text = text_of(importer, preview)
    assert "1 error: correct it first." in text
    _head, problem = csv_lines(importer.get(preview.replace("preview/", "faults.csv")))
    assert problem[:3] == ["2", "reference", "'=224"]
    assert importer.post(preview, {"digest": "x", "reason": "y"}).status_code == 302
    assert Project.published.count() == 223


def test_a_file_that_is_too_large_or_of_another_type_is_refused_before_it_is_read(
    importer, settings, monkeypatch
):
    settings.IMPORT_LIMITS = settings.IMPORT_LIMITS | {"bytes": 1000}
    response = uploaded(importer, csv_of(*[NEW] * 20))
    assert response.status_code == 400
    assert "The file has more than the 1000 bytes that are allowed." in response.rendered_content
    response = uploaded(importer, b"\x7fELF", "program.exe")
    assert response.status_code == 400
    assert "Allowed extensions are: csv, tsv, txt, xlsx, pdf." in response.rendered_content
    monkeypatch.setattr(MultiPartParser, "parse", lambda *_any: pytest.fail("it was read"))
    response = uploaded(importer, csv_of(NEW) * 500)
    assert response.status_code == 413
    assert "The file has more than the 1000 bytes that are allowed." in response.rendered_content
    assert not Batch.objects.exists()


def test_a_file_needs_the_token_of_the_page():
    strict = Client(enforce_csrf_checks=True)
    user = User.objects.create_superuser("chief", password="x")
    strict.force_login(user)
    assert uploaded(strict, csv_of(NEW)).status_code == 403
    html = strict.get("/admin/projects/batch/import/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)[1]
    assert uploaded(strict, csv_of(NEW), csrfmiddlewaretoken=token).status_code == 302


@pytest.mark.long
@pytest.mark.apart
def test_a_file_that_takes_too_long_is_refused_and_keeps_nothing_waiting(
    importer, settings, monkeypatch
):
    monkeypatch.setattr(sandbox, "TIMES_AS_LONG", 100)  # however busy the machine is
    settings.IMPORT_LIMITS = settings.IMPORT_LIMITS | {"seconds": 1}
    many_cells = sheet_of((b"<row>" + b"<c/>" * 60 + b"</row>") * 4_900)
    response = uploaded(importer, many_cells, "x.xlsx")
    assert response.status_code == 400
    assert "takes more than 1 seconds" in response.rendered_content
    settings.IMPORT_LIMITS = settings.IMPORT_LIMITS | {"seconds": 10}
    assert uploaded(importer, csv_of(NEW)).status_code == 302


@pytest.mark.apart
def test_a_server_that_is_too_busy_to_read_a_file_reports_it(monkeypatch):
    monkeypatch.setattr(sandbox, "TIMES_AS_LONG", 0)
    with pytest.raises(Refused, match="The server is busy"):
        upload("x.csv", csv_of(NEW), {})


@pytest.mark.long
@pytest.mark.apart
def test_a_refused_file_is_named_on_the_page_and_in_the_log(importer, caplog):
    response = uploaded(importer, b"PK\x05\x06" + b"\0" * 18, "x.xlsx")
    assert response.status_code == 400
    assert "The file is broken. Save it again" in response.rendered_content
    (line,) = [r for r in caplog.records if r.name == "pvematrix.security"]
    assert line.getMessage() == "import_refused"
    assert line.detail.startswith("x.xlsx: ")


def test_unknown_columns_are_asked_about_and_left_out_on_request(importer):
    page = uploaded(importer, csv_of(NEW | {"Budget": "1", "Focal point": "x"}))["Location"]
    assert "Unknown columns: Budget, Focal point" in text_of(importer, page)
    batch = Batch.objects.get()
    with pytest.raises(Refused, match="Unknown columns: Budget, Focal point"):
        imports.apply(batch, imports.preview(batch).digest)
    # Only columns of the file can be left out.
    importer.post(page, {"ignore": ["Budget", "\0", "else"]})
    assert Batch.objects.get().state.ignored == ["Budget"]
    assert importer.get(page).context["preview"].unknown == ["Focal point"]
    importer.post(page, {"ignore": ["Budget", "Focal point"]})
    assert importer.get(page).context["preview"].can_be_applied


def test_a_value_that_is_not_known_is_asked_about_and_the_file_goes_on(importer):
    rows = [
        NEW | {"title": f"Project {n}", "countries": one, "status": "not started", "scope": scope}
        for n, (one, scope) in enumerate((("The Gambia; Tanzania", "GLOBL"), ("Mali", "national")))
    ]
    rows[0] |= {"regions": "", "regions_basis": "", "entities": "UNESCO; The Alliance"}
    preview = uploaded(importer, csv_of(*rows))["Location"]
    address = preview.replace("preview", "translate")
    assert importer.get(preview)["Location"] == address
    asked = importer.get(address).context
    (alliance,) = [form for _label, forms in asked["columns"] for form in forms]
    (scope,) = [form for _label, forms in asked["proposed"] for form in forms]
    assert (alliance.written.text, scope.written.text) == ("The Alliance", "GLOBL")
    assert scope.proposal == "Global"
    sent = {f"{form.prefix}-about": form.written.text for form in (alliance, scope)}
    sent |= {f"{alliance.prefix}-entities": "UNAOC", "accept_all": "yes"}
    assert importer.post(address, sent)["Location"] == address
    assert importer.get(address)["Location"] == preview
    shown = importer.get(preview).context["preview"]
    assert (shown.problems, shown.counts["added"]) == ([], 2)
    importer.post(preview, {"digest": shown.digest, "reason": "x"})
    first = Project.live.get(title="Project 0")
    assert (first.scope, first.scope_basis, first.status) == ("global", "inferred", "planned")
    assert sorted(one.code for one in first.countries.all()) == ["GMB", "TZA"]
    assert sorted(one.acronym for one in first.entities.all()) == ["UNAOC", "UNESCO"]
    assert [(one.field, one.words) for one in first.quotations.all()] == [("scope", "GLOBL")]


# Files of the register, and what no source states


@pytest.mark.parametrize(
    ("address", "unchanged", "skipped"),
    [
        ("/fr/projects/export.xlsx?", 223, 0),
        ("/projects/export.xlsx?filled_in=yes", 223, 0),
        ("/projects/export.csv?edition=reconstruction-2026-11", 223, 0),
        ("/projects/export.csv?scope=national", 1, 74),
        # Rows that only count are skipped.
        ("/projects/export.xlsx?region=africa&columns=title", 0, 61),
    ],
)
def test_a_file_of_the_register_changes_nothing(address, unchanged, skipped):
    kind = address.partition("?")[0].rpartition(".")[2]
    _batch, shown = shown_of(body(Client().get(address)), f"file.{kind}")
    counts = {"added": 0, "changed": 0, "unchanged": unchanged, "skipped": skipped}
    assert (shown.counts, shown.problems, shown.unknown_references) == (counts, [], [])


@pytest.mark.postgresql
def test_what_a_source_was_thought_to_say_becomes_not_stated(client):
    imported(
        b"reference,scope,scope_basis,summary\r\nPVE-002,not-stated,not-stated,New\r\n"
        b"PVE-004,not-stated,not-stated,New\r\n"
    )
    emptied, kept = (Project.published.get(reference=f"PVE-{n}") for n in ("002", "004"))
    # No source states them: they are filled in.
    assert (emptied.scope, emptied.scope_basis, emptied.summary) == ("global", "allocated", "New")
    assert (kept.scope, kept.scope_basis, kept.summary) == ("global", "allocated", "New")
    (row,) = csv_rows(client.get("/projects/export.csv?q=PVE-002"))
    assert (row["scope"], row["scope_basis"]) == ("not-stated", "not-stated")
    rows = csv_rows(client.get("/projects/export.csv?scope=regional"))
    assert (len(rows), rows[1]["title"]) == (66, "Project 2 of 66 (regional in scope)")
    call_command("check_integrity")


def test_a_stated_region_displaces_a_filled_in_global_scope():
    assert Project.published.get(reference="PVE-003").scope == "global"
    imported(
        b"reference,scope,scope_basis,regions,regions_basis\r\n"
        b"PVE-003,not-stated,not-stated,africa,stated\r\n"
    )
    project = Project.published.get(reference="PVE-003")
    assert (project.scope, project.scope_basis) == ("national", "allocated")
    assert (project.regions, project.regions_basis) == (["africa"], "stated")
    _batch, shown = shown_of(b"reference,regions\r\nPVE-003,africa;not-stated\r\n")
    assert [one.message for one in shown.problems] == ["“not-stated” is alone in its cell."]


# Rows with a placeholder's reference


def test_a_row_of_a_placeholder_is_unchanged_or_a_new_project(client):
    file = body(client.get("/projects/export.csv")).decode("utf-8-sig").splitlines()
    (row,) = (line for line in file if line.startswith("PVE-150,"))
    _batch, shown = shown_of("\r\n".join([file[0], row]).encode())
    assert (shown.counts["unchanged"], shown.writes) == (1, 0)
    said = (
        b"reference,title,priority_area,priority_area_basis,provenance,source,link,in_matrix\r\n"
        b"PVE-150,Radio for peace,communications,stated,confirmed,A letter,https://x.org/,yes\r\n"
    )
    _batch, shown = shown_of(said)
    assert shown.readings["reference"] == {("PVE-150", "a new project"): 1}
    (item,) = shown.first["added"]
    assert (item.reference, item.new["review"], item.problems) == ("PVE-224", "draft", ())
    batch = imported(said)
    assert (batch.added, batch.changed) == (1, 0)
    placeholder = Project.published.get(reference="PVE-150")
    assert placeholder.title.startswith("Unidentified project 22 of 23 (strategic communications,")
    assert Project.live.get(reference="PVE-224").report == "a-72-621"


def test_an_entry_in_the_matrix_needs_an_area_that_a_source_states():
    _batch, shown = shown_of(
        b"reference,priority_area_basis,in_matrix,provenance,source\r\n"
        b'PVE-002,allocated,yes,confirmed,"A/72/621, para. 34"\r\n'
    )
    assert {one.column for one in shown.problems} == {"priority_area_basis", "priority_area"}


# What is corrected at the desk, and what is there twice


def test_a_wrong_cell_is_changed_on_the_preview_in_all_rows_that_have_it(importer):
    links = ("https://x.org/1", "here", "here")
    rows = [NEW | {"title": f"Project {n}", "link": link} for n, link in enumerate(links)]
    preview = uploaded(importer, csv_of(*rows))["Location"]
    shown = importer.get(preview).context["preview"]
    assert [(one.row, one.column, one.value) for one in shown.problems] == [
        *((3, "link", "here"), (4, "link", "here"))
    ]
    importer.post(preview, {"cells": "yes", "to-link-3": "https://x.org/2"})
    shown = importer.get(preview).context["preview"]
    assert (shown.problems, shown.counts["added"]) == ([], 3)
    links = [item.new["link"] for item in shown.first["added"]]
    assert links == ["https://x.org/1", "https://x.org/2", "https://x.org/2"]


def test_a_row_that_is_an_entry_or_an_earlier_row_by_title_and_entity_is_named(importer):
    described = Project.published.get(reference="PVE-001")
    entities = ";".join(one.acronym for one in described.entities.all())
    rows = [
        NEW | {"title": described.title.upper(), "entities": entities},
        NEW | {"title": "Other"},
        NEW | {"title": "Other"},
    ]
    preview = uploaded(importer, csv_of(*rows))["Location"]
    page = importer.get(preview)
    assert page.context["preview"].doubles == [(2, "PVE-001"), (4, "row 3")]
    text = " ".join(page.content.decode().split())
    assert "row 2 as PVE-001; row 4 as row 3. To change" in text


def test_a_wrong_part_of_a_list_is_changed_and_the_others_stay(importer):
    row = NEW | {"title": "Project", "countries": "KEN; Xyzland; Foo"}
    preview = uploaded(importer, csv_of(row))["Location"]
    batch = Batch.objects.get()
    imports.change_cells(batch, {(2, "countries"): {"Xyzland": "UGA", "Foo": ""}})
    shown = importer.get(preview).context["preview"]
    assert shown.first["added"][0].new["countries"] == ["KEN", "UGA"]
