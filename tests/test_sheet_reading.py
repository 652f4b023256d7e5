"""Files as offices save them: encodings, formulas, links, colours, hidden columns, repetitions."""

import io

import pytest
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from projects.annex.mapping import Layout, column_called, columns_of, propose
from projects.annex.matches import values_of
from projects.annex.sheet import Sheet, is_total, sheets_of
from projects.annex.sheet_rows import Row, rows
from projects.imports.files import read_any
from projects.imports.lines import keep_lines
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


@pytest.mark.parametrize(
    ("encoding", "guess"),
    [("utf-8", ""), ("utf-16", ""), ("cp1252", "Windows-1252"), ("utf-16-le", "UTF-16")],
)
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


@pytest.mark.long
def test_links_and_colours_are_columns_and_a_legend_says_what_colours_mean():
    green, grey = (PatternFill("solid", fgColor=one) for one in ("C6EFCE", "D9D9D9"))
    book = book_of(
        ["Project title", "Entity", "Web", "Notes"],
        ["One", "UNDP", "link", "secret"],
        ["Two", "UNESCO", "link", ""],
        ["Total", "", "", ""],
        ["Ongoing"],
        ["Completed"],
    )
    page = book.active
    for cell, fill in (("A2", green), ("A3", grey), ("A5", green), ("A6", grey)):
        page[cell].fill = fill
    page["C2"].hyperlink = "https://x.org/1"
    page["C3"].hyperlink = "javascript:alert(1)"
    page.column_dimensions["D"].hidden = True
    page.row_dimensions[3].hidden = True
    sheets = saved(book)
    layout = propose(sheets)
    columns = {one.heading: one for one in columns_of(sheets, layout.headers)}
    assert [*columns] == [
        *("Project title", "Entity", "Web", "Web (link behind it)", "Notes", "Colour of cells")
    ]
    assert columns["Notes"].is_hidden
    assert columns["Colour of cells"].of_colours == [("Ongoing", 1), ("Completed", 1)]
    assert layout.columns == {
        "Project title": "title",
        "Entity": "entities",
        "Web": "",
        "Web (link behind it)": "link",
        "Colour of cells": "status",
    }
    assert texts(sheets, layout) == [
        {"title": "One", "entities": "UNDP", "link": "https://x.org/1", "status": "Ongoing"},
        {"title": "Two", "entities": "UNESCO", "status": "Completed"},
    ]
    assert [row.is_hidden for row in rows(sheets, layout) if row.has_name] == [False, True]


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


def test_a_sign_of_repetition_means_the_cell_above_once_somebody_says_so():
    lines = ("Title,Entity", "One,UNDP", 'Two,"idem"', 'Three,""""', "Four,- id. -", "Five,ID")
    sheets = read("\r\n".join(lines).encode(), "x.csv")
    layout = propose(sheets)
    (_title, entity) = columns_of(sheets, layout.headers)
    assert (entity.ditto, layout.ditto) == (3, ["Entity"])
    layout.ditto = []
    assert [one["entities"] for one in texts(sheets, layout)][1:3] == ["idem", '"']
    assert meant("entities", '"') == ({}, ['"'])
    layout.ditto = ["Entity"]
    found = [row for row in rows(sheets, layout) if row.has_name]
    assert [row.texts["entities"] for row in found] == ["UNDP", "UNDP", "UNDP", "UNDP", "ID"]
    assert [row.from_above for row in found] == [[], *[["entities"]] * 3, []]


def test_the_day_comes_first_where_other_dates_of_the_column_say_so():
    lines = ("Title,Start,End", "One,03/09/2016,03/09/2016", "Two,15/07/2015,07/15/2015")
    sheets = read("\r\n".join(lines).encode(), "x.csv")
    layout = propose(sheets)
    assert layout.day_first == ["Start"]
    found = [(one["start_date"], one["end_date"]) for one in texts(sheets, layout)]
    assert found == [("2016-09-03", "03/09/2016"), ("2015-07-15", "07/15/2015")]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("2016–2019", {"start_date": "2016", "end_date": "2019"}),
        ("Mar 2016 - Dec 2019", {"start_date": "2016-03", "end_date": "2019-12"}),
        ("01.04.2017 – 30.06.2018", {"start_date": "2017-04-01", "end_date": "2018-06-30"}),
        ("2016 – ongoing", {"start_date": "2016"}),
        ("Q4 2017", {"start_date": "2017"}),
    ],
)
def test_a_period_is_a_start_and_an_end(text, reading):
    assert meant("start_date", text) == (reading, [])


@pytest.mark.parametrize("text", ["10 Jan - 20 Dec 2017", "Since 1 March", "12 May", "spring 2017"])
def test_a_day_is_no_year(text):
    assert meant("start_date", text) == ({}, [text])


def test_a_period_without_its_end_keeps_its_start_and_an_end_of_its_own_column_comes_first():
    assert meant("start_date", "2016 – TBC") == ({"start_date": "2016"}, [])
    assert meant("end_date", "2016 – ongoing")[1] == ["2016 – ongoing"]
    row = Row("", 1, {"title": "x", "start_date": "2016–2019", "end_date": "n/a"})
    assert values_of(row, Translator())["end_date"] == "2019"
    row.texts["end_date"] = "2018"
    assert values_of(row, Translator())["end_date"] == "2018"


@pytest.mark.parametrize(
    ("column", "text", "reading"),
    [
        ("regions", "Moyen-Orient/Afrique du N. & Afrique", {"regions": ["africa", "mena"]}),
        ("priority_area", "Femmes / Women", {"priority_area": "gender"}),
        ("priority_area", "Gov./HR/RoL", {"priority_area": "governance"}),
        ("priority_area", "Other (incl. NAPs)", {"priority_area": "other"}),
        ("status", "Clôturé (déc. 2016)", {"status": "completed"}),
        ("in_matrix", "Нет", {"in_matrix": "no"}),
        ("scope", "multi-pays", {"scope": "regional"}),
        ("entities", "UNODC (lead), UNICRI", {"entities": ["UNICRI", "UNODC"]}),
        ("entities", "IOM in coop. w. UNESCO", {"entities": ["IOM", "UNESCO"]}),
        ("entities", "UNCCT-CTED", {"entities": ["CTED", "UNCCT"]}),
        ("entities", "ПРООН", {"entities": ["UNDP"]}),
    ],
)
def test_words_of_six_languages_are_read(column, text, reading):
    assert meant(column, text) == (reading, [])


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


def test_no_area_is_proposed_that_another_label_fits_better():
    asked = Translator().asked("priority_area", "Mobilisation des communautés", 1, [])
    assert (asked.reading, asked.like, asked.likeness) == (
        *({"priority_area": "communities"}, "Communautés", 56),
    )
    none = Translator().asked("priority_area", "Jeunes des communautés", 1, [])
    assert none.reading == {}


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
