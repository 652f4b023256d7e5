"""PDF files: the rows of their tables, page by page. Only what is text is read, never a picture.

pdfplumber finds cells between drawn lines. Where a table has lines between its rows only, as those
of the United Nations have, white stripes from the first to the last of them separate its columns.
Somebody checks how each page was read: a PDF does not say what belongs together.
"""

import logging
from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any, cast

import pdfplumber
from django.conf import settings
from django.utils.translation import gettext as _
from pdfminer.pdfdocument import PDFEncryptionError
from pdfplumber.page import Page
from pdfplumber.table import Table
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from .lines import Line, Refused, broken, encrypted

# In points: how much deeper than the cell above it a row may reach and still be spanned by it; the
# least width of a stripe between columns, wider than that between words.
_SLACK, _STRIPE = 1, 6

# It writes what it wonders about to where this process says why a file is refused.
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)


def pdf_lines(file: IO[bytes]) -> Iterator[Line]:
    """Yield the rows of a PDF's tables, numbered through.

    A cell that spans several rows is repeated in each. Raises Refused, also in the middle.
    """
    most, number = settings.IMPORT_LIMITS["pages"], 0
    try:
        document = pdfplumber.open(cast(BytesIO, file), unicode_norm="NFC")
        pages = len(document.pages)
        if pages > most:
            text = _("The PDF has %(found)d pages. At most %(allowed)d are allowed.")
            raise Refused(text, found=pages, allowed=most)
        for page in document.pages:
            for cells in _rows(page):
                number += 1
                yield number, cells
            # What was read of it is not needed any more.
            page.close()
    except (PdfminerException, MalformedPDFException) as error:
        raise _refused(error) from None
    if not number:
        raise Refused(
            _("No table with lines and text was found in the PDF. Send the table as CSV or XLSX.")
        )


def _rows(page: Page) -> Iterator[list[str]]:
    tables = _tables(page, {})
    if not tables and (columns := _columns(page)):
        ways = {"vertical_strategy": "explicit", "explicit_vertical_lines": columns}
        tables = _tables(page, ways)
    for table in sorted(tables, key=lambda one: one.bbox[1]):
        yield from _filled(table)


def _tables(page: Page, ways: dict[str, Any]) -> list[Table]:
    # One cell is a frame around something, and no table.
    return [one for one in page.find_tables(ways) if len(one.cells) > 1]


def _columns(page: Page) -> list[float]:
    """Return where columns begin and end, between the first and the last level line; or nothing."""
    lines = page.horizontal_edges
    if len({round(one["top"]) for one in lines}) < 3:
        return []
    top, bottom = (pick(one["top"] for one in lines) for pick in (min, max))
    words = [one for one in page.extract_words() if top < one["top"] < bottom]
    ends = sorted({end for one in lines for end in (one["x0"], one["x1"])})
    columns: list[float] = [ends[0]]
    right = ends[0]
    for word in sorted(words, key=lambda one: one["x0"]):
        if word["x0"] - right > _STRIPE and right > ends[0]:
            # There a line begins or ends; or it goes through.
            within = [end for end in ends if right < end < word["x0"]]
            columns.append(within[0] if within else (right + word["x0"]) / 2)
        right = max(right, word["x1"])
    return [*columns, max(right, ends[-1])] if len(columns) > 1 else []


def _filled(table: Table) -> Iterator[list[str]]:
    """Yield the rows of a table; a cell that another above reaches into has that one's text."""
    above: dict[int, tuple[float, str]] = {}
    for row, texts in zip(table.rows, table.extract(), strict=True):
        cells = []
        for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            written = " ".join((text or "").split())
            if cell is not None:
                above[place] = (cell[3], written)
            elif row.bbox[3] <= above.get(place, (0, ""))[0] + _SLACK:
                written = above[place][1]
            cells.append(written)
        yield cells


def _refused(error: Exception) -> Refused:
    """Return the refusal of a file that cannot be read; raises MemoryError if that was why."""
    cause = error.args[0] if error.args else None
    if isinstance(cause, MemoryError):
        raise MemoryError from error
    if isinstance(cause, PDFEncryptionError):
        return encrypted()
    return broken()
