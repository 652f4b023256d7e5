"""Sheets as offices save them: what their columns and values are read as."""

import io

import pytest
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from projects.annex.mapping import Layout, column_called, columns_of, propose
from projects.annex.matches import values_of
from projects.annex.questions import check
from projects.annex.sheet import Sheet, is_total, sheets_of
from projects.annex.sheet_rows import Row, rows
from projects.imports.files import read_any
from projects.imports.lines import Refused, keep_lines
from projects.imports.reading import Translator

from .annex import NEW, Walk, rows_of, walked

pytestmark = pytest.mark.django_db


def read(content: bytes, name: str) -> list[Sheet]:
    kept = io.BytesIO()
    keep_lines(read_any(name, io.BytesIO(content)), kept)
    return sheets_of(kept.getvalue())


def book_of(*lines: list) -> Workbook:
    book = Workbook()
    for line in lines:
        book.active.append(line)
    return book


def saved(book: Workbook) -> list[Sheet]:
    file = io.BytesIO()
    book.save(file)
    return read(file.getvalue(), "x.xlsx")


def texts(sheets: list[Sheet], layout: Layout) -> list[dict]:
    layout.constants = {}
    return [row.texts for row in rows(sheets, layout) if row.has_name]


def meant(column: str, text: str) -> tuple[dict, list]:
    written = Translator().written(column, text)
    return written.reading, [part for _column, part in written.unknown]


@pytest.mark.parametrize(("encoding", "guess"), [("utf-8", ""), ("utf-16-le", "UTF-16")])
def test_text_is_recognized_and_a_guess_is_shown_by_two_lines(encoding, guess):
    content = "Título;Organismo\r\nEscuelas en Málaga;PNUD\r\nMás;OIT\r\nAños;OIM\r\n"
    (sheet,) = read(content.encode(encoding), "x.csv")
    assert [cells for _number, cells in sheet.lines][:2] == [
        *(["Título", "Organismo"], ["Escuelas en Málaga", "PNUD"])
    ]
    examples = ["Título;Organismo", "Escuelas en Málaga;PNUD"] if guess else []
    assert (sheet.marks.encoding, sheet.marks.examples) == (guess, examples)


def test_a_file_in_the_registers_columns_of_which_the_encoding_is_a_guess_is_looked_at(
    admin_client,
):
    content = "reference;title;priority_area\r\n;Málaga;youth\r\n".encode("cp1252")
    walk = Walk(admin_client, "x.csv", content)
    assert walk.step == "map"
    text = " ".join(walk.page.content.decode().split())
    assert "Read as Windows-1252, which is a guess. Are these right?" in text
    assert "<code>;Málaga;youth</code>" in text


def test_colours_without_a_legend_are_offered_and_nothing_is_chosen():
    book = book_of(["Project title", "Entity"], ["One", "UNDP"], ["Two", "UNDP"])
    for cell, colour in (("A2", "C6EFCE"), ("A3", "FFEB9C")):
        book.active[cell].fill = PatternFill("solid", fgColor=colour)
    sheets = saved(book)
    layout = propose(sheets)
    colours = columns_of(sheets, layout.headers)[-1].of_colours
    assert colours == [("green (C6EFCE)", 1), ("yellow (FFEB9C)", 1)]
    assert "Colour of cells" not in layout.columns


def test_a_formula_without_its_value_and_an_error_are_empty_cells_that_are_named():
    sheets = saved(
        book_of(["Project title", "Entity"], ["=1+1", "UNDP"], ["One", "#REF!"], ["Two", "UNDP"])
    )
    assert sheets[0].unread == ["A2", "B3"]
    assert texts(sheets, propose(sheets)) == [
        {"title": "One", "entities": ""},
        {"title": "Two", "entities": "UNDP"},
    ]


def test_of_a_column_with_links_an_address_that_is_written_counts_as_well():
    book = book_of(
        ["Title", "Entity", "Link"], ["One", "UNDP", "site"], ["Two", "UNDP", "www.b.org"]
    )
    book.active["C2"].hyperlink = "https://a.org/"
    sheets = saved(book)
    found = [row["link"] for row in texts(sheets, propose(sheets))]
    assert found == ["https://a.org/", "www.b.org"]


