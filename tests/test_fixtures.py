"""The shipped data: what the report says, and nothing else."""

import csv
import json
from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from projects.history import unrecorded
from projects.models import Country, Entity, Project
from reports.models import Figure
from reports.reconstruction import reconstruct, spread

from .conftest import ROOT

FIXTURES = ROOT / "fixtures"


def figures():
    """The published totals, as printed in A/72/621, paras. 24 and 25."""
    return {
        "total": 223,
        "areas": {
            "governance": 40,
            "education": 31,
            "dialogue": 29,
            "youth": 27,
            "communications": 23,
            "gender": 22,
            "communities": 18,
            "other": 33,
        },
        "scopes": {"global": 82, "regional": 66, "national": 75},
        "mentions": {"africa": 61, "mena": 55, "asia": 22, "europe": 12, "americas": 3},
        "named": list(
            csv.DictReader((FIXTURES / "named_projects.csv").read_text("utf-8").splitlines())
        ),
    }


def test_the_register_has_the_totals_of_paragraphs_24_and_25(register):
    cube = Project.published.cube()
    assert cube.total == 223
    assert cube.counts("priority_area") == figures()["areas"]
    assert cube.counts("scope") == {"global": 82, "regional": 66, "national": 75}
    assert cube.counts("region") == {
        "africa": 61,
        "mena": 55,
        "asia": 22,
        "europe": 12,
        "americas": 3,
    }
    assert cube.with_region == 141
    assert cube.counts("provenance") == {"counted": 211, "named": 12, "confirmed": 0}


def test_references_run_from_1_to_223(register):
    references = list(Project.published.values_list("reference", flat=True))
    assert references[0] == "PVE-001"
    assert references[-1] == "PVE-223"
    assert len(set(references)) == 223


def test_regions_follow_from_scope(register):
    projects = Project.published.all()
    assert {len(p.regions) for p in projects if p.scope == "global"} == {0}
    assert {len(p.regions) for p in projects if p.scope == "national"} == {1}
    assert Counter(len(p.regions) for p in projects if p.scope == "regional") == {1: 54, 2: 12}


def test_counted_entries_say_only_what_the_report_says(register):
    for project in Project.published.filter(provenance="counted").prefetch_related("entities"):
        assert project.priority_area_basis == "stated"
        assert project.scope_basis == "allocated"
        assert project.regions_basis == ("" if project.scope == "global" else "allocated")
        assert project.source == "A/72/621, para. 24"
        assert project.status == "not-stated"
        assert not project.entities.all()
        assert not any((project.summary, project.start_date, project.end_date, project.methodology))


def test_counted_titles_are_systematic(register):
    titles = Project.published.filter(priority_area="youth").values_list("title", flat=True)
    assert "Empowering youth: project 14 of 27" in titles
    assert "Empowering youth: project 27 of 27" in titles
    assert "Empowering youth: project 3 of 27" not in titles  # three of the 27 are named


def test_named_projects_keep_their_attributes(register):
    for row in figures()["named"]:
        project = Project.published.get(title=row["title"])
        assert project.provenance == "named"
        assert project.summary == row["summary"]
        assert project.priority_area == row["priority_area"]
        assert project.scope == row["scope"]
        assert project.regions_basis == row["regions_basis"]
        assert [e.acronym for e in project.entities.all()] == row["entities"].split(";")
        if row["regions"]:
            assert set(project.regions) == set(row["regions"].split(";"))
        elif row["scope"] != "global":
            assert len(project.regions) == 1
    strategic = Project.published.get(title__startswith="Preventing violent extremism through")
    assert strategic.source == "A/72/621, paras. 44, 45, 46"


def test_every_area_gets_its_share_of_scopes(register):
    # 223 projects are 37 % global, 30 % regional, 34 % national; each area is within 8 points.
    for area, total in figures()["areas"].items():
        scopes = Project.published.cube().where({"priority_area": [area]}).counts("scope")
        for scope, share in {"global": 0.37, "regional": 0.30, "national": 0.34}.items():
            assert abs(scopes[scope] / total - share) < 0.08, (area, scope)


