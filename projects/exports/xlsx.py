"""XLSX: the table in words, the same in codes, its dictionary and where it comes from."""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import IO, Any

from django.core.exceptions import BadRequest
from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ..citations import labelled
from ..columns import SEPARATOR, Table
from ..text import in_xml
from ..vocabulary import MEANINGS, about_report, facts_of_report

# The sheets next to the table; scripts know them by these names.
CODES, DICTIONARY, ABOUT = "Codes", "Dictionary", "About"
# Long texts wrap within this width, in characters.
_WIDEST = 40
# Wider tables than this are too small to read on one A4 page across: they are printed on A3.
_WIDEST_ON_A4 = 190
_WRAPPED = Alignment(vertical="top", wrap_text=True)
TERMS = about_report(
    gettext_lazy(
        "The figures come from United Nations document %(symbol)s. Documents with a symbol are in "
        "the public domain (ST/AI/189/Add.9/Rev.2, para. 2 (b)); for the website see "
        "www.un.org/en/about-us/terms-of-use. This register is not an official United Nations "
        "publication and grants no licence to the data."
    )
)

# More rows than this no workbook takes: openpyxl writes one to three thousand a second.
MOST_ROWS = 50_000


def refuse_too_many(rows: int) -> None:
    """Raise BadRequest if a workbook cannot have this many rows."""
    if rows > MOST_ROWS:
        raise BadRequest(
            _("A workbook has at most %d rows. Narrow the list, or download the CSV.") % MOST_ROWS
        )


def write_xlsx(
    title: str, table: Table, rows: Iterable[Sequence[str]], about: Mapping[str, str]
) -> IO[bytes]:
    """Return a file with the sheets `title`, "Codes", "Dictionary" and "About".

    `rows` are in codes; the first sheet has them in words, for people. `about` are the facts that
    the last sheet tells, beginning with the query. Raises BadRequest where there are too many rows.
    """
    # All are read before one is written, which takes longer than a statement may.
    rows = list(islice(rows, MOST_ROWS + 1))
    refuse_too_many(len(rows))
    book = name_book(Workbook(write_only=True), labelled(title, about[_("Query")]))
    try:
        columns = table.columns
        shown = add_sheet(book, title, [min(column.width, _WIDEST) for column in columns])
        coded = add_sheet(book, CODES, [column.width for column in columns])
        for sheet, head in ((shown, [one.label for one in columns]), (coded, table.names)):
            sheet.freeze_panes = "B2"
            sheet.append(head_cells(sheet, head))
        line_of = _line_of(shown, table)
        for row in rows:
            shown.append(line_of(row))
            coded.append([_text_cell(coded, text) if text else None for text in row])
        for sheet in (shown, coded):
            sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{1 + len(rows)}"
        # The columns of others are described in English, in the data package.
        if table.model == "projects.project":
            _dictionary(book, table)
        add_about(book, about)
    finally:
        # After an error too: only by saving does openpyxl remove its own temporary file.
        file = saved(book)
    return file


def name_book(book: Workbook, title: str) -> Workbook:
    book.properties.title, book.properties.creator = in_xml(title), _("PVE matrix")
    return book


def add_sheet(book: Workbook, title: str, widths: Sequence[int], head: str = "1:1") -> Worksheet:
    """Return a new sheet, ready for paper, with columns of these widths."""
    sheet = book.create_sheet(title)
    for_paper(sheet, widths, head)
    return sheet


def for_paper(sheet: Worksheet, widths: Sequence[int], head: str = "1:1") -> None:
    """Set the columns' widths; let the sheet be one page wide, with the rows `head` on each page.

    Its columns begin where the language does. Without a head, as lines of facts are, it is upright.
    """
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    is_wide = sum(widths) > _WIDEST_ON_A4
    sheet.sheet_view.rightToLeft = get_language_bidi()
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.page_setup.orientation = "landscape" if head else "portrait"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A3 if is_wide else Worksheet.PAPERSIZE_A4
    sheet.print_title_rows = head or None
    sheet.oddFooter.center.text = "&P / &N"


def _line_of(sheet: Worksheet, table: Table) -> Callable[[Sequence[str]], list[Cell | None]]:
    """Return what makes cells in words of a row in codes.

    The cells are the same for every row, since the sheet has written them before the next.
    """
    # Each label is translated once, not in each row.
    labels = [{slug: str(label) for slug, label in one.labels.items()} for one in table.columns]
    cells = [WriteOnlyCell(sheet) for _column in table.columns]
    for cell in cells:
        cell.alignment = _WRAPPED

    def line_of(row: Sequence[str]) -> list[Cell | None]:
        line: list[Cell | None] = []
        for place, (cell, text) in enumerate(zip(cells, row, strict=True)):
            parts = text.split(SEPARATOR) if table.columns[place].several else [text]
            words = f"{SEPARATOR} ".join(labels[place].get(one, one) for one in parts)
            line.append(_with_text(cell, words) if text else None)
        return line

    return line_of


def saved(book: Any) -> IO[bytes]:
    """Return the file of a workbook or document, from its beginning."""
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def _wrapped(sheet: Worksheet, text: str) -> Cell:
    cell = _with_text(WriteOnlyCell(sheet), text)
    cell.alignment = _WRAPPED
    return cell


def _text_cell(sheet: Worksheet, text: str) -> Cell | str:
    """A cell that is text, also "=1" and "#N/A"; a plain text is written in half the time."""
    is_plain = not text.startswith(("=", "#"))
    return in_xml(text) if is_plain else _with_text(WriteOnlyCell(sheet), text)


def _with_text(cell: Cell, text: str) -> Cell:
    """Return the cell with a text; what XML cannot carry becomes U+FFFD."""
    cell.value = in_xml(text)
    cell.data_type = "s"
    return cell


def head_cells(sheet: Worksheet, titles: Iterable[Any]) -> list[Cell]:
    cells = [WriteOnlyCell(sheet, str(title)) for title in titles]
    for cell in cells:
        cell.font, cell.alignment = Font(bold=True), _WRAPPED
    return cells


def _dictionary(book: Workbook, table: Table) -> None:
    sheet = add_sheet(book, DICTIONARY, (20, 60, 40, 60, 24))
    sheet.freeze_panes = "A2"
    heads = (_("Column"), _("Meaning"), _("Allowed value"), _("Label"), _("Heading"))
    sheet.append(head_cells(sheet, heads))
    for column in table.columns:
        values = [] if column.vocabulary else [(str(column.allowed), "")]
        for slug, label in column.labels.items():
            meaning = MEANINGS.get(slug)
            values.append((slug, labelled(label, meaning) if meaning else str(label)))
        for allowed, text in values:
            cells = (column.name, str(column.meaning), allowed, text, str(column.label))
            sheet.append([_wrapped(sheet, one) for one in cells])


def facts(sentence: str, edition: str, moment: datetime) -> dict[str, str]:
    """Return where a file comes from: query and edition in words, when, source, terms."""
    return {
        _("Query"): sentence,
        _("Edition"): edition,
        _("Date"): moment.strftime("%Y-%m-%d %H:%M UTC"),
        _("Source"): _("%(cited)s, and the paragraphs that each row names") % facts_of_report(),
        _("Licence"): str(TERMS),
    }


def add_about(book: Workbook, known: Mapping[str, str]) -> None:
    sheet = add_sheet(book, ABOUT, (20, 100), head="")
    for name, fact in known.items():
        text = int(fact) if fact.isdecimal() else _wrapped(sheet, fact)
        sheet.append([*head_cells(sheet, [name]), text])