def test_a_list_of_titles_has_projects_and_a_long_row_is_no_total():
    sheets = read(b"Title,Entity\r\nOne,\r\nTwo,\r\n", "x.csv")
    assert [row["title"] for row in texts(sheets, propose(sheets))] == ["One", "Two"]
    assert not is_total(["1", "Total for youth", "UNDP", "Youth"])


@pytest.mark.parametrize("heading", ["Donor (agency)", "Contact: Agency", "Budget (Project)"])
def test_a_heading_about_something_else_is_no_column_of_ours(heading):
    assert column_called(heading) == ""


def test_empty_cells_take_the_one_above_if_staff_choose_it():
    content = read(b"Entity,Title\r\nUNESCO,One\r\n,Two\r\n", "x.csv")
    layout = propose(content)
    assert [row["entities"] for row in texts(content, layout)] == ["UNESCO", ""]
    layout.down = ["Entity"]
    assert [row["entities"] for row in texts(content, layout)] == ["UNESCO", "UNESCO"]


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
    content = saved(book)
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


def test_the_day_comes_first_where_other_dates_of_the_column_say_so():
    lines = ("Title,Start,End", "One,03/09/2016,03/09/2016", "Two,15/07/2015,07/15/2015")
    sheets = read("\r\n".join(lines).encode(), "x.csv")
    layout = propose(sheets)
    assert layout.day_first == ["Start"]
    found = [(one["start_date"], one["end_date"]) for one in texts(sheets, layout)]
    assert found == [("2016-09-03", "03/09/2016"), ("2015-07-15", "07/15/2015")]


def test_a_period_without_its_end_keeps_its_start_and_an_end_of_its_own_column_comes_first():
    assert meant("start_date", "2016 – TBC") == ({"start_date": "2016"}, [])
    assert meant("end_date", "2016 – ongoing")[1] == ["2016 – ongoing"]
    row = Row("", 1, {"title": "x", "start_date": "2016–2019", "end_date": "n/a"})
    assert values_of(row, Translator())["end_date"] == "2019"
    row.texts["end_date"] = "2018"
    assert values_of(row, Translator())["end_date"] == "2018"


@pytest.mark.parametrize(
    ("column", "text", "reading", "unknown"),
    [
        ("scope", "National (Kenya)", {"scope": "national", "countries": ["KEN"]}, []),
        ("scope", "Regional: Sahel", {"scope": "regional"}, ["Sahel"]),
        ("scope", "Regional - Africa", {"scope": "regional", "regions": ["africa"]}, []),
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
        ("start_date", "03/04/2016", {}, ["03/04/2016"]),
        ("regions", "Moyen-Orient/Afrique du N. & Afrique", {"regions": ["africa", "mena"]}, []),
        ("priority_area", "Femmes / Women", {"priority_area": "gender"}, []),
        ("priority_area", "Gov./HR/RoL", {"priority_area": "governance"}, []),
        ("priority_area", "Other (incl. NAPs)", {"priority_area": "other"}, []),
        ("status", "Clôturé (déc. 2016)", {"status": "completed"}, []),
        ("in_matrix", "Нет", {"in_matrix": "no"}, []),
        ("scope", "multi-pays", {"scope": "regional"}, []),
        ("entities", "UNODC (lead), UNICRI", {"entities": ["UNICRI", "UNODC"]}, []),
        ("entities", "IOM in coop. w. UNESCO", {"entities": ["IOM", "UNESCO"]}, []),
        ("entities", "UNCCT-CTED", {"entities": ["CTED", "UNCCT"]}, []),
        ("entities", "ПРООН", {"entities": ["UNDP"]}, []),
        ("start_date", "2016–2019", {"start_date": "2016", "end_date": "2019"}, []),
        ("start_date", "Mar 2016 - Dec 2019", {"start_date": "2016-03", "end_date": "2019-12"}, []),
        ("start_date", "2016 – ongoing", {"start_date": "2016"}, []),
        ("start_date", "Q4 2017", {"start_date": "2017"}, []),
        ("start_date", "10 Jan - 20 Dec 2017", {}, ["10 Jan - 20 Dec 2017"]),
        ("start_date", "Since 1 March", {}, ["Since 1 March"]),
        ("start_date", "spring 2017", {}, ["spring 2017"]),
        # No number, and one that Python does not read.
        ("start_date", "፩ March 2016", {}, ["፩ March 2016"]),
        ("end_date", "1" * 4999, {}, ["1" * 4999]),
    ],
)
def test_what_is_written_is_read_or_asked_about(column, text, reading, unknown):
    assert meant(column, text) == (reading, unknown)


