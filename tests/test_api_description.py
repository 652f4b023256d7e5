"""The API's description is true, and what is shown of it in words works."""

import html
import json
import re
from contextlib import closing
from functools import cache

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from projects.history import move_data_version

from .pages import queries_of

PATHS = [
    *("/", "/projects/", "/projects/{reference}/", "/answers/", "/answers/{slug}/"),
    *("/answers/cross-table/", "/entities/", "/entities/{acronym}/", "/countries/"),
    *("/countries/{code}/", "/statements/", "/statements/{code}/"),
    *("/paragraphs/", "/reports/", "/reports/{slug}/", "/editions/", "/editions/{slug}/"),
    "/changes/",
]
# What is refused, with 400, although the description allows it.
NO_SCHEMA_SAYS = {
    "q": "how many words all searches have together, and that marks alone are no words",
    "columns": "that the columns are not the rows",
    "entity": "which entities statements name",
    "in_matrix": "which columns an edition has",
    "described": "that it is not asked for with the filled-in table",
}


def says_something(case) -> bool:
    """Whether no value is empty: that is as none, which OpenAPI has no word for any more."""
    values = (case.query or {}).values()
    return not any(one == "" or (isinstance(one, list) and "" in one) for one in values)


def of_today(part, client):
    """Return a part of the description with the values that data have today."""
    if isinstance(part, list):
        return [of_today(one, client) for one in part]
    if not isinstance(part, dict):
        return part
    known = {name: of_today(one, client) for name, one in part.items()}
    if "pattern" in known and (place := known.pop("externalDocs", None)):
        more = "&" if "?" in place["url"] else "?"
        rows = client.get(f"{place['url']}{more}per_page=500").json()["results"]
        known["enum"] = [*(one[next(iter(one))] for one in rows)]
    return known


@cache
def schema_of(description: str):
    """The description as schemathesis reads it, and the site behind it; for each path the same."""
    import schemathesis  # takes a second, which only this needs

    found = schemathesis.openapi.from_dict(of_today(json.loads(description), Client()))
    found.app = get_wsgi_application()
    return found


@pytest.fixture
def description(register, client, settings):
    """The description that the site gives, and the site behind it."""
    settings.API_ANSWERS_A_MINUTE = 0
    settings.ALLOWED_HOSTS = ["*"]
    found = schema_of(client.get("/api/v1/openapi.json").content.decode())
    # As Django's own client does it: the test's connection to the database stays.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield found
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.long
@pytest.mark.parametrize("path", PATHS)
def test_answers_are_as_the_description_says(description, path):
    """By every check of schemathesis, of what is allowed and of what is not."""
    from schemathesis import GenerationMode
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    operation = description[f"/api/v1{path}"]["GET"]

    def ask(mode: GenerationMode) -> None:
        @given(case=operation.as_strategy(generation_mode=mode).filter(says_something))
        @hypothesis_settings(max_examples=5, suppress_health_check=list(HealthCheck))
        def asked(case):
            if mode == GenerationMode.POSITIVE and case.query:
                case.query.pop("cursor", None)  # it is signed: only "next" has one
            # As a plain client of WSGI asks, which unpacks nothing.
            answer = case.call(headers={"Accept-Encoding": "identity"})
            excluded = []
            if mode == GenerationMode.POSITIVE and answer.status_code == 400:
                wrong = {error["parameter"] for error in answer.json()["errors"]}
                excluded = [positive_data_acceptance] if wrong <= {*NO_SCHEMA_SAYS} else []
            case.validate_response(answer, excluded_checks=excluded)

        asked()

    ask(GenerationMode.POSITIVE)
    # The first address takes nothing that could be wrong.
    if path != "/":
        ask(GenerationMode.NEGATIVE)


@pytest.mark.long
def test_the_files_and_the_code_of_the_page_are_there(register, client, live_server):
    page = client.get("/api/").content.decode().replace("http://testserver", live_server.url)
    section = page.partition('<h2 id="files">')[2].partition("<h2")[0]
    addresses = re.findall(r'href="([^"#]+)"', section)
    assert "/projects/export.csv" in addresses and "/datapackage.json" in addresses
    for address in addresses:
        with closing(client.get(address)) as response:
            assert response.status_code == 200, address
    known: dict = {}
    exec(html.unescape(re.findall(r"<pre.*?><code>(.*?)</code>", section, re.DOTALL)[0]), known)
    assert len(known["known"]) == 5


@pytest.mark.parametrize("address", ["/api/", "/api/v1/openapi.json"])
def test_it_takes_few_queries_for_any_register(register, client, address):
    assert queries_of(client, address) <= 10


def test_the_contact_is_who_publishes_the_site(register, client, settings):
    def contact() -> dict:
        return client.get("/api/v1/openapi.json").json()["info"]["contact"]

    assert contact() == {"url": "http://testserver/about/#review"}
    settings.PUBLISHER = "https://office.example An office"
    move_data_version()
    assert contact() == {"name": "An office", "url": "https://office.example"}
