"""Reading a file that somebody sent, whatever its columns are: all of its sheets, or a PDF."""

from collections.abc import Iterator
from itertools import chain, islice
from typing import IO

from ..columns import PROJECT_TABLE
from ..imports.files import first_bytes, from_header, is_pdf, text_lines, within_limits
from ..imports.lines import HEADER_WITHIN, SHEET, Line
from ..imports.workbook import visible_sheets


def read_any(name: str, file: IO[bytes], mapped: bool = False) -> Iterator[Line]:
    """Yield the lines of a file in the register's columns as `read_lines` does, of others all.

    A file is in the register's columns if it has the reference among them, and is not to be
    `mapped` all the same; the tables of a PDF never are. Of another, each sheet begins with a line
    of number 0 that has its name, and a merged cell is repeated in every cell that it covers.
    Raises Refused, also in the middle of the file.
    """
    start = first_bytes(name, file)
    if is_pdf(start):
        # It is large, and no web worker nor any other file needs it.
        from .pdf import pdf_lines  # noqa: PLC0415 - loaded only where a PDF is read

        return within_limits(chain([(SHEET, [""])], pdf_lines(file)))
    sheets = visible_sheets(file) if start.startswith(b"PK") else []
    lines = within_limits(sheets[0].lines() if sheets else text_lines(file, start))
    head = list(islice(lines, HEADER_WITHIN))
    if not mapped and _is_ours(head):
        return from_header(chain(head, lines))
    if not sheets:
        return chain([(SHEET, [""])], head, lines)
    return within_limits(
        chain.from_iterable(
            chain([(SHEET, [sheet.name])], sheet.filled_lines()) for sheet in sheets
        )
    )


def _is_ours(head: list[Line]) -> bool:
    found = [{PROJECT_TABLE.column_of(cell) for cell in cells} for _number, cells in head]
    return any("reference" in names and len(names - {""}) > 1 for names in found)
