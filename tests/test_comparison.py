"""Two sets of projects side by side."""

import re
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from hypothesis import given

from .pages import text_of, total_of
from .test_agreement import queries

pytestmark = pytest.mark.usefixtures("register")


def address(a: str, b: str) -> str:
    return f"/reports/compare/?a={quote(a)}&b={quote(b)}"


def test_a_wrong_query_is_in_the_form_to_be_fixed(client):
    html = client.get("/reports/compare/?a=scope%3Dgalactic&b=region%3Dasia").content.decode()
    assert (
        "a: scope: “galactic” is not allowed. Allowed: global, regional, national, not-stated.</li>"
        in html
    )
    assert '<input id="compare-a" type="search" name="a" value="scope=galactic"' in html
    assert '<input id="compare-b" type="search" name="b" value="region=asia"' in html


@pytest.mark.long
@given(a=queries, b=queries)
def test_every_number_links_to_as_many_projects(a, b):
    client = Client()
    page = address(urlencode(a, doseq=True), urlencode(b, doseq=True))
    html = client.get(page).content.decode()
    pattern = r'"number (?:published|described)"><a .*?href="([^"]+)"><bdi>(\d+)</bdi></a>'
    links = re.findall(pattern, html)
    for link, count in links[::6]:
        listed = client.get(link.replace("&amp;", "&")).content.decode()
        assert total_of(listed) == int(count), link


def test_where_nothing_is_chosen_two_regions_are_compared(client):
    for address_ in ("/reports/compare/", "/reports/compare/?a="):
        text = text_of(client, address_)
        assert "Projects in Africa · Projects in the Middle East and North Africa" in text
        assert (
            "A: 61 projects in Africa (A/72/621, para. 25). B: 55 projects in the Middle East and "
            "North Africa (A/72/621, para. 25)." in text
        )
        assert "Both sides are the same." not in text
    assert "Both sides are the same." in text_of(client, address("region=asia", "region=asia"))


def test_the_table_has_a_line_for_each_value(client):
    text = text_of(client, address("?scope=national", ""))
    assert "In total 75 223 A: A/72/621, para. 25; B: A/72/621, paras. 22 and 24" in text
    assert "Priority area Strengthening good governance" in text
    assert "Empowering youth 0–27 27 A: not stated; B: A/72/621, para. 24" in text
    assert "Global 0 82 A: by rule; B: A/72/621, para. 25" in text


def test_the_file_and_the_chart_are_the_table(client):
    response = client.get("/reports/compare.csv?a=scope%3Dnational&b=")
    head, total, *lines = response.content.decode("utf-8-sig").splitlines()
    assert head == "filter,label,a,b,how_known"
    assert total == ',In total,75,223,"A: A/72/621, para. 25; B: A/72/621, paras. 22 and 24"'
    assert len(lines) == 8 + 3 + 5
    youth = 'priority_area=youth,Empowering youth,0–27,27,"A: not stated; B: A/72/621, para. 24"'
    assert youth in lines
    figure = client.get("/reports/compare/figure.json?a=scope%3Dnational&b=").json()
    published = [one for one in figure["data"] if one.get("name") == "Published"]
    assert [one["offsetgroup"] for one in published] == ["0", "1"]
    assert [one["x"][0] for one in published] == [75, 223]
    assert len(published[0]["y"]) == 1 + len(lines)


def test_what_projects_are_is_offered_and_entities_by_acronym(client):
    html = client.get("/reports/compare/").content.decode()
    groups = dict(re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', html, re.DOTALL))
    assert [*groups] == ["Priority area", "Scope", "Region", "Entity", "Country"]
    assert '<option value="">The whole register</option>' in html
    named = re.findall(r">([^<]+)</option>", groups["Entity"])
    assert {"UNESCO", "DPI"} < {*named} and max(map(len, named)) <= 12


def test_a_pasted_address_takes_any_list(client):
    html = client.get(address("provenance=named", "edition=reconstruction-2017-12"))
    groups = re.findall(r'<optgroup label="As it is">(.*?)</optgroup>', html.content.decode(), re.S)
    assert [re.findall(r'value="([^"]+)" selected', one) for one in groups] == [
        ["provenance=named"],
        ["edition=reconstruction-2017-12"],
    ]
