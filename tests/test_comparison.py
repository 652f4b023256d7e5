"""Two sets of projects side by side."""

import re
from types import SimpleNamespace
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from hypothesis import given

from projects.models import Edition

from .pages import text_of, total_of
from .test_agreement import queries

pytestmark = pytest.mark.usefixtures("register")


def address(a: str, b: str) -> str:
    return f"/reports/compare/?a={quote(a)}&b={quote(b)}"


def row_of(html: str, label: str) -> list[str]:
    """The two cells and the difference of a row, each as text."""
    row = re.search(rf"<tr>\s*<th scope=\"row\">{label}\s.*?</tr>", html, re.DOTALL)[0]
    cells = re.findall(r'<td class="number[^"]*">(.*?)</td>', row, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells]


def test_totals_and_rows(client):
    page = address("scope=national", "scope=regional&provenance=counted")
    text = text_of(client, page)
    assert "A: National in scope: 75 projects, published in A/72/621, para. 25" in text
    assert (
        "B: Regional in scope, with provenance “Counted, not described”: 0 documented; range "
        "not known from the report (reconstruction: 62)"
    ) in text
    assert "At least one of the two is a reconstruction: their difference is not known." in text
    # A query that is not given is the whole register.
    text_of_one = text_of(client, "/reports/compare/?a=scope%3Dglobal")
    assert "A: 82 projects. B: 223. Difference: +141" in text_of_one
    assert "Projects counted 74 0 documented, 0–75 possible 62 0 documented, range" in text
    html = client.get(page).content.decode()
    assert row_of(html, "Empowering youth") == [
        "8 0 documented , 0–27 possible",
        "7 0 documented , range not known from the report",
        "—",
    ]


def test_published_and_documented_numbers_have_a_difference_and_no_others(client):
    html = client.get(address("", "provenance=named")).content.decode()
    assert row_of(html, "Empowering youth") == ["27 A/72/621, para. 24", "3", "−24"]
    html = client.get(address("scope=national", "")).content.decode()
    assert row_of(html, "National") == [*["75 A/72/621, para. 25"] * 2, "0"]
    html = client.get(address("", "priority_area=youth")).content.decode()
    assert row_of(html, "Global") == [
        *("82 A/72/621, para. 25", "10 0 documented , 0–27 possible", "—")
    ]
    assert row_of(html, "Empowering youth") == [*["27 A/72/621, para. 24"] * 2, "0"]


def test_each_side_has_its_number_its_state_and_its_name_over_its_column(client):
    text = text_of(client, address("", "region=africa&priority_area=youth"))
    assert "A: The whole register 223 projects Published" in text
    assert "B: Empowering youth, in Africa 0–27 projects Reconstruction" in text
    assert "Priority area The whole register Empowering youth, in Africa Difference" in text


def test_the_list_leads_here(client):
    html = client.get("/projects/?scope=national&priority_area=youth&page=1").content.decode()
    found = re.search(r'href="(/reports/compare/[^"]+)">Compare with…<', html)[1]
    assert found == "/reports/compare/?a=priority_area%3Dyouth%26scope%3Dnational"
    said = "A: Empowering youth, national in scope: 0 documented; 0–27 possible (reconstruction: 8)"
    assert said in text_of(client, found)


def test_a_switch_changes_one_side(client):
    html = client.get(address("scope=national", "region=asia")).content.decode()
    # Values are in the order of their vocabulary, whichever was chosen first.
    assert 'href="?a=scope%3Dregional%26scope%3Dnational&amp;b=region%3Dasia">Regional</a>' in html
    assert 'href="?a=&amp;b=region%3Dasia"><strong>✓ National</strong></a>' in html
    assert 'href="?a=scope%3Dnational&amp;b="><strong>✓ Asia</strong></a>' in html


def test_a_side_links_to_its_documented_part(client):
    page = address("scope=national", "priority_area=youth&scope=regional")
    html = client.get(page).content.decode()
    # What the report publishes needs no such note.
    assert html.count("The report publishes no such combination.") == 1
    asked = (
        "priority_area=youth&amp;scope=regional&amp;priority_area_basis=stated&amp;"
        "priority_area_basis=inferred&amp;scope_basis=stated&amp;scope_basis=inferred"
    )
    assert f'<a href="/projects/?{asked}">View the 2 that are documented</a>' in html


def test_a_wrong_query_is_in_the_form_to_be_fixed(client):
    html = client.get("/reports/compare/?a=scope%3Dgalactic&b=region%3Dasia").content.decode()
    assert "a: scope: “galactic” is not allowed. Allowed: global, regional, national.</li>" in html
    assert '<input id="compare-a" type="search" name="a" value="scope=galactic"' in html
    assert '<input id="compare-b" type="search" name="b" value="region=asia"' in html


@pytest.mark.long
@given(a=queries, b=queries)
def test_every_number_links_to_as_many_projects(a, b):
    client = Client()
    page = address(urlencode(a, doseq=True), urlencode(b, doseq=True))
    html = client.get(page).content.decode()
    links = re.findall(r'<td class="number \w+"><a href="([^"]+)">(\d+)</a>', html)
    assert len(links) >= 2 or a.keys() & {"priority_area", "scope", "region"}
    for link, count in links[::6]:
        listed = client.get(link.replace("&amp;", "&")).content.decode()
        assert total_of(listed) == int(count), link


