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


def test_polars_and_duckdb_read_files_and_answers(client, live_server, tmp_path):
    import duckdb
    import polars

    edition = f"{live_server.url}/projects/export.csv?edition=reconstruction-2017-12"
    rows = polars.read_csv(edition, infer_schema=False)
    assert rows.shape == (223, 19)
    assert rows.filter(polars.col("scope_basis") != "allocated").height == 7
    for name, address in {
        "projects.csv": "/projects/export.csv",
        "page.json": "/api/v1/projects/?per_page=500",
    }.items():
        (tmp_path / name).write_bytes(body(client.get(address)))
    table, page = f"read_csv('{tmp_path}/projects.csv')", f"read_json('{tmp_path}/page.json')"
    with duckdb.connect() as database:
        scopes = f"SELECT scope, count(*) FROM {table} GROUP BY 1 ORDER BY 1"
        assert database.sql(scopes).fetchall() == [
            *(("global", 2), ("national", 1), ("not-stated", 218), ("regional", 2))
        ]
        of_youth = f"SELECT count(*) FROM (SELECT unnest(results) AS one FROM {page})"
        of_youth += " WHERE one.priority_area = 'youth'"
        assert database.sql(of_youth).fetchall() == [(27,)]
