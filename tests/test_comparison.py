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


def test_a_switch_changes_one_side(client):
    html = client.get(address("scope=national", "region=asia")).content.decode()
    # Values are in the order of their vocabulary, whichever was chosen first.
    assert 'href="?a=scope%3Dregional%26scope%3Dnational&amp;b=region%3Dasia">Regional</a>' in html
    assert 'href="?a=&amp;b=region%3Dasia"><strong>✓ National</strong></a>' in html
    assert 'href="?a=scope%3Dnational&amp;b="><strong>✓ Asia</strong></a>' in html


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
    pattern = r'<td class="number (?:published|described)"><a href="([^"]+)"><bdi>(\d+)</bdi></a>'
    links = re.findall(pattern, html)
    for link, count in links[::6]:
        listed = client.get(link.replace("&amp;", "&")).content.decode()
        assert total_of(listed) == int(count), link


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


def test_rows_have_ranges_and_a_difference_only_between_published_numbers(client):
    html = client.get(address("scope=national", "scope=regional")).content.decode()
    assert row_of(html, "Empowering youth") == ["0–27 not stated", "0–27 not stated", "—"]
    assert "A: National in scope. 75 projects are national in scope (¶ 25)." in text_of(
        client, address("scope=national", "scope=regional")
    )
    text = text_of(client, address("scope=national", "scope=regional"))
    assert "B: Regional in scope. 66 projects are regional in scope (¶ 25). Difference: −9." in text
    html = client.get(address("", "priority_area=youth")).content.decode()
    assert row_of(html, "Africa") == ["61 A/72/621 ¶ 25", "0–27 not stated", "—"]
    text = text_of(client, address("region=africa&priority_area=youth", "entity=UNESCO"))
    assert "No difference is given: the report does not state both numbers." in text


def test_a_file_has_every_number_with_its_state(client):
    lines = client.get("/reports/compare.csv?a=scope%3Dnational&b=").content.decode("utf-8-sig")
    head, first = lines.splitlines()[:2]
    assert head.startswith("breakdown,value,a_state,a_number,a_paragraphs,a_sum_of,a_low,a_high")
    assert head.endswith("b_placeholders,b_obs_status,difference")
    area = '"Strengthening good governance, human rights and the rule of law"'
    assert first.startswith(f"Projects by priority area,{area},range,,,,0,40,")
