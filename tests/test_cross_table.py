"""Two dimensions at once: what the table counts, what it knows, and where its numbers lead."""

import pytest

from .pages import book_of, csv_lines, text_of

pytestmark = pytest.mark.usefixtures("register")

DIMENSIONS = ["priority_area", "scope", "region"]


def grid(client, query="") -> list[list[str]]:
    lines = csv_lines(client.get(f"/reports/cross-table.csv{query}"))
    return lines[: lines.index([])]


def test_a_table_shows_ranges_between_published_totals(client):
    text = text_of(client, "/reports/cross-table/?rows=scope&columns=region")
    assert "Global 0 by rule 0 by rule 0 by rule 0 by rule 0 by rule 0 by rule" in text
    assert "Regional 0–61 not stated 0–55 not stated 0–22 not stated 0–12 not stated" in text
    assert "Projects 61 A/72/621 para. 25 55" in text
    note = (
        "A/72/621 publishes no table of “Scope” by “Region”: each range is what its totals allow."
    )
    assert text.count(note) >= 1
    html = client.get("/reports/cross-table/").content.decode()
    assert "shade-" not in html and "multiples" not in html


def test_equal_ranges_next_to_each_other_are_written_once(client):
    text = text_of(client, "/reports/cross-table/")
    assert "Empowering youth each 0–27 not stated 27 A/72/621 para. 24" in text
    text = text_of(client, "/reports/cross-table/?columns=region")
    assert "Empowering youth each 0–27 not stated 0–22 not stated 0–12 not stated 0–3" in text
    html = client.get("/reports/cross-table/?columns=region").content.decode()
    assert html.count(' colspan="2"') == 6 and html.count(' colspan="3"') == 2
    assert grid(client)[4][1:4] == ["0–27 (not stated)"] * 3


def test_each_sheet_and_block_says_how_its_numbers_are_known(client):
    book = book_of(client.get("/reports/cross-table.xlsx?rows=scope"))
    assert [cell.value for cell in book["Table"][2]][:3] == [
        *("Global", "0–40 (not stated)", "0–31 (not stated)")
    ]
    assert [cell.value for cell in book["Numbers"][2]][:3] == ["global", "governance", "range"]
    assert grid(client, "?entity=UNESCO")[1][1] == "0 (described)"
    # Numbers with gaps are whole numbers: 40 of all, none of a range.
    head, *lines = [[cell.value for cell in row] for row in book["Numbers"].rows]
    at = head.index("number")
    assert [line[at] for line in lines[:2] + lines[-2:]] == [None, None, 33, 223]
    assert {type(line[head.index("high")]) for line in lines} == {int, type(None)}
