"""What programs within pages of other sites may read: the API and the files, and nothing else."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from pvematrix.other_sites import OtherSitesMiddleware

from .pages import body
from .test_contract import OWN, first_cells

pytestmark = pytest.mark.usefixtures("register")

NAME = "Access-Control-Allow-Origin"
# Of each kind; tests/test_contract.py looks at all.
FILES = [
    *("/projects/export.csv", "/projects/export.xlsx", "/reports/scope/figure.json"),
    *("/datapackage.json", "/projects/changes.atom", "/sitemap.xml"),
    *("/reports/scope/picture.svg", "/.well-known/api-catalog", "/llms.txt"),
]
PAGES = ["/", "/projects/PVE-001/", "/api/", "/accounts/login/"]


def test_the_addresses_are_those_of_the_contract():
    files = [one for one in first_cells("Files and data") if one not in OWN]
    assert all("." in one for one in files)
    assert not any("." in one for one in first_cells("Pages"))


@pytest.mark.parametrize("address", FILES)
def test_any_site_may_read_a_file_whether_it_is_rendered_cached_or_unchanged(client, address):
    first = client.get(address)
    body(first)
    kept = client.get(address, HTTP_ACCEPT_ENCODING="gzip")
    body(kept)
    again = client.get(address, HTTP_IF_NONE_MATCH=first.get("ETag", ""))
    # Cards, feeds and the like are given anew.
    assert again.status_code == (304 if "ETag" in first else 200)
    head = client.head(address)
    for one in (again, head):
        body(one)
    for one in (first, kept, again, head):
        assert one[NAME] == "*"
        assert one["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "ETag" in one["Access-Control-Expose-Headers"]
        assert not one.cookies and "cookie" not in one.get("Vary", "").lower()


@pytest.mark.parametrize("address", ["/projects/export.csv", "/statements.xlsx"])
def test_it_may_ask_whether_it_has_it_already_and_may_not_write(client, address):
    options = client.options(address)
    assert (options.status_code, options[NAME]) == (200, "*")
    assert options["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert options["Access-Control-Allow-Headers"] == "If-None-Match, If-Range, Range"
    refused = Client(enforce_csrf_checks=True).post(address)
    assert (refused.status_code, NAME in refused) == (405, False)


def test_addresses_of_the_api_without_a_slash_are_redirected(client):
    for address in ("/api/v1", "/api/v1/projects"):
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (301, f"{address}/")
        assert response[NAME] == "*"
    assert NAME not in client.get("/api")


def test_it_may_read_why_a_file_was_refused(client):
    for address, status in (
        ("/projects/export.csv?scope=galactic", 400),
        ("/projects/export.iati.xml", 410),
        ("/editions/none/quotations.csv", 404),
    ):
        response = client.get(address)
        body(response)
        assert (response.status_code, response[NAME]) == (status, "*")


@pytest.mark.parametrize("address", PAGES)
def test_no_page_is_read_by_another_site(client, address):
    for response in (client.get(address), client.options(address)):
        body(response)
        assert NAME not in response
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=(), " in response["Permissions-Policy"]


def test_nothing_of_staff_and_nothing_with_a_cookie_is(admin_client, client):
    for address in (
        *("/admin/", "/admin/nothing.csv", "/accounts/2fa/", "/accounts/nothing.json"),
    ):
        for response in (admin_client.get(address), client.get(address)):
            body(response)
            assert NAME not in response
    # Whoever is logged in gets the same file as everybody.
    same = admin_client.get("/reports/scope.json")
    body(same)
    assert same[NAME] == "*"

    def answering(**headers):
        response = HttpResponse(headers=headers)
        return OtherSitesMiddleware(lambda request: response), response

    request = RequestFactory().get("/a.csv")
    middleware, response = answering()
    assert middleware(request)[NAME] == "*"
    middleware, response = answering(Vary="Accept-Encoding, Cookie")
    assert NAME not in middleware(request)
    middleware, response = answering()
    response.set_cookie("a", "b")
    assert NAME not in middleware(request)
