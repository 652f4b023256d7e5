"""The shipped data: what the report says, and nothing else."""

import hashlib
from collections import Counter

import pytest

from projects.models import Country, Entity, Project
from reports.models import Figure

from .conftest import ROOT
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
