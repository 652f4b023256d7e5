"""XLSX: the table as a workbook, with its dictionary and where it comes from."""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from ..columns import Layout, Table
from ..text import in_xml
from ..vocabulary import MEANINGS
from . import sheet

# The sheets beside the table; scripts know them by these names.
DICTIONARY, ABOUT = "Dictionary", "About"
TERMS = gettext_lazy(
    "The figures come from United Nations document A/72/621. United Nations documents with a "
    "symbol are left in the public domain (ST/AI/189/Add.9/Rev.2, para. 2 (b)); the website that "
    "has them has terms of use of its own (www.un.org/en/about-us/terms-of-use). This register is "
    "not an official United Nations publication and grants no licence to the data."
)


# What the rows of a workbook may take: seconds of computing (100,000 take three), bytes of memory;
# and how much longer than computing it may last, on a machine that has other things to do.
_MOST_SECONDS, _MOST_BYTES, _TIMES_AS_LONG = 60, 300_000_000, 6


class NotMade(Exception):
    """A workbook took more time or memory than it may, or than there is."""


def write_xlsx(
    title: str, layout: Layout, rows: Iterable[tuple[int, bytes]], about: Mapping[str, str]
):
    """Return an open temporary file that holds a workbook: the table, "Dictionary" and "About".

    `title` is what the table's sheet is called, `rows` are (how many, their lines as CSV), and
    `about` are the facts that the last sheet tells. Raises NotMade.
    """
    with tempfile.TemporaryFile() as lines:
        names, *tags = layout.heads
        last = 1 + len(tags)
        for line in tags:
            lines.write((",".join(line) + "\r\n").encode())
        for some, written in rows:
            last += some
            lines.write(written)
        lines.seek(0)
        # All but the rows, of which openpyxl would make an object for each cell.
        book = Workbook(write_only=True)
        first_sheet = book.create_sheet(title)
        first_sheet.freeze_panes = f"B{2 + len(tags)}"
        for place, column in enumerate(layout.table.columns, start=1):
            first_sheet.column_dimensions[get_column_letter(place)].width = column.width
        first_sheet.append(head_cells(first_sheet, names))
        first_sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{last}"
        _dictionary(book, layout.table)
        add_about(book, about)
        with saved(book) as template:
            return _filled(template, lines)


def _filled(template, lines):
    """Return the template with these lines as rows, made by a process of its own."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closing it here would delete it
    try:
        subprocess.run(  # noqa: S603 - no shell, and nothing of a reader's
            [
                sys.executable,
                "-I",  # or it would import what stands beside it instead of Python's own
                sheet.__file__,
                f"/dev/fd/{template.fileno()}",
                str(_MOST_SECONDS),
                str(_MOST_BYTES),
            ],
            stdin=lines,
            stdout=file,
            pass_fds=[template.fileno()],
            env={},
            timeout=_MOST_SECONDS * _TIMES_AS_LONG,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        file.close()
        raise NotMade(str(error)) from error
    file.seek(0)
    return file


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
            "An assigned classification, of which the basis is “allocated” in the data, only fits "
            "the totals in paragraphs 24 and 25. It says nothing about the project."
        ),
        _("Licence"): str(TERMS),
    }


def add_about(book, known: Mapping[str, str]) -> None:
    """Add the sheet "About" to a write-only workbook, a line for each fact."""
    sheet = book.create_sheet(ABOUT)
    sheet.column_dimensions["A"].width = 20
    sheet.column_dimensions["B"].width = 100
    for name, fact in known.items():
        text = int(fact) if fact.isdecimal() else _text_cell(sheet, fact)
        sheet.append([*head_cells(sheet, [name]), text])