def test_directories_and_figures(register):
    assert Country.objects.count() == 248
    kenya = Country.objects.get(code="KEN")
    assert (kenya.m49, kenya.name) == ("404", "Kenya")
    assert Country.objects.get(code="BOL").name == "Bolivia (Plurinational State of)"
    assert Entity.objects.count() == 16
    assert Entity.objects.get(acronym="UN-Women").aliases == "UN Women;UNWOMEN"
    assert Figure.objects.filter(report__symbol="A/72/621").count() == 17
    youth = Figure.objects.get(query="priority_area=youth")
    assert str(youth) == "priority_area=youth: exactly 27 projects"
    conference = Figure.objects.filter(report__symbol="HLC 2018").values_list(
        "unit", "comparator", "value"
    )
    assert list(conference) == [
        ("entities", "=", 16),
        ("projects", ">", 270),
        ("countries", "=", 84),
    ]


def test_the_file_is_what_the_command_writes(tmp_path):
    for attempt in ("first.json", "second.json"):
        call_command("reconstruct_matrix", output=tmp_path / attempt)
        assert (tmp_path / attempt).read_bytes() == (FIXTURES / "projects.json").read_bytes()


def test_the_command_refuses_figures_that_do_not_add_up(tmp_path):
    records = json.loads((FIXTURES / "report.json").read_text())
    next(r for r in records if r["fields"].get("query") == "priority_area=youth")["fields"][
        "value"
    ] = 28
    (tmp_path / "report.json").write_text(json.dumps(records))
    with pytest.raises(CommandError, match="priority areas add up to 224, not to the total of 223"):
        call_command(
            "reconstruct_matrix", figures=tmp_path / "report.json", output=tmp_path / "out.json"
        )
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"scopes": {"global": 80, "regional": 66, "national": 75}}, "scopes add up to 221"),
        (
            {"mentions": {"africa": 61, "mena": 5, "asia": 22, "europe": 12, "americas": 3}},
            "regions add up to 103 mentions",
        ),
        (
            {"mentions": {"africa": 140, "mena": 64, "asia": 2, "europe": 1, "americas": 0}},
            "can have two regions",
        ),
        (
            {"mentions": {"africa": 1, "mena": 141, "asia": 1, "europe": 1, "americas": 9}},
            "One region has too many mentions",
        ),
        (
            {"mentions": {"africa": 1, "mena": 138, "asia": 1, "europe": 1, "americas": 0}},
            "mentions are left for 139 projects",
        ),
        (
            {"mentions": {"africa": 161, "mena": 55, "asia": 22, "europe": 12, "americas": 3}},
            "161 projects in africa are more than are regional or national",
        ),
    ],
)
def test_impossible_totals_are_named(change, message):
    with pytest.raises(ValueError, match=message):
        reconstruct(**(figures() | change))


def test_more_named_than_published_is_refused():
    changed = figures()
    changed["areas"] |= {"communities": 0, "other": 51}
    with pytest.raises(ValueError, match="take 1 of the areas figure for communities"):
        reconstruct(**changed)


def test_spread_merges_evenly():
    assert spread({"a": 3, "b": 2}) == ["a", "b", "a", "b", "a"]
    assert spread({"a": 4, "b": 1}) == ["a", "a", "b", "a", "a"]


def test_loading_keeps_a_register_that_is_there(register, capsys):
    with unrecorded("the test sets the scene"):
        Project.published.filter(reference="PVE-001").update(title="Edited")
    call_command("load_register")
    assert "already has projects" in capsys.readouterr().out
    assert Project.published.get(reference="PVE-001").title == "Edited"
    assert Project.published.count() == 223


def test_fixtures_have_one_field_a_line():
    lines = (FIXTURES / "projects.json").read_text(encoding="utf-8").splitlines()
    assert '      "title": "Networks of Mediterranean Youth (NET-MED Youth)",' in lines
    assert "pk" not in (FIXTURES / "projects.json").read_text(encoding="utf-8").split('"')
