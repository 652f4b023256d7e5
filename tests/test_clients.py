"""What other people's programs make of the register: they read it at their first try.

schemathesis asks in test_api_description.py, frictionless in test_data_package.py, pybtex in
test_cards.py. Each is loaded by its test alone: together they
take two seconds.
"""

import pytest
from lxml import etree

from projects.history import recording
from projects.models import Project
from reports.models import Statement

from .conftest import ROOT
from .pages import body

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("register")]


def test_feeds_are_those_of_rfc_4287(client):
    import feedparser

    with recording(reason="As its source has it"):
        for one in (Project.live.get(reference="PVE-001"), Statement.live.get(code="E07")):
            one.title += " & <b>more</b>"
            one.save()
    schema = etree.RelaxNG(etree.parse(ROOT / "tests/data/atom.rng"))
    for address, entries in {
        "/projects/changes.atom": 1,
        "/projects/changes.atom?priority_area=youth": 1,
    }.items():
        feed = body(client.get(address))
        schema.assertValid(etree.fromstring(feed))
        found = feedparser.parse(feed)
        assert (found.bozo, found.version, len(found.entries)) == (False, "atom10", entries)
        assert all("more" in one.summary and one.link for one in found.entries), address
