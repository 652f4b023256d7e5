"""Two dimensions at once: what the table counts, what it knows, and where its numbers lead."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from projects.history import unrecorded
from projects.models import Project

from .pages import book_of, csv_lines, text_of, total_of
from .test_agreement import queries

pytestmark = pytest.mark.usefixtures("register")

EDUCATION = "Education, skills development and employment facilitation"
VOCABULARIES = ["priority_area", "scope", "region", "entity", "status", "provenance"]


def grid(client, query="") -> list[list[str]]:
    lines = csv_lines(client.get(f"/reports/cross-table.csv{query}"))
    return lines[: lines.index([])]


def test_scopes_by_regions_tell_mentions_from_projects(client):
    assert grid(client, "?rows=scope&columns=region") == [
        [
            *("Scope / Region", "Africa", "Middle East and North Africa", "Asia", "Europe"),
            *("Americas", "Projects", "Counts"),
        ],
        ["Global", "0", "0", "0", "0", "0", "0", "0"],
        ["Regional", "37", "24", "10", "6", "2", "64", "79"],
        ["National", "24", "31", "12", "6", "1", "74", "74"],
        ["Projects", "61", "55", "22", "12", "3", "138", "153"],
        ["Counts", "61", "55", "22", "12", "3", "", "153"],
    ]


def test_only_what_is_documented(client):
    lines = grid(client, "?rows=priority_area&columns=scope&view=documented")
    assert lines[4] == ["Empowering youth", "0", "2", "0", "2"]
    assert lines[-1] == ["Projects", "2", "4", "1", "7"]
    data = client.get("/reports/cross-table.json?view=documented&percent=row").json()
    assert (data["Cells"], data["Shown as"]) == ("Documented only", "Per cent of row")
    text = text_of(client, "/reports/cross-table/?view=documented")
    assert (
        "Of 223 projects, 216 are left out: they were assigned to their place to fit the totals in "
        "paragraphs 24 and 25."
    ) in text
    html = client.get("/reports/cross-table/?view=documented").content.decode()
    address = (
        "priority_area=youth&amp;scope=regional&amp;priority_area_basis=stated&amp;"
        "priority_area_basis=inferred&amp;scope_basis=stated&amp;scope_basis=inferred"
    )
    assert f'<a href="/projects/?{address}">2</a>' in html
    listed = client.get(f"/projects/?{unescape(address)}").content.decode()
    assert total_of(listed) == 2


def test_a_basis_that_excludes_what_is_documented_leaves_nothing_to_link_to(client):
    query = "rows=priority_area&columns=status&scope=national&scope_basis=allocated"
    response = client.get(f"/reports/cross-table/?view=documented&{query}")
    assert response.status_code == 200
    html = response.content.decode()
    assert {*re.findall(r'<td class="number shade-\d \w+">(\d+)\s', html)} == {"0"}
    assert 'href="/projects/?priority_area=' not in html


def test_the_range_that_the_totals_allow_is_between_published_margins(client):
    areas = "?rows=priority_area&columns=scope&view=range"
    lines = grid(client, areas)
    # max(0, 40 + 82 - 223) to min(40, 82)
    assert lines[1][1:] == ["0–40", "0–40", "0–40", "40"]
    assert lines[-1][1:] == ["82", "66", "75", "223"]
    regions = "?rows=scope&columns=region&view=range"
    lines = grid(client, regions)
    assert lines[1][1:6] == ["0", "0", "0", "0", "0"]  # a global project has no region
    assert lines[3][1:7] == ["0–61", "0–55", "0–22", "0–12", "0–3", "0–75"]
    # How many have any region is not published: 61 at least, and at most the 141 not global.
    assert lines[4][1:7] == ["61", "55", "22", "12", "3", "61–141"]
    # A filter narrows the range, and its own value is published.
    lines = grid(client, f"{regions}&region=asia")
    assert lines[2][1:7] == ["0–22", "0–22", "0–22", "0–12", "0–3", "0–22"]
    assert lines[4][1:7] == ["0–22", "0–22", "22", "0–12", "0–3", "22"]
    # A question mark is where the report says nothing.
    three = "q=PVE-109&q=PVE-110&q=PVE-111"
    assert grid(client, f"{areas}&{three}")[4][1:4] == ["?", "?", "?"]
    lines = grid(client, "?rows=scope&columns=provenance&view=range")
    assert lines[1][1:] == ["?", "?", "0", "82"]
    assert lines[-1][1:] == ["211", "12", "0", "223"]
    text = text_of(client, "/reports/cross-table/?rows=scope&columns=provenance&view=range")
    assert "0 documented, range not known from the report" in text
    # On the page each is written once.
    text = text_of(client, f"/reports/cross-table/{areas}")
    assert "Empowering youth 0–27 0 documented 0–27 2 documented 0–27 0 documented 27" in text
    assert "possible" not in text[text.index("Empowering youth") : text.index("Gender equality")]


def test_where_the_register_left_the_report_both_numbers_are_shown(client):
    with unrecorded("the test sets the scene"):
        Project.published.filter(reference="PVE-003").delete()  # a global one, of education
    html = client.get("/reports/cross-table/").content.decode()
    for query, count, printed in (("scope=global", 81, 82), ("priority_area=education", 30, 31)):
        now = f"This register now has {count} entries."
        cell = rf'<a href="/projects/\?{query}">{printed}</a>\s*<small>\s*{now}</small>'
        assert re.search(cell, html), query
    total = client.get("/reports/cross-table.json").json()["numbers"][-1]
    assert (total["published"], total["reconstruction"], total["state"]) == (223, 222, "published")


@pytest.mark.parametrize(
    ("percent", "row", "line"),
    [
        # How many regional projects have a region, the report does not say: of them are no shares.
        ("rows=scope&columns=region&percent=row", 2, ["Regional", *"??????", "79"]),
        ("rows=scope&columns=region&percent=column", 2, ["Regional", *["0–100 %"] * 5, "?", "79"]),
        # Of nothing there is none.
        ("rows=scope&columns=region&percent=row", 1, ["Global", *["–"] * 6]),
        (
            "rows=priority_area&percent=all",
            2,
            [EDUCATION, *["0–14 %"] * 3, "13.9 %"],
        ),
        # Of what is documented they are of distinct projects.
        (
            "view=documented&percent=column",
            2,
            [EDUCATION, "0.0 %", "25.0 %", "0.0 %", "14.3 %"],
        ),
    ],
)
def test_shares_are_of_what_is_known(client, percent, row, line):
    assert grid(client, f"?{percent}")[row][: len(line)] == line


def test_the_page_says_what_is_known(client):
    text = text_of(client, "/reports/cross-table/?rows=priority_area&columns=scope")
    assert "A/72/621 publishes no table of “Priority area” by “Scope”." in text
    assert (
        "Of the 223 projects counted here, 216 were assigned to their place to fit the totals in "
        "paragraphs 24 and 25; for these, at least one of the two is not known."
    ) in text
    assert "10 0 documented, 0–27 possible" in text  # global ones of youth
    assert "27 A/72/621, para. 24" in text
    text = text_of(client, "/reports/cross-table/?q=PVE-150")
    assert "Of the 1 project counted here, 1 was assigned to its place to fit the totals" in text


def test_every_row_is_a_small_chart_of_what_the_view_counts(client):
    html = client.get("/reports/cross-table/").content.decode()
    charts = html[html.index('class="multiples"') :]
    assert charts.count("<h3>") == 8
    assert re.findall(r'<rect width="([\d.]+)"', charts)[:3] == ["100.0", "85.7", "100.0"]
    assert re.findall(r'<span class="number \w+">(\d+)</span>', charts)[:3] == ["14", "12", "14"]
    # Of governance nothing is documented, of strategic communications most, four global ones.
    html = client.get("/reports/cross-table/?view=documented").content.decode()
    assert "Documented projects, as charts" in html
    governance, *_others = re.findall(r"<dl>(.*?)</dl>", html, re.DOTALL)
    assert re.findall(r'<span class="number \w+">(\d+)</span>', governance) == ["0", "0", "0"]
    assert re.findall(r'<td class="number shade-(\d) \w+">', html)[:3] == ["0", "0", "0"]
    assert html.count('class="number shade-5 ') == 1
    html = client.get("/reports/cross-table/?view=range").content.decode()
    assert "The register’s numbers behind it, as charts" in html
    for query in ("rows=entity", "q=zzzzz"):  # many rows, or empty ones
        html = client.get(f"/reports/cross-table/?{query}").content.decode()
        assert 'class="multiples"' not in html


def test_a_workbook_is_what_the_other_files_are(client):
    query = "?rows=scope&columns=region&region=asia"
    data = client.get(f"/reports/cross-table.json{query}").json()
    asked = "In Asia: 22 projects, published in A/72/621, para. 25"
    assert data["Query"] == asked
    response = client.get(f"/reports/cross-table.xlsx{query}")
    book = book_of(response)
    shown = [["" if cell is None else cell for cell in row] for row in book["Table"].values]
    assert shown == data["table"]
    assert dict(book["About"].values)["Query"] == asked
    head, *numbers = ([cell or "" for cell in row] for row in book["Numbers"].values)
    written = [[cell or "" for cell in one.values()] for one in data["numbers"]]
    assert (head, numbers) == ([*data["numbers"][0]], written)
    # By place what is published, least, most, what the rows add up to, and the state.
    by_place = {tuple(one[:2]): (one[2], *one[4:]) for one in written}
    assert by_place["", "asia"] == (22, "", "", 22, "published")
    assert by_place["national", "asia"] == ("", "", 22, 12, "reconstruction")


@pytest.mark.long
@given(
    query=queries,
    dimensions=st.permutations(VOCABULARIES),
    view=st.sampled_from(["register", "documented"]),
)
def test_every_number_links_to_as_many_projects(query, dimensions, view):
    client = Client()
    query = {name: values for name, values in query.items() if name != "sort"}
    chosen = query | {"rows": [dimensions[0]], "columns": [dimensions[1]], "view": [view]}
    html = client.get(f"/reports/cross-table/?{urlencode(chosen, doseq=True)}").content.decode()
    links = dict(re.findall(r'href="/projects/\?([^"]*)">(\d+)</a>', html))
    for address, count in [*links.items()][:: max(1, len(links) // 8)]:
        page = client.get(f"/projects/?{address.replace('&amp;', '&')}").content.decode()
        assert total_of(page) == int(count), address
