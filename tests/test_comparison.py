"""Two sets of projects side by side."""

import re
from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given

from .pages import text_of, total_of
from .test_agreement import queries

pytestmark = pytest.mark.usefixtures("register")


def address(a: str, b: str) -> str:
    return f"/reports/compare/?a={quote(a)}&b={quote(b)}"


def test_totals_rows_and_differences(client):
    text = text_of(client, address("scope=national", "scope=regional&provenance=counted"))
    assert "A: 75 projects: national in scope" in text
    assert "B: 62 projects: regional in scope; counted only" in text
    assert "A 75, B 62, difference -13" in text
    assert "Empowering youth 8 7 -1" in text
    assert "Africa 24 37 +13" in text
    assert "All mentions 74 76 +2" in text


def test_a_query_not_given_is_the_whole_register(client):
    text = text_of(client, "/reports/compare/")
    assert "A 223, B 223, difference 0" in text
    text = text_of(client, "/reports/compare/?a=scope%3Dglobal")
    assert "A 82, B 223, difference +141" in text


def test_the_list_leads_here(client):
    html = client.get("/projects/?scope=national&priority_area=youth&page=1").content.decode()
    found = re.search(r'href="(/reports/compare/[^"]+)">Compare with…<', html)[1]
    assert found == "/reports/compare/?a=priority_area%3Dyouth%26scope%3Dnational"
    assert "A: 8 projects: national in scope; empowering youth" in text_of(client, found)


def test_a_switch_changes_one_side(client):
    html = client.get(address("scope=national", "region=asia")).content.decode()
    assert (
        'href="?a=scope%3Dnational%26scope%3Dregional&amp;b=region%3Dasia">Regional</a>' not in html
    )
    # Values stand in the order of their vocabulary, whichever was chosen first.
    assert 'href="?a=scope%3Dregional%26scope%3Dnational&amp;b=region%3Dasia">Regional</a>' in html
    assert 'href="?a=&amp;b=region%3Dasia"><strong>✓ National</strong></a>' in html
    assert 'href="?a=scope%3Dnational&amp;b="><strong>✓ Asia</strong></a>' in html


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("a=scope%3Dgalactic", "a: scope: “galactic” is not allowed"),
        ("b=scoep%3Dnational", "b: address: “scoep=national” is not a parameter"),
        ("a=x&a=y", "a: given 2 times, allowed once"),
        ("c=1", "“c=1” is not a parameter. Allowed: a, b."),
        ("a=q%3D%00", "control character"),
    ],
)
def test_a_wrong_query_is_named(client, query, said):
    response = client.get(f"/reports/compare/?{query}")
    assert response.status_code == 400
    assert said in response.content.decode()


def test_a_side_leads_to_its_documented_part(client):
    html = client.get(address("scope=national", "region=asia")).content.decode()
    assert "74 of these 75 are here by a classification that was allocated." in html
    asked = "scope=national&amp;scope_basis=stated&amp;scope_basis=inferred"
    assert f'<a href="/projects/?{asked}">Show the 1 that is documented</a>' in html


def test_a_wrong_query_stands_in_the_form_to_be_mended(client):
    html = client.get("/reports/compare/?a=scope%3Dgalactic&b=region%3Dasia").content.decode()
    assert "a: scope: “galactic” is not allowed. Allowed: global, regional, national.</li>" in html
    assert '<input id="compare-a" type="search" name="a" value="scope=galactic"' in html
    assert '<input id="compare-b" type="search" name="b" value="region=asia"' in html


@given(a=queries, b=queries)
def test_every_number_leads_to_as_many_projects(a, b):
    client = Client()
    page = address(urlencode(a, doseq=True), urlencode(b, doseq=True))
    html = client.get(page).content.decode()
    links = re.findall(r'<td class="number"><a href="([^"]+)">(\d+)</a></td>', html)
    assert len(links) >= 2 or a.keys() & {"priority_area", "scope", "region"}
    for link, count in links[::3]:
        listed = client.get(link.replace("&amp;", "&")).content.decode()
        assert total_of(listed) == int(count), link


def test_queries_do_not_grow_with_rows(many_projects, client):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            page = address("scope=regional", "entity=OCT&q=project")
            assert client.get(page).status_code == 200
        return len(captured)

    many_projects(50)
    few = count()
    many_projects(450, start=2000)
    assert count() == few <= 6
