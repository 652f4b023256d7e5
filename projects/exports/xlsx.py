"""XLSX: the table as a workbook, with its dictionary and where it comes from."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import IO

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from ..columns import Layout, Table
from ..text import in_xml
from ..vocabulary import MEANINGS, about_report, facts_of_report

# The sheets next to the table; scripts know them by these names.
DICTIONARY, ABOUT = "Dictionary", "About"
TERMS = about_report(
    gettext_lazy(
        "The figures come from United Nations document %(symbol)s. United Nations documents with "
        "a symbol are left in the public domain (ST/AI/189/Add.9/Rev.2, para. 2 (b)); the website "
        "that has them has terms of use of its own (www.un.org/en/about-us/terms-of-use). This "
        "register is not an official United Nations publication and grants no licence to the data."
    )
)


# More rows than this no workbook takes: openpyxl writes some four thousand a second.
MOST_ROWS = 50_000


def refuse_too_many(rows: int) -> None:
    """Raise BadRequest if a workbook cannot have this many rows."""
    if rows > MOST_ROWS:
        raise BadRequest(
            _(
                "There are more than %(most)d rows, which is what a workbook takes. Narrow the "
                "list, or take the CSV."
            )
            % {"most": MOST_ROWS}
        )


def write_xlsx(
    title: str, layout: Layout, rows: Iterable[Sequence[str]], about: Mapping[str, str]
) -> IO[bytes]:
    """Return an open temporary file that holds a workbook: the table, "Dictionary" and "About".

    `title` is what the table's sheet is called, and `about` are the facts that the last sheet
    tells. Raises BadRequest where there are too many rows.
    """
    book = Workbook(write_only=True)
    with _saving(book) as file:
        names, *tags = layout.heads
        sheet = book.create_sheet(title)
        sheet.freeze_panes = f"B{2 + len(tags)}"
        for place, column in enumerate(layout.table.columns, start=1):
            sheet.column_dimensions[get_column_letter(place)].width = column.width
        sheet.append(head_cells(sheet, names))
        for line in tags:
            sheet.append(line)
        count = 0
        for count, row in enumerate(rows, start=1):
            refuse_too_many(count)
            sheet.append([_text_cell(sheet, text) if text else None for text in row])
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{1 + len(tags) + count}"
        _dictionary(book, layout.table)
        add_about(book, about)
    return file


@contextmanager
def _saving(book) -> Iterator[IO[bytes]]:
    """Give an open temporary file, in which the workbook or document is afterwards."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closing it here would delete it
    with ExitStack() as unless_done:
        unless_done.callback(file.close)
        try:
            yield file
        finally:
            # After an error too: only by saving does openpyxl remove its own temporary file.
            book.save(file)
        unless_done.pop_all()
    file.seek(0)


def saved(book) -> IO[bytes]:
    """Return the workbook or document as an open temporary file, which its sender closes."""
    with _saving(book) as file:
        return file


def _text_cell(sheet, text: str):
    """A cell that is text, also "=1" and "#N/A"; what XML cannot carry becomes U+FFFD."""
    text = in_xml(text)
    if not text.startswith(("=", "#")):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def head_cells(sheet, titles: Iterable[str]) -> list[WriteOnlyCell]:
    cells = [WriteOnlyCell(sheet, str(title)) for title in titles]
    for cell in cells:
        cell.font = Font(bold=True)
    return cells


def _dictionary(book, table: Table) -> None:
    sheet = book.create_sheet(DICTIONARY)
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCD", (20, 60, 40, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append(head_cells(sheet, (_("Column"), _("Meaning"), _("Allowed value"), _("Label"))))
    for column in table.columns:
        if not column.vocabulary:
            sheet.append([column.name, str(column.meaning), str(column.allowed), ""])
        for slug, label in column.vocabulary:
            meaning = MEANINGS.get(slug)
            text = f"{label}: {meaning}" if meaning else str(label)
            sheet.append([column.name, str(column.meaning), slug, text])


def facts(sentence: str, count: int, edition: str, moment: datetime) -> dict[str, str]:
    """Return where a file comes from: query and edition in words, how many, when, source, terms."""
    return {
        _("Query"): sentence,
        _("Entries"): str(count),
        _("Edition"): edition,
        _("Date"): moment.strftime("%Y-%m-%d %H:%M UTC"),
        _("Source"): _("%(cited)s, and the paragraphs that each row names") % facts_of_report(),
        _("Allocation"): _(
            "A value whose basis is “allocated” was filled in so that the totals in %(in_parts)s "
            "add up. No source says it, and it says nothing about the project."
        )
        % facts_of_report(),
        _("Licence"): str(TERMS),
    }


def add_about(book, known: Mapping[str, str]) -> None:
    sheet = book.create_sheet(ABOUT)
    sheet.column_dimensions["A"].width = 20
    sheet.column_dimensions["B"].width = 100
    for name, fact in known.items():
        text = int(fact) if fact.isdecimal() else _text_cell(sheet, fact)
        sheet.append([*head_cells(sheet, [name]), text])
