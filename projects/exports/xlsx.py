"""XLSX: the table as a workbook, with its dictionary and where it comes from."""

import tempfile
from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from ..columns import SEPARATOR, Table
from ..text import in_xml
from ..vocabulary import MEANINGS
from .rows import rows

# The sheets beside the table; scripts know them by these names.
DICTIONARY, ABOUT = "Dictionary", "About"
TERMS = gettext_lazy(
    "The figures come from United Nations document A/72/621. The United Nations holds the rights "
    "in its documents; its terms of use apply (www.un.org/en/about-us/terms-of-use). This register "
    "is not an official United Nations publication and grants no licence to the data."
)


def write_xlsx(
    records: models.QuerySet, table: Table, sentence: str, edition: str, moment: datetime
):
    """Return an open temporary file that holds a workbook: the table, "Dictionary" and "About".

    `sentence` says in words what was asked for, `edition` of which edition.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Projects"))
    sheet.freeze_panes = "B2"
    for place, column in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.append(head_cells(sheet, table.names))
    count = 0
    for row in rows(records, table):
        count += 1
        for place in table.several:
            row[place] = SEPARATOR.join(row[place])
        for place in table.free_text:
            row[place] = _text_cell(sheet, str(row[place]))
        sheet.append(row)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{count + 1}"
    _dictionary(book, table)
    add_about(book, facts(sentence, count, edition, moment))
    return saved(book)


def saved(book):
    """Return the workbook as an open temporary file, from its start; whoever sends it closes it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closing it here would delete it
    book.save(file)
    file.seek(0)
    return file


def _text_cell(sheet, text: str):
    """A cell that is text whatever it looks like; what XML cannot carry becomes U+FFFD."""
    text = in_xml(text)
    if text[:1] not in "=#":
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def head_cells(sheet, titles: Iterable[str]) -> list[WriteOnlyCell]:
    """Return the titles as bold cells of a write-only sheet."""
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
        _("Projects"): str(count),
        _("Edition"): edition,
        _("Date"): moment.strftime("%Y-%m-%d %H:%M UTC"),
        _("Source"): _("A/72/621, paras. 22, 24 and 25, and the paragraphs that each row names"),
        _("Allocation"): _(
            "A classification whose basis is “allocated” was assigned to fit the totals in "
            "paragraphs 24 and 25. It says nothing about the project."
        ),
        _("Licence"): str(TERMS),
    }


def add_about(book, known: dict[str, str]) -> None:
    """Add the sheet "About" to a write-only workbook, a line for each fact."""
    sheet = book.create_sheet(ABOUT)
    sheet.column_dimensions["A"].width = 20
    sheet.column_dimensions["B"].width = 100
    for name, fact in known.items():
        text = int(fact) if fact.isdecimal() else _text_cell(sheet, fact)
        sheet.append([*head_cells(sheet, [name]), text])
