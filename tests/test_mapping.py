"""Sheets with columns of their own: what their columns and values are read as."""

import io

import pytest
from openpyxl import Workbook

from projects.annex.mapping import Layout, columns_of, propose
from projects.annex.questions import check
from projects.annex.sheet import Sheet, sheets_of
from projects.annex.sheet_rows import rows
from projects.imports.files import read_any
from projects.imports.lines import Refused, keep_lines
from projects.imports.reading import Translator


def sheet(*lines: str, name: str = "x.csv") -> list[Sheet]:
    """The one sheet of a CSV file of these lines."""
    kept = io.BytesIO()
    keep_lines(read_any(name, io.BytesIO("\r\n".join(lines).encode())), kept)
    return sheets_of(kept.getvalue())


def texts(content: list[Sheet], layout: Layout) -> list[dict]:
    """What the rows of a sheet say, without what is the same of all."""
    layout.constants = {}
    return [row.texts for row in rows(content, layout) if row.has_name]


def test_a_column_without_a_heading_is_named_by_its_place():
    lines = ("Title,,Entity", "Radio,Kenya,UNESCO,,Ongoing", "Schools,,UNDP,,", "Councils,Mali")
    content = sheet(*lines)
    layout = propose(content)
    assert layout.columns == {"Title": "title", "Entity": "entities"}
    found = columns_of(content, layout.headers)
    assert [(one.heading, [text for _row, text in one.sample], one.empty) for one in found] == [
        ("Title", ["Radio", "Schools", "Councils"], 0),
        ("Column B", ["Kenya", "", "Mali"], 1),
        ("Entity", ["UNESCO", "UNDP", ""], 1),
        ("Column E", ["Ongoing", "", ""], 2),
    ]
    # Of more rows only those are shown that have something where those before are empty.
    known = [f"Radio {n},Global," for n in range(20)]
    more = sheet("Title,Scope,Entity", *known, "Schools,Global,UNDP", "Mills,Global,ILO")
    places = [place for place, _text in columns_of(more, {"": [1, 1]})[2].sample]
    assert places == ["2", "3", "4", "5", "6", "7", "22"]
    layout.columns |= {"Column B": "countries", "Column E": "status"}
    layout.down = ["Column E"]
    assert texts(content, layout) == [
        {"title": "Radio", "countries": "Kenya", "entities": "UNESCO", "status": "Ongoing"},
        {"title": "Schools", "countries": "", "entities": "UNDP", "status": "Ongoing"},
        {"title": "Councils", "countries": "Mali", "entities": "", "status": "Ongoing"},
    ]


def test_headings_of_sections_and_names_of_sheets_say_what_their_rows_are():
    book = Workbook()
    sheets = {
        "Sheet": (
            *(["Title", "Entity"], ["I. Global projects"], ["One", "UNESCO"]),
            *(["II. Regional projects"], ["Two", "UNDP"]),
        ),
        "Youth": (["Title", "Entity"], ["Three", "UNODC"]),
        "Notes": (["See above"],),
    }
    for title, lines in sheets.items():
        page = book.active if title == "Sheet" else book.create_sheet(title)
        for line in lines:
            page.append(line)
    file, kept = io.BytesIO(), io.BytesIO()
    book.save(file)
    keep_lines(read_any("x.xlsx", file), kept)
    content = sheets_of(kept.getvalue())
    layout = propose(content)
    assert layout.headers == {"Sheet": [1, 1], "Youth": [1, 1]}
    layout.sections, layout.names = "scope", "priority_area"
    assert texts(content, layout) == [
        {"title": "One", "entities": "UNESCO", "scope": "I. Global projects"}
        | {"priority_area": "Sheet"},
        {"title": "Two", "entities": "UNDP", "scope": "II. Regional projects"}
        | {"priority_area": "Sheet"},
        {"title": "Three", "entities": "UNODC", "scope": "", "priority_area": "Youth"},
    ]


@pytest.mark.parametrize(
    ("layout", "message"),
    [
        (Layout(), "Say in which rows the headings are"),
        (Layout({"": [1, 1]}, {"A": "scope"}), "Say which column has the titles"),
        (Layout({"": [1, 1]}, {"A": "title", "B": "scope", "C": "scope"}), "Only one .*: scope"),
        (Layout({"": [1, 1]}, {"A": "title"}), "Say what the source is"),
        (
            Layout({"": [1, 1]}, {"A": "title", "B": "scope"}, constants={"source": "X"}),
            "Say how this is known: scope",
        ),
    ],
)
def test_a_layout_that_gives_no_entries_is_refused_by_name(layout, message):
    with pytest.raises(Refused, match=message):
        check(layout)


@pytest.mark.parametrize(
    ("column", "text", "reading", "unknown"),
    [
        ("scope", "National (Kenya)", {"scope": "national", "countries": ["KEN"]}, []),
        ("scope", "Regional: Sahel", {"scope": "regional"}, ["Sahel"]),
        ("scope", "Regional - Africa", {"scope": "regional", "regions": ["africa"]}, []),
        ("regions", "Central Asia", {}, ["Central Asia"]),
        ("countries", "Côte d'Ivoire and Mali", {"countries": ["CIV", "MLI"]}, []),
        ("countries", "Кения / كينيا / 肯尼亚 / Kenia", {"countries": ["KEN"]}, []),
        ("countries", "Republic of Moldova, the; Iles Salomon", {"countries": ["MDA", "SLB"]}, []),
        ("regions", "Afrique; Middle East & North Africa", {"regions": ["africa", "mena"]}, []),
        ("priority_area", "Dialogue & conflicts prevention", {"priority_area": "dialogue"}, []),
        ("start_date", "31/12/2018", {"start_date": "2018-12-31"}, []),
        ("start_date", "Mar-16", {"start_date": "2016-03"}, []),
        ("start_date", "1er mars 2016", {"start_date": "2016-03-01"}, []),
        ("start_date", "Jan 2015 -", {"start_date": "2015-01"}, []),
        ("end_date", "diciembre de 2018", {"end_date": "2018-12"}, []),
        ("end_date", "2018年12月31日", {"end_date": "2018-12-31"}, []),
        ("end_date", "31/02/2018", {}, ["31/02/2018"]),
        ("end_date", "en cours", {}, []),
        ("countries", "Atlantis, Kenya", {"countries": ["KEN"]}, ["Atlantis"]),
        ("entities", "UNESCO / UNOCT", {"entities": ["OCT", "UNESCO"]}, []),
        ("entities", "The Alliance", {}, ["The Alliance"]),
        ("entities", "UN Habitat; World Bank", {"entities": ["UN-Habitat", "WBG"]}, []),
        ("start_date", "03/04/2016", {}, ["03/04/2016"]),
        # No number, and one that Python does not read.
        ("start_date", "፩ March 2016", {}, ["፩ March 2016"]),
        ("end_date", "1" * 4999, {}, ["1" * 4999]),
    ],
)
def test_what_is_written_is_read_or_asked_about(register, column, text, reading, unknown):
    written = Translator().written(column, text)
    assert (written.reading, [part for _column, part in written.unknown]) == (reading, unknown)


def test_a_cell_may_list_every_country(register):
    names = ["Kenya", "Mali", "Chad", "Togo"] * 60
    for sign in ("; ", ", ", " and "):
        listed = Translator().written("countries", sign.join(names))
        assert listed.reading == {"countries": ["KEN", "MLI", "TCD", "TGO"]}
    assert len(Translator().written("regions", "nowhere;" * 600).unknown) == 600
