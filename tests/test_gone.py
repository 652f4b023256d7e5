"""What was removed: each address answers 410 with what replaces it, each parameter a 400."""

import re
from html import unescape

import pytest

from .conftest import ROOT
from .pages import body

pytestmark = pytest.mark.usefixtures("register")

# Each removed address, and what it names.
ADDRESSES = {
    "/projects/export.iati.xml": "/projects/export.csv",
    "/projects/export.json": "/api/v1/projects/",
    "/entities.json": "/api/v1/entities/",
    "/countries.json": "/api/v1/countries/",
    "/statements.json": "/api/v1/statements/",
    "/figures.json": "/api/v1/reports/",
    "/plans.csv": "/statements.csv?kind=plan",
    "/plans.json": "/statements.csv?kind=plan",
    "/plans.xlsx": "/statements.csv?kind=plan",
    "/api/v1/plans/": "/api/v1/statements/?kind=plan",
    "/api/v1/plans/changes/": "/statements/changes/",
    "/api/v1/statements/changes/": "/statements/changes/",
    "/events.ics": "/events/",
    "/statements/changes.atom": "/statements/changes/",
}
# What the contract calls the parts of these addresses.
PARTS = {
    **dict.fromkeys(("reconstruction-2017-12", "PVE-001", "UNESCO"), "<name>"),
}
# Each removed parameter or value, with the address that took it.
QUERIES = [
    ("/projects/export.csv", "cells=labels"),
    ("/projects/export.xlsx", "cells=slugs"),
    ("/projects/export.csv", "hxl=on"),
    ("/reports/cross-table/", "table=7"),
    ("/reports/cross-table.csv", "table=7"),
    ("/reports/cross-table/", "fix=youth,global,20"),
    *(
        ("/reports/cross-table/", f"rows={one}")
        for one in ("entity", "status", "provenance", "in_matrix")
    ),
    ("/api/v1/answers/cross-table/", "columns=entity"),
]
SENTENCE = "This was removed. Use %s instead."


def in_contract(address: str) -> str:
    return re.sub("|".join(PARTS), lambda part: PARTS[part[0]], address)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_removed_address_names_what_replaces_it(client, address):
    instead = ADDRESSES[address]
    response = client.get(address)
    assert response.status_code == 410
    assert response["Link"] == f'<{instead}>; rel="successor-version"'
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    text = body(response).decode()
    if response["Content-Type"].startswith("text/html"):
        assert f'<a href="{instead}">{instead}</a>' in text
    assert SENTENCE % instead in text
    assert client.get(instead).status_code == 200
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("prefix", ["/ar", "/es", "/fr", "/ru", "/zh"])
@pytest.mark.parametrize("address", [one for one in ADDRESSES if not one.startswith("/api/")])
def test_it_names_it_in_the_language_of_the_address(client, prefix, address):
    response = client.get(f"{prefix}{address}")
    assert response.status_code == 410
    instead = ADDRESSES[address]
    # The API is in English alone.
    instead = instead if instead.startswith("/api/") else f"{prefix}{instead}"
    assert response["Link"] == f'<{instead}>; rel="successor-version"'
    assert client.get(instead).status_code == 200


def test_an_address_of_the_api_was_in_no_other_language(client):
    assert client.get("/fr/api/v1/plans/").status_code == 404


def test_a_program_gets_it_as_data(client):
    response = client.get("/projects/export.iati.xml")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert body(response).decode() == f"{SENTENCE % '/projects/export.csv'}\n"


@pytest.mark.parametrize(("address", "query"), QUERIES)
def test_a_removed_parameter_or_value_is_named(client, address, query):
    response = client.get(f"{address}?{query}")
    assert response.status_code == 400
    name, _is, value = query.partition("=")
    text = unescape(body(response).decode())
    allowed = f"{name}: “{value}” is not allowed. Allowed: "
    assert f"“{query}” is not a parameter. Allowed: " in text or allowed in text


def test_the_contract_lists_what_was_removed():
    contract = (ROOT / "docs/contract.md").read_text(encoding="utf-8")
    removed = contract.partition("## Removed")[2].partition("\n## ")[0]
    for pair in ADDRESSES.items():
        address, instead = (re.escape(in_contract(one)) for one in pair)
        assert re.search(rf"`{address}`.*`{instead}`", removed), address
