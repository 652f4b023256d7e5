"""Two sets of projects side by side."""

import re
from types import SimpleNamespace
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from hypothesis import given

from projects.asking.answers import Answers
from projects.models import Edition

from .pages import statements_of, text_of, total_of
from .test_agreement import queries

pytestmark = pytest.mark.usefixtures("register")


def address(a: str, b: str) -> str:
    return f"/reports/compare/?a={quote(a)}&b={quote(b)}"


def row_of(html: str, label: str) -> list[str]:
    """The two cells and the difference of a row, each as text."""
    row = re.search(rf"<tr>\s*<th scope=\"row\">{label}\s.*?</tr>", html, re.DOTALL)[0]
    cells = re.findall(r'<td\s+class="number[^"]*"[^>]*>(.*?)</td>', row, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells]


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


NAMES = "Projects in Africa · Projects in Asia"
GOVERNANCE = "Strengthening good governance, human rights and the rule of law"
OUTLINED = "Outlined: not stated; from the least to the most that the totals allow"


@pytest.mark.parametrize(
    ("percent", "drawn"),
    [
        # None of the areas is stated: the two numbers are drawn alone.
        ("none", ["In total", "61", "22"]),
        ("side", [OUTLINED, GOVERNANCE, "0", "66 %", "0", "100 %"]),
    ],
)
def test_a_comparison_is_a_picture(client, percent, drawn):
    query = f"?a=region%3Dafrica&b=region%3Dasia&percent={percent}&shape=square"
    response = client.get(f"/reports/compare/picture.svg{query}")
    svg = response.content.decode()
    written = re.findall(r"<tspan[^>]*>([^<]+)</tspan>", svg)
    assert " ".join(written).startswith(
        f"{NAMES} 61 projects in Africa; 22 projects in Asia (A/72/621, para. 25). The difference "
        "is 39. The report does not say what they work on. The report does not give their scope. "
        "Paragraph 25 says “of all the regional projects”; this register reads it as the regional "
        "and national ones. Projects in Africa (upper bar) Projects in Asia (lower bar) "
        f"{' '.join(drawn)}"
    )
    assert 'viewBox="0 0 1080 1080"' in svg
    asked = "a-region-africa-b-region-asia" + ("-percent-side" if percent == "side" else "")
    assert re.fullmatch(
        rf'attachment; filename="pve-comparison-\d{{4}}-\d\d-\d\d-{asked}-square\.svg"',
        response["Content-Disposition"],
    )


def test_what_changes_has_a_pinned_address(client, monkeypatch):
    html = client.get("/reports/compare/?a=region%3Dafrica&percent=side").content.decode()
    edition = "edition%3Dreconstruction-2026-11"
    pinned = f"a=region%3Dafrica%26{edition}&amp;b={edition}&amp;percent=side"
    assert f'id="pinned" readonly value="http://testserver/reports/compare/?{pinned}"' in html
    assert "No edition has been published yet" not in html
    page = client.get(f"/reports/compare/?a={edition}&b={edition}").content.decode()
    assert "No edition has been published yet" not in page
    none = SimpleNamespace(all=Edition.objects.none)
    monkeypatch.setattr("reports.compare.Edition", SimpleNamespace(objects=none))
    html = client.get("/reports/compare/").content.decode()
    assert "No edition has been published yet" in html


def test_where_nothing_is_chosen_two_regions_are_compared(client):
    for address_ in ("/reports/compare/", "/reports/compare/?a="):
        text = text_of(client, address_)
        assert "Projects in Africa · Projects in the Middle East and North Africa" in text
        assert (
            "61 projects in Africa; 55 projects in the Middle East and North Africa (A/72/621, "
            "para. 25). The difference is 6. The report does not say what they work on. The report "
            "does not give their scope." in text
        )
        assert "Both sides are the same." not in text
    same = text_of(client, address("region=asia", "region=asia"))
    assert "Both sides are the same." in same
    assert "22 projects in Asia (A/72/621, para. 25). The numbers are equal." in same
    text = text_of(client, address("region=africa", ""))
    assert (
        "61 projects in Africa; 223 projects (A/72/621, paras. 22, 24 and 25). The difference is "
        "162." in text
    )
    lines = client.get("/reports/compare.csv").content.decode("utf-8-sig").splitlines()
    assert lines[1].startswith("Projects by priority area,") and ",range," in lines[1]
    assert len(client.get("/reports/compare/figure.json").json()["data"]) == 4


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


def test_rows_have_ranges_and_a_difference_only_between_published_numbers(client):
    html = client.get(address("scope=national", "scope=regional")).content.decode()
    # Without any difference by area there is no column for it.
    assert row_of(html, "Empowering youth") == ["not stated, at most 27"]
    text = text_of(client, address("scope=national", "scope=regional"))
    assert (
        "75 projects are national in scope; 66 projects are regional in scope (A/72/621, para. "
        "25). The difference is 9. The report does not say what they work on. The report does not "
        "say where they are." in text
    )
    assert text.count("No difference is given where the report does not state both numbers.") == 1
    html = client.get(address("", "priority_area=youth")).content.decode()
    assert row_of(html, "Empowering youth") == [*["27 A/72/621 para. 24"] * 2, "0"]
    html = client.get(address("priority_area=other", "priority_area=youth")).content.decode()
    assert "—" not in re.sub(r"<(title|meta)[^>]*>", "", html)
    text = text_of(client, address("region=africa&priority_area=youth", "entity=UNESCO"))
    assert "No difference is given: the report does not state both numbers." in text


def test_a_file_has_every_number_with_its_state(client):
    lines = client.get("/reports/compare.csv?a=scope%3Dnational&b=").content.decode("utf-8-sig")
    head, first = lines.splitlines()[:2]
    keys = "a_state,a_number,a_comparator,a_paragraphs,a_sum_of,a_low,a_high"
    assert head.startswith(f"breakdown,value,{keys}")
    assert head.endswith("b_placeholders,b_obs_status,difference")
    area = '"Strengthening good governance, human rights and the rule of law"'
    assert first.startswith(f"Projects by priority area,{area},range,,,,,0,40,")


@pytest.mark.postgresql
@pytest.mark.parametrize("file", ["/", ".csv", "/figure.json", "/picture.svg"])
def test_a_search_is_asked_once_and_only_what_is_shown_is_counted(client, monkeypatch, file):
    counted, of = [], Answers.of

    def noted(*args, **kwargs):
        counted.append(args)
        return of(*args, **kwargs)

    monkeypatch.setattr(Answers, "of", noted)
    asked = statements_of(client, f"/reports/compare{file}?a=q%3Dcivic&b=q%3Ddialogue%2520youth")
    assert [sum(word in one for one in asked) for word in ("civic", "dialogue", "youth")] == [1] * 3
    # Of each side all projects, those in any region, and those of eight areas, three scopes and
    # five regions; none of the entities and countries that the page offers.
    assert len(counted) == 36
