"""A report of other things, dated by its year alone, as the basis: nothing false is said of it."""

import json
import re

import pytest
from django.core.management import call_command

from projects.annex.matching import match
from projects.annex.sheet_rows import Row
from projects.models import Project
from projects.models.conditions import dates_contradict_status
from reports.basis import make_basis

from .conftest import ROOT
from .test_second_report import ADDRESSES, BELOW, text_at

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("register")]
FEEDS = ("/projects/changes.atom",)
# A day or a month of the report's year, in numbers or in words.
INVENTED = re.compile(r"2031-\d\d|[A-Z][a-z]+ 2031\b")


@pytest.fixture
def third(register):
    call_command("loaddata", ROOT / "tests" / "data" / "third_report.json", verbosity=0)
    make_basis("s-2031-9")


def test_a_date_may_be_a_year_and_no_day_of_it_is_invented(third, client):
    # The catalogue of every address that scripts use, and the feeds.
    for address in dict.fromkeys([*ADDRESSES, *FEEDS]):
        status, _rest, below = text_at(client, address).partition(BELOW)
        assert status[:3] in ("200", "404", "410"), address
        found = [] if address in FEEDS else INVENTED.findall(below)
        assert not found, (address, found)
    # Atom has no years.
    for address in FEEDS:
        assert "<updated>2031-01-01T00:00:00+00:00</updated>" in text_at(client, address)
    (data,) = re.findall(
        r'<script[^>]*ld\+json"[^>]*>(.*?)</script>', client.get("/").content.decode()
    )
    known = json.loads(data)
    assert (known["isBasedOn"]["datePublished"], known["temporalCoverage"]) == ("2031", "2031")
    assert "Figures of 2031." in client.get("/reports/compare/").content.decode()


@pytest.mark.parametrize(
    ("begins", "date", "is_late"),
    [
        ("2031-06", "2031", False),
        ("2031-06-02", "2031-06", False),
        ("2031", "2031-06", False),
        ("2032-01", "2031", True),
        ("2031-07", "2031-06", True),
    ],
)
def test_what_begins_within_the_year_of_a_report_is_not_after_it(begins, date, is_late):
    values = {"title": "A", "start_date": begins, "in_matrix": "yes"}
    found = match([(Row("A", 1, {}), values)], [], date, {}, False)
    assert [one.is_late for one in found.matches] == [is_late]
    project = Project.published.get(reference="PVE-002")
    project.start_date, project.end_date, project.status = begins, "", "ongoing"
    project.save()
    contradicting = dates_contradict_status("2026-11-25", {"A/72/621": date})
    assert Project.published.filter(contradicting, pk=project.pk).exists() is is_late
