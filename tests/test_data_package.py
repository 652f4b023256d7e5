"""The register as a Data Package, and the files that it describes."""

import json
from pathlib import Path

import pytest

from projects.models import Country, Project

from .pages import body, csv_lines, csv_rows

pytestmark = pytest.mark.usefixtures("register")


def fields_of(described: dict, resource: str) -> dict[str, dict]:
    found = {one["name"]: one for one in described["resources"]}
    return {one["name"]: one for one in found[resource]["schema"]["fields"]}


def package_in(folder: Path):
    from frictionless import Package  # takes a while

    return Package(str(folder / "datapackage.json"))


def problems(folder: Path) -> list:
    report = package_in(folder).validate()
    assert not report.errors, report.errors
    return report.flatten(["path", "rowNumber", "fieldName", "type", "note"])


@pytest.mark.long
def test_the_register_describes_its_files(client, tmp_path):
    project = Project.live.get(reference="PVE-001")
    project.countries.set(Country.objects.filter(code__in=["TUN", "JOR"]))
    described = client.get("/datapackage.json").json()
    assert described["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert described["homepage"] == "http://testserver/"
    assert (described["answer"]["state"], described["answer"]["number"]) == ("published", 223)
    assert [(one["name"], one["path"]) for one in described["resources"]] == [
        ("projects", "projects/export.csv"),
        ("statements", "statements.csv"),
        ("entities", "entities.csv"),
        ("countries", "countries.csv"),
        ("figures", "figures.csv"),
        ("elsewhere", "elsewhere/export.csv"),
    ]
    (terms,) = described["licenses"]
    assert terms["path"] == "https://www.un.org/en/about-us/terms-of-use"
    assert terms["title"].endswith("and grants no licence to the data.")
    assert "hash" not in described["resources"][0]
    (tmp_path / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    for one in described["resources"]:
        file = tmp_path / one["path"]
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(body(client.get(f"/{one['path']}")))
    assert problems(tmp_path) == []
    tables = (one for one in package_in(tmp_path).resources if one.format == "csv")
    rows = {one.name: one.read_rows() for one in tables}
    assert {name: len(found) for name, found in rows.items()} == {
        "projects": 223,
        "statements": 292,
        "entities": 16,
        "countries": 248,
        "figures": 27,
        "elsewhere": 72,
    }
    first = rows["projects"][0]
    assert (first["reference"], first["entities"], first["end_date"]) == (
        *("PVE-001", ["UNESCO"]),
        None,
    )
    (unesco,) = (one for one in rows["entities"] if one["acronym"] == "UNESCO")
    assert (unesco["state"], unesco["low"], unesco["high"]) == ("described", 0, None)
    assert [unesco[name] for name in ("in_matrix", "may_be", "others")] == [0, 4, 0]
    # A link to what is not there is found.
    file = tmp_path / "statements.csv"
    file.write_bytes(file.read_bytes().replace(b",B03,", b",B00,", 1))
    assert [one[3] for one in problems(tmp_path)] == ["foreign-key"]
    # So is a value that is not allowed.
    file = tmp_path / "projects/export.csv"
    file.write_bytes(file.read_bytes().replace(b",regional,", b",galactic,", 1))
    assert "constraint-error" in [one[3] for one in problems(tmp_path)]


def test_columns_say_what_they_can_have(client):
    described = client.get("/datapackage.json").json()
    fields = fields_of(described, "projects")
    assert fields["reference"]["constraints"] == {"required": True, "unique": True}
    categories = fields["scope"].pop("categories")
    assert categories[0] == {"value": "global", "label": "Global"}
    assert fields["scope"] == {
        "name": "scope",
        "type": "string",
        "title": "Scope",
        "description": "Geographic scope, as grouped by the report (A/72/621, para. 25). "
        "Allowed: global, regional, national, not-stated.",
        "constraints": {"required": True, "enum": ["global", "regional", "national", "not-stated"]},
    }
    bases = ["stated", "inferred", "allocated", "not-stated", "counted-as"]
    assert fields["regions_basis"]["constraints"] == {"enum": bases}
    regions = fields["regions"]
    assert (regions["type"], regions["delimiter"], regions["itemType"]) == ("list", ";", "string")
    assert fields["start_date"]["constraints"] == {"pattern": "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"}
    assert fields["start_date"]["type"] == "string"
    assert fields["updated_at"]["type"] == "datetime"
    assert fields_of(described, "figures")["value"]["type"] == "integer"


def test_a_filter_leaves_the_entities_and_countries_behind_it(client):
    project = Project.live.get(reference="PVE-001")
    project.countries.set(Country.objects.filter(code__in=["TUN", "JOR"]))
    known = [["JOR", "JO", "400", "Jordan"], ["TUN", "TN", "788", "Tunisia"]]
    lines = csv_lines(client.get("/countries.csv?entity=UNESCO"))
    assert lines[0] == [
        *("code", "alpha_2", "m49", "name"),
        *("state", "comparator", "paragraphs", "number", "low", "high"),
        *("in_matrix", "may_be", "others", "entries", "placeholders"),
    ]
    described = ["described", "", "", "", "0", "", "0", "1", "0", "", ""]
    assert lines[1:] == [[*one, *described] for one in known]
    # Of these, words are only in entries: the state is another.
    found = csv_lines(client.get("/countries.csv?q=net-med"))
    assert found[1:] == [
        [*one, "entries", "", "", "", "", "", "0", "1", "0", "1", "0"] for one in known
    ]
    rows = csv_rows(client.get("/entities.csv?priority_area=youth"))
    names = [(one["acronym"], one["state"], one["may_be"]) for one in rows]
    assert names == [("UNAOC", "described", "2"), ("UNESCO", "described", "1")]
    assert "filled_in" not in rows[0]
    (first, _second) = csv_rows(client.get("/entities.csv?priority_area=youth&filled_in=yes"))
    assert first["filled_in"] == "2"


@pytest.mark.parametrize(
    ("address", "most"), [("/datapackage.json", 3), ("/entities.csv", 6), ("/figures.csv", 3)]
)
def test_a_file_costs_few_queries(client, django_assert_max_num_queries, address, most):
    with django_assert_max_num_queries(most):
        body(client.get(address))
