"""Files on a reader's own terms: columns and names."""

import hashlib
import io

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from projects.imports.template import import_template
from projects.models import Edition, Project

from .declared import LAST_COLUMN
from .pages import body, book_of, csv_lines

pytestmark = pytest.mark.usefixtures("register")

CSV = "/projects/export.csv"


def lines_of(client, query: str) -> list[list[str]]:
    return csv_lines(client.get(f"{CSV}?{query}"))


def test_the_usual_file_stays_byte_for_byte(client):
    edition = Edition.objects.get(slug="reconstruction-2017-12")
    query = "?edition=reconstruction-2017-12"
    for same in ("", "&columns="):
        file = body(client.get(f"{CSV}{query}{same}"))
        assert hashlib.sha256(file).hexdigest() == edition.sha256


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


def test_a_text_that_could_be_a_formula_is_defused_here_too(client):
    project = Project.live.get(reference="PVE-001")
    project.title = "=1+1"
    project.save()
    assert lines_of(client, "columns=title")[1] == ["PVE-001", "'=1+1"]


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
    assert rows_of(book["Codes"]) == [
        [
            *("reference", "title", "priority_area", "priority_area_basis"),
            *("regions", "regions_basis", "entities"),
        ],
        [
            *("PVE-001", "Networks of Mediterranean Youth (NET-MED Youth)"),
            *("youth", "inferred", "not-stated", "not-stated", "UNESCO"),
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
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert sheet.print_title_rows == "$1:$1"
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
    "/projects/export.xlsx?columns=scope&q=net-med": {
        "Projects": ("landscape", 9, "$1:$1"),
        "Codes": ("landscape", 9, "$1:$1"),
        "Dictionary": ("landscape", 8, "$1:$1"),
        "About": ("portrait", 9, None),
    },
    "/statements.xlsx": {
        "Statements": ("landscape", 8, "$1:$1"),
        "Codes": ("landscape", 8, "$1:$1"),
        "Dictionary": ("landscape", 8, "$1:$1"),
        "About": ("portrait", 9, None),
    },
    "/elsewhere/export.xlsx": {
        "Projects elsewhere": ("landscape", 8, "$1:$1"),
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


def test_long_texts_of_the_last_sheets_are_whole_on_paper(client):
    book = workbook_of(client, "q=net-med")
    cells = [*book["Dictionary"]["B"], *book["Dictionary"]["D"], *book["About"]["B"]]
    assert all(cell.alignment.wrap_text for cell in cells)


@pytest.mark.long
@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_an_import_skips_the_tags(client, tmp_path, extension):
    file = tmp_path / f"register.{extension}"
    file.write_bytes(body(client.get(f"/projects/export.{extension}")))
    said = io.StringIO()
    call_command("import_projects", str(file), dry_run=True, stdout=said)
    assert "0 to add, 0 to change, 223 unchanged, 0 skipped" in said.getvalue()


def imported(tmp_path, text: str) -> str:
    file, said = tmp_path / "lines.csv", io.StringIO()
    file.write_text(text, encoding="utf-8")
    try:
        call_command("import_projects", str(file), dry_run=True, stdout=said)
    except SystemExit:
        return "refused"
    return said.getvalue()


@pytest.mark.long
def test_an_import_skips_tags_below_the_head_only(tmp_path):
    head, tags, row = "reference,title\n", "#activity+id, #activity +name\n", "PVE-001,Other\n"
    assert "0 to add, 1 to change" in imported(tmp_path, head + tags + row)
    assert "0 to add, 1 to change" in imported(tmp_path, head + "\n" + tags + row)
    assert imported(tmp_path, head + row + tags) == "refused"
    assert imported(tmp_path, head + "#activity+id,Other\n" + row) == "refused"


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
@pytest.mark.long
@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("long=region", "“long=region” is not a parameter. Allowed: q, priority_area, "),
        ("columns=colour", "columns: “colour” is not allowed. Allowed: reference, title,"),
    ],
)
def test_what_is_not_allowed_is_said(client, query, message, extension):
    response = client.get(f"/projects/export.{extension}?{query}")
    assert response.status_code == 400
    assert message in response.content.decode()


def test_a_briefing_takes_no_columns(client):
    response = client.get("/projects/export.docx?columns=status")
    assert response.status_code == 400
    said = "address: “columns=status” is not a parameter. Allowed: q, priority_area, "
    assert said in response.content.decode()


def test_a_long_name_is_cut_and_stays_its_own(client):
    names = [client.head(f"{CSV}?q={'a' * 180}{letter}")["Content-Disposition"] for letter in "bc"]
    assert names[0] != names[1]
    assert all(len(name) < 200 for name in names)


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