def test_a_cell_may_list_every_country():
    names = ["Kenya", "Mali", "Chad", "Togo"] * 60
    for sign in ("; ", ", ", " and "):
        listed = Translator().written("countries", sign.join(names))
        assert listed.reading == {"countries": ["KEN", "MLI", "TCD", "TGO"]}
    assert len(Translator().written("regions", "nowhere;" * 600).unknown) == 600


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("regions", "N. Africa"),
        ("priority_area", "Femmes / Jeunes"),
        ("priority_area", "Youth – Gender"),
        ("entities", "UNDP (Lead: UNODC)"),
        ("status", "- ″ -"),
        ("status", "Closed (suspended)"),
    ],
)
def test_what_can_mean_several_things_is_asked(column, text):
    assert meant(column, text)[1] != []


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Sous-total Éducation : 14 projets", True),
        ("TOTAL GÉNÉRAL : 223 projets", True),
        ("Итого", True),
        ("Total peace in villages", False),
        ("Total for youth", True),
    ],
)
def test_a_line_that_sums_up_is_known_in_six_languages(text, is_one):
    assert is_total(["", text, "14"]) is is_one


def test_without_known_headings_a_line_of_the_sheet_is_clicked(admin_client):
    walk = Walk(admin_client, "x.csv", b"A list\r\nAaa,Bbb\r\nRadio,UNDP\r\n")
    assert "Which line has the headings?" in walk.page.content.decode()
    walk.post({"headings": "0-2"})
    page = walk.page.context["page"]
    assert [column.heading for column, _form in page.rows] == ["Aaa", "Bbb"]
    assert page.unknown == []


@pytest.mark.usefixtures("register")
def test_regional_rows_are_in_the_regions_of_their_countries_and_others_say_why_not(admin_client):
    both = NEW | {"Scope": "Regional", "Region": "", "Country": "Kenya; Jordan"}
    none = NEW | {"Project title": "Schools", "Scope": "Regional", "Region": ""}
    walk = walked(admin_client, rows_of(both, none))
    found = [one.values.get("regions") for one in walk.page.context["matching"].matches]
    assert found == [["africa", "mena"], None]
    text = " ".join(walk.page.content.decode().split())
    assert "1 row stays without a region" in text
    assert "Schools. It names no country and no region." in text
    walk.go(admin_client.get(walk.address.replace("match", "sheet") + "?all=yes"))
    assert "Regions" in walk.page.context["columns"]


@pytest.mark.long
@pytest.mark.usefixtures("register")
def test_rows_found_by_words_are_left_out_in_one_act(admin_client):
    some = [NEW | {"Project title": f"{word} {n}"} for n in range(3) for word in ("Draft", "Radio")]
    walk = walked(admin_client, rows_of(*some))
    address = walk.address
    walk.address = f"{address}?q=draft&sort=title"
    walk.go(admin_client.get(walk.address))
    shown = [one.match.values["title"] for one in walk.page.context["page_rows"]]
    assert shown == ["Draft 0", "Draft 1", "Draft 2"]
    assert "Leave out the 3 rows found" in " ".join(walk.page.content.decode().split())
    walk.post({"leave": "found"})
    walk.go(admin_client.get(address))
    matches = walk.page.context["matching"].matches
    assert [one.values["title"] for one in matches] == ["Radio 0", "Radio 1", "Radio 2"]
    # Without words nothing is left out.
    walk.address = address
    walk.post({"leave": "found"})
    assert len(walk.page.context["matching"].matches) == 3