def test_a_picker_offers_single_values_and_editions_and_keeps_what_is_asked(client):
    html = client.get(
        address("region=africa", "scope=national&priority_area=youth")
    ).content.decode()
    assert '<option value="region=africa" selected>Africa</option>' in html
    assert '<option value="edition=reconstruction-2017-12">Reconstruction of A/72/621' in html
    both = '<option value="priority_area=youth&amp;scope=national" selected>'
    assert f"{both}Empowering youth, national in scope</option>" in html
    assert "<h1>In Africa · Empowering youth, national in scope</h1>" in html
    swapped = "?a=priority_area%3Dyouth%26scope%3Dnational&amp;b=region%3Dafrica"
    assert f'<a href="{swapped}"><span aria-hidden="true">⇄</span> Swap A and B</a>' in html
    assert "A: In Africa: 61 projects, published in A/72/621, para. 25; B: Empowering youth" in html


def test_a_comparison_is_a_file_with_what_is_known_of_each_number(client):
    response = client.get("/reports/compare.csv?a=region%3Dafrica&b=region%3Dasia")
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0] == (
        "breakdown,value,a_published,a_documented,a_low,a_high,a_reconstruction,a_state,"
        "b_published,b_documented,b_low,b_high,b_reconstruction,b_state,difference"
    )
    assert lines[4] == (
        "Projects by priority area,Empowering youth,,0,0,27,6,reconstruction,,0,0,22,2,"
        "reconstruction,"
    )
    assert lines[9].startswith("Projects by scope,Global,,0,,,0,documented,,0,,,0,documented,0")
    assert '"A","In Africa' not in response.content.decode()
    assert 'A,"In Africa: 61 projects, published in A/72/621, para. 25"' in lines
    assert client.get("/reports/compare.csv?a=scope%3Dx").status_code == 400


def test_shares_are_of_what_is_published_or_documented_else_a_range(client):
    query = "?a=region%3Dafrica&b=region%3Dasia&percent=side"
    html = client.get(f"/reports/compare/{query}").content.decode()
    areas = html[html.index("<h2>Projects by priority area</h2>") :]
    assert re.findall(r'<td class="number reconstruction"><bdi>([^<]+)<', areas)[:2] == [
        "0–66 %",
        "0–100 %",
    ]
    regions = html[html.index("<h2>Regional and national projects by region</h2>") :]
    assert '<td class="number published"><bdi>100.0 %</bdi></td>' in regions
    assert ">Difference</th>" not in html
    assert "b=region%3Dafrica&amp;percent=side" in html
    # Of a reconstruction there are none.
    query = "?a=region%3Dafrica%26scope%3Dnational&percent=side"
    html = client.get(f"/reports/compare/{query}").content.decode()
    areas = html[html.index("<h2>Projects by priority area</h2>") :]
    assert re.findall(r'<td class="number reconstruction"><bdi>([^<]+)<', areas)[0] == "?"


@pytest.mark.parametrize("percent", ["none", "side"])
def test_a_comparison_is_a_picture(client, percent):
    query = f"?a=region%3Dafrica&b=region%3Dasia&percent={percent}&shape=square"
    response = client.get(f"/reports/compare/picture.svg{query}")
    svg = response.content.decode()
    assert "In Africa · In Asia: by priority area" in svg
    assert ("0–40 · 0–22" if percent == "none" else "0–66 % · 0–100 %") in svg
    assert 'viewBox="0 0 1080 1080"' in svg
    asked = "a-region-africa-b-region-asia" + ("-percent-side" if percent == "side" else "")
    assert re.fullmatch(
        rf'attachment; filename="pve-comparison-\d{{4}}-\d\d-\d\d-{asked}-square\.svg"',
        response["Content-Disposition"],
    )


def test_what_changes_has_a_pinned_address(client, monkeypatch):
    html = client.get("/reports/compare/?a=region%3Dafrica&percent=side").content.decode()
    edition = "edition%3Dreconstruction-2017-12"
    pinned = f"a=region%3Dafrica%26{edition}&amp;b={edition}&amp;percent=side"
    assert f'id="pinned" readonly value="http://testserver/reports/compare/?{pinned}"' in html
    assert "no edition of it has been published yet" not in html
    page = client.get(f"/reports/compare/?a={edition}&b={edition}").content.decode()
    assert "no edition of it has been published yet" not in page
    none = SimpleNamespace(all=Edition.objects.none)
    monkeypatch.setattr("reports.views.Edition", SimpleNamespace(objects=none))
    html = client.get("/reports/compare/").content.decode()
    assert "no edition of it has been published yet" in html


def test_where_nothing_is_chosen_pairs_to_begin_with_are_offered(client):
    html = client.get("/reports/compare/").content.decode()
    offered = '<li><a href="?a=region%3Dafrica&amp;b=region%3Dasia">Africa · Asia</a></li>'
    assert offered in html
    assert "Both sides are the same." in html
    assert "Both sides are the same." not in text_of(client, address("region=africa", ""))
