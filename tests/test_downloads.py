"""Files on a reader's own terms: columns and names."""

import io

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from projects.imports.template import import_template

from .declared import LAST_COLUMN
from .pages import body, book_of, csv_lines

pytestmark = pytest.mark.usefixtures("register")

CSV = "/projects/export.csv"


def lines_of(client, query: str) -> list[list[str]]:
    return csv_lines(client.get(f"{CSV}?{query}"))


def test_columns_that_are_chosen_come_with_what_is_known_of_them(client):
    lines = lines_of(client, "columns=status&columns=scope&q=net-med")
    assert lines == [
        ["reference", "title", "scope", "scope_basis", "status"],
        [
            *("PVE-001", "Networks of Mediterranean Youth (NET-MED Youth)", "regional"),
            *("inferred", "not-stated"),
        ],
    ]
    assert lines_of(client, "columns=title")[0] == ["reference", "title"]


def workbook_of(client, query: str):
    return book_of(client.get(f"/projects/export.xlsx?{query}"))


def rows_of(sheet) -> list[list[str]]:
    return [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]


def test_a_workbook_has_what_was_asked_for(client):
    query = "q=net-med&columns=priority_area&columns=regions&columns=entities"
    book = workbook_of(client, query)
    assert rows_of(book["Projects"]) == [
        [
            *("Reference", "Title", "Priority area", "Basis of the priority area"),
            *("Regions", "Basis of the regions", "Entities"),
        ],
        [
            *("PVE-001", "Networks of Mediterranean Youth (NET-MED Youth)"),
            *("Empowering youth", "Our reading", "Not stated", "Not stated", "UNESCO"),
        ],
    ]
    assert {row[0] for row in rows_of(book["Dictionary"])} == {
        *("Column", "reference", "title", "priority_area", "priority_area_basis"),
        *("regions", "regions_basis", "entities"),
    }


def test_a_workbook_is_ready_to_print_and_says_what_is_not_stated(client):
    book = workbook_of(client, "priority_area=youth")
    sheet = book["Projects"]
    assert (book.properties.title, book.properties.creator) == (
        *("Projects: 27 projects on empowering youth (A/72/621, para. 24).", "PVE matrix"),
    )
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", f"A1:{LAST_COLUMN}28")
    assert max(sheet.column_dimensions[letter].width for letter in "ABCDT") == 40
    # The scope of PVE-001 was read from the words; of the placeholder no source states one.
    assert [cell.value for cell in sheet[2][5:7]] == ["Regional", "Our reading"]
    assert [cell.value for cell in sheet[28][3:9]] == [
        *("Empowering youth", "Stated", "Not stated", "Not stated", "Not stated", "Not stated"),
    ]
    narrow = workbook_of(client, "q=net-med&columns=scope")["Projects"]
    assert narrow.page_setup.paperSize == 9


# Of each sheet of each workbook: its orientation, paper (8: A3, 9: A4) and the rows on each page.
ON_PAPER = {
    "/projects/export.xlsx": {
        "Projects": ("landscape", 8, "$1:$1"),
        "Codes": ("landscape", 8, "$1:$1"),
        "Dictionary": ("landscape", 8, "$1:$1"),
        "About": ("portrait", 9, None),
    },
    "/reports/cross-table.xlsx": {
        "Table": ("landscape", 9, "$1:$1"),
        "About": ("portrait", 9, None),
        "Numbers": ("landscape", 8, "$1:$1"),
    },
    "the template": {
        "Projects": ("landscape", 8, "$1:$1"),
        "Instructions": ("landscape", 9, "$6:$6"),
    },
}


@pytest.mark.parametrize("address", ON_PAPER)
def test_every_sheet_is_ready_to_print(client, address):
    is_file = address.startswith("/")
    content = body(client.get(address)) if is_file else import_template()
    found = {}
    for sheet in load_workbook(io.BytesIO(content)):
        page = sheet.page_setup
        fits = (sheet.sheet_properties.pageSetUpPr.fitToPage, page.fitToWidth, page.fitToHeight)
        assert (fits, sheet.oddFooter.center.text) == ((True, 1, 0), "&P / &N")
        found[sheet.title] = (page.orientation, page.paperSize, sheet.print_title_rows)
    assert found == ON_PAPER[address]


@pytest.mark.long
@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_an_import_skips_the_tags(client, tmp_path, extension):
    file = tmp_path / f"register.{extension}"
    file.write_bytes(body(client.get(f"/projects/export.{extension}")))
    said = io.StringIO()
    call_command("import_projects", str(file), dry_run=True, stdout=said)
    assert "0 to add, 0 to change, 223 unchanged, 0 skipped" in said.getvalue()


def test_a_briefing_takes_no_columns(client):
    response = client.get("/projects/export.docx?columns=status")
    assert response.status_code == 400
    said = "address: “columns=status” is not a parameter. Allowed: q, priority_area, "
    assert said in response.content.decode()


def test_the_list_offers_them(client):
    html = client.get("/projects/?scope=global&sort=title&columns=status").content.decode()
    for extension in ("xlsx", "csv"):
        address = f"/projects/export.{extension}?scope=global&amp;sort=title"
        assert f'href="{address}"' in html
        assert f'href="{address}&amp;columns=status"' in html
    assert "The columns chosen under “View”" in html
    assert "Every column; “View” can choose fewer." in client.get("/projects/").content.decode()


def test_own_terms_cost_no_more_queries(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        lines_of(client, "columns=entities")
    with django_assert_max_num_queries(11):
        workbook_of(client, "columns=entities")
