"""CSV: the only writer of it, so that every file has its mark, its line ends, no live formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from ..columns import Table
from .rows import Keyed, batched, laid_out

# What starts a formula in a spreadsheet or a command in its older exchange formats; full-width
# signs included. As in the brackets of a regular expression: "-" stands last.
SIGNS = "=+@\t\r\n|%＝＋－＠-"
# Optional apostrophes and spaces, then such a sign with something after it.
_FORMULA = re.compile(rf"'*\s*[{SIGNS}].", re.DOTALL)
# So that a spreadsheet reads the file as UTF-8.
BYTE_ORDER_MARK = "\ufeff"


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
    mark = BYTE_ORDER_MARK
    for some in batched(lines):
        buffer = io.StringIO(newline="")
        buffer.write(mark)
        csv.writer(buffer).writerows(_defused(line, places) for line in some)
        yield buffer.getvalue().encode()
        mark = ""


def _defused(line: Sequence, places: Iterable[int] | None) -> list:
    cells = list(line)
    for place in range(len(cells)) if places is None else places:
        if cells[place] and isinstance(cells[place], str):
            cells[place] = defuse(cells[place])
    return cells


def write_csv(rows: Iterable[Keyed], table: Table) -> Iterator[bytes]:
    return write_lines(chain([table.names], laid_out(rows, table)), table.free_text)
