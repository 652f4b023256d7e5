"""The shipped data: what the report says, and nothing else."""

import csv
import json
from collections import Counter

import pytest
from django.core.management import call_command
from django.db.models import Value
from django.db.models.functions import Concat

from projects.columns import PROJECT_TABLE
from projects.history import unrecorded
from projects.models import Country, Entity, Project, Quotation
from projects.ranges import Totals
from projects.review import chosen_but_allocated
from reports.models import Figure

from .conftest import ROOT
from .pages import objects
from .ranges_oracle import PUBLISHED
from .reconstruction import reconstruct, write_fixtures

FIXTURES = ROOT / "fixtures"


def figures():
    """The published totals, as printed in A/72/621, paras. 24 and 25."""
    named = (FIXTURES / "named_projects.csv").read_text("utf-8").splitlines()
    return {
        "projects": 223,
        "areas": {**PUBLISHED["priority_area"]},
        "scopes": {**PUBLISHED["scope"]},
        "regions": {**PUBLISHED["region"]},
        "named": list(csv.DictReader(named)),
    }


@pytest.mark.postgresql
def test_the_register_has_the_totals_of_paragraphs_24_and_25(register):
    cube = Project.published.cube()
    assert cube.total == 223
    assert {name: cube.counts(name) for name in PUBLISHED} == PUBLISHED
    assert cube.where({"region": PUBLISHED["region"]}).total == 137
    assert cube.where({"region": ["not-stated"]}).total == 220
    assert cube.counts("provenance") == {"counted": 211, "named": 12, "confirmed": 0}
    references = list(Project.published.values_list("reference", flat=True))
    assert references == [f"PVE-{number:03}" for number in range(1, 224)]


def test_directories_and_figures(register):
    assert Country.objects.count() == 248
    assert Country.objects.get(code="BOL").name == "Bolivia (Plurinational State of)"
    found = Counter(Entity.objects.values_list("acronym_from", flat=True))
    assert found == {"report": 3, "register": 4, "in-use": 9}
    assert Figure.objects.filter(report__symbol="A/72/621").count() == 17


def test_the_files_are_what_the_figures_and_words_make(tmp_path):
    projects, quotations = tmp_path / "projects", tmp_path / "quotations"
    write_fixtures(projects, quotations)
    assert projects.read_bytes() == (FIXTURES / "projects.json").read_bytes()
    assert quotations.read_bytes() == (FIXTURES / "quotations.json").read_bytes()


def test_figures_that_do_not_add_up_are_refused(tmp_path):
    records = json.loads((FIXTURES / "report.json").read_text())
    next(r for r in records if r["fields"].get("query") == "priority_area=youth")["fields"][
        "value"
    ] = 28
    (tmp_path / "report.json").write_text(json.dumps(records))
    with pytest.raises(ValueError, match="priority areas add up to 224, not to the total of 223"):
        write_fixtures(tmp_path / "out", tmp_path / "quotations", tmp_path / "report.json")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"scopes": {"global": 80, "regional": 66, "national": 75}}, "scopes add up to 221"),
        (
            {"regions": {"africa": 61, "mena": 5, "asia": 22, "europe": 12, "americas": 3}},
            "regions add up to 103 mentions",
        ),
        (
            {"regions": {"africa": 140, "mena": 64, "asia": 2, "europe": 1, "americas": 0}},
            "can have two regions",
        ),
        (
            {"regions": {"africa": 1, "mena": 141, "asia": 1, "europe": 1, "americas": 9}},
            "One region has too many mentions",
        ),
        (
            {"regions": {"africa": 161, "mena": 55, "asia": 22, "europe": 12, "americas": 3}},
            "161 projects in africa are more than are regional or national",
        ),
    ],
)
def test_impossible_totals_are_named(change, message):
    with pytest.raises(ValueError, match=message):
        known = figures() | change
        named = known.pop("named")
        reconstruct("A/72/621, para. 24", Totals(**known), named)


# A register that was there before the entries were corrected


@pytest.fixture
def old_register(register):
    """The current register with other titles, without quotations, one entry under two regions."""
    with unrecorded("the test sets the scene"):
        Quotation.objects.filter(project__edition=None).delete()
        Project.live.update(title=Concat("title", Value(", as it shipped")))
        one = Project.live.filter(reference="PVE-001")
        one.update(in_mena=True, in_europe=True, regions_basis="inferred")
    return Project.live


@pytest.mark.postgresql
@pytest.mark.long
def test_the_file_of_corrections_makes_an_old_register_like_a_new_one(old_register, client, capsys):
    assert old_register.get(reference="PVE-001").regions == ["mena", "europe"]
    call_command("import_projects", str(FIXTURES / "corrected_entries.csv"))
    assert "0 to add, 223 to change, 0 unchanged, 0 skipped, 0 faults." in capsys.readouterr().out
    shipped = objects(client, "edition=reconstruction-2026-11")
    for old, new in zip(objects(client), shipped, strict=True):
        assert old | {"updated_at": ""} == new | {"updated_at": ""}
    assert old_register.filter(review="changed").count() == 223
    call_command("reconcile")


def test_an_entry_that_is_only_counted_may_be_assigned_another_region(old_register):
    """Nobody chose it; whoever describes one says how that is known."""
    old = old_register.get(reference="PVE-109").snapshot()
    bases = PROJECT_TABLE.bases
    assert chosen_but_allocated(old, old | {"regions": ["europe"]}, bases) == []
    described = old | {"regions": ["europe"], "provenance": "confirmed"}
    assert [basis for basis, _problem in chosen_but_allocated(old, described, bases)] == [
        "regions_basis"
    ]
    assert chosen_but_allocated(old, old | {"scope": "global"}, bases)[0][0] == "scope_basis"
