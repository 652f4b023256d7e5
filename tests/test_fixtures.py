"""The shipped data: what the report says, and nothing else."""

import hashlib
from collections import Counter

import pytest
from django.core.management import call_command
from django.db.models import Value
from django.db.models.functions import Concat

from projects.history import unrecorded
from projects.models import Country, Entity, Project, Quotation
from reports.models import Figure

from .conftest import ROOT
from .pages import objects
from .ranges_oracle import PUBLISHED

FIXTURES = ROOT / "fixtures"


@pytest.mark.postgresql
def test_the_register_has_the_totals_of_paragraphs_24_and_25(register):
    cube = Project.published.cube()
    assert cube.total == 223
    assert {name: cube.counts(name) for name in PUBLISHED} == PUBLISHED
    assert cube.where({"region": PUBLISHED["region"]}).total == 138
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


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("projects.json", "290277d76af610b5e1881a4a54c418f51a8dee5fb573dd83f6c2e9738354c4de"),
        ("quotations.json", "80ce6beed8ceb7cca902326820a7453dd59192208eaa09466365fd764cc7c68b"),
        ("corrected.json", "dbdf6f20e1340ffb58d67f3f1b55eba1d76fb9876f67f410b1a0d757057723af"),
    ],
)
def test_the_data_of_the_editions_that_ship_is_frozen(name, digest):
    assert hashlib.sha256((FIXTURES / name).read_bytes()).hexdigest() == digest


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
    assert "0 to add, 12 to change, 211 unchanged, 0 skipped, 0 faults." in capsys.readouterr().out
    shipped = objects(client, "edition=reconstruction-2026-11")
    # That edition has no columns of licences.
    empty = {"licence": "", "attribution": ""}
    for old, new in zip(objects(client), shipped, strict=True):
        assert old | {"updated_at": ""} == new | empty | {"updated_at": ""}
    assert old_register.filter(review="changed").count() == 12
    call_command("reconcile")
