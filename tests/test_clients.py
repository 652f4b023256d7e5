"""What other people's programs make of the register: they read it at their first try.

schemathesis asks in test_api_description.py, frictionless in test_data_package.py, pysdmx in
test_sdmx.py, pyshacl and pybtex in test_cards.py. Each is loaded by its test alone: together they
take two seconds.
"""

import os
import subprocess
import sys
from importlib import import_module

import pytest
from lxml import etree

from projects.history import recording
from projects.models import Project
from reports.models import Statement

from .conftest import ROOT
from .pages import body

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("register")]


def test_a_client_made_of_the_description_reads_values_that_came_later(
    client, tmp_path, monkeypatch
):
    description, config = tmp_path / "openapi.json", tmp_path / "config.yaml"
    description.write_bytes(client.get("/api/v1/openapi.json").content)
    config.write_text("post_hooks: []")  # it would format what it writes
    made = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    files = {"path": description, "config": config, "output-path": tmp_path / "register_client"}
    made += ["--fail-on-warning", *(f"--{name}={file}" for name, file in files.items())]
    subprocess.run(made, check=True, capture_output=True, env={**os.environ, "NO_COLOR": "1"})
    monkeypatch.syspath_prepend(tmp_path)
    models = import_module("register_client.models")
    answer = client.get("/api/v1/projects/?per_page=500").json()
    for row in answer["results"]:
        row |= {"provenance": "retired", "status": "postponed", "regions": ["oceania"]}
    answer["answer"]["state"] = "rumoured"
    found = models.ProjectPage.from_dict(answer)
    assert (found.answer.state, found.answer.number, len(found.results)) == ("rumoured", 223, 223)
    assert {(one.provenance, *one.regions) for one in found.results} == {("retired", "oceania")}
    table = models.CrossTable.from_dict(client.get("/api/v1/answers/cross-table/").json())
    assert [one.low for one in table.cells][:3] == [0, 0, 0]
    wrong = models.Problem.from_dict(client.get("/api/v1/projects/?scope=x").json())
    assert wrong.errors[0].parameter == "scope"


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
