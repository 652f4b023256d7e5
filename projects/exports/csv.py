"""CSV: the only writer of it, so that every file has its mark, its line ends, no live formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db import models

from ..columns import SEPARATOR, Table
from .rows import rows

# So that a spreadsheet reads the file as UTF-8.
BYTE_ORDER_MARK = "\ufeff"
# Lines that are encoded and sent together.
_LINES_AT_ONCE = 500

# A cell that a spreadsheet could run: optional apostrophes and spaces, then a sign that starts a
# formula in a spreadsheet or a command in its older exchange formats; full-width signs included.
_FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n|%＝＋－＠]")


def defuse(text: str) -> str:
    """Return the text as a CSV cell carries it: with one ' before what could run as a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def restore_cell(cell: str) -> str:
    """Return the text that `defuse` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def write_lines(lines: Iterable[Sequence], free: Iterable[int] | None = None) -> Iterator[bytes]:
    """Yield the lines as UTF-8 with BOM, comma, CRLF and RFC 4180 quoting, some at a time.

    Texts at the places `free` are defused, everywhere if not given; numbers stay as they are.
    """
    places = None if free is None else tuple(free)
    mark, waiting = BYTE_ORDER_MARK, iter(lines)
    while some := list(islice(waiting, _LINES_AT_ONCE)):
        buffer = io.StringIO(newline="")
        buffer.write(mark)
        csv.writer(buffer).writerows(_defused(line, places) for line in some)
        yield buffer.getvalue().encode()
        mark = ""


def _defused(line: Sequence, places: tuple[int, ...] | None) -> list:
    cells = list(line)
    for place in range(len(cells)) if places is None else places:
        if cells[place] and isinstance(cells[place], str):
            cells[place] = defuse(cells[place])
    return cells


def write_csv(records: models.QuerySet, table: Table) -> Iterator[bytes]:
    """Yield the table of these records as a CSV file, some rows at a time."""

    def lines() -> Iterator[list]:
        yield table.names
        for row in rows(records, table):
            for place in table.several:
                row[place] = SEPARATOR.join(row[place])
            yield row

    return write_lines(lines(), table.free_text)
