"""CSV: the only writer of it, so that every file has its mark, its line ends, no live formula."""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

from django.db import connection, models

from ..columns import SEPARATOR, Layout, Table
from .copy import Form, copied
from .formula import defuse
from .rows import rows

# So that a spreadsheet reads the file as UTF-8.
BYTE_ORDER_MARK = "\ufeff"
# Lines that are encoded and sent together.
_LINES_AT_ONCE = 500


def write_lines(lines: Iterable[Sequence], free: Iterable[int] | None = None) -> Iterator[bytes]:
    """Yield the lines as UTF-8 with BOM, comma, CRLF and RFC 4180 quoting, some at a time.

    Texts at the places `free` are defused, everywhere if not given; numbers stay as they are.
    """
    places = None if free is None else tuple(free)
    mark, waiting = BYTE_ORDER_MARK.encode(), iter(lines)
    while some := list(islice(waiting, _LINES_AT_ONCE)):
        yield mark + _written(some, places)
        mark = b""


def plain_lines(rows: Sequence[Sequence[str]]) -> tuple[int, bytes]:
    """Return (how many, their lines) of rows as `csv_lines` gives them, their texts as they are."""
    return len(rows), _written(rows, ())


def _written(lines: Iterable[Sequence], free: Collection[int] | None) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(_defused(line, free) for line in lines)
    return buffer.getvalue().encode()


def _defused(line: Sequence, places: Collection[int] | None) -> list:
    cells = list(line)
    for place in range(len(cells)) if places is None else places:
        if cells[place] and isinstance(cells[place], str):
            cells[place] = defuse(cells[place])
    return cells


def write_csv(records: models.QuerySet, layout: Layout) -> Iterator[bytes]:
    """Yield the table of these records as a CSV file, some rows at a time."""
    (start,) = write_lines(layout.heads)
    for _count, lines in csv_lines(records, layout):
        # The head comes with the first rows: what fails before them can still be said.
        yield start + lines
        start = b""
    if start:
        yield start


def csv_lines(
    records: models.QuerySet, layout: Layout, defused: bool = True
) -> Iterator[tuple[int, bytes]]:
    """Yield (how many, their lines) of some records, without the mark and the head.

    Not `defused`, they are for a program that reads texts only.
    """
    table = layout.table
    if connection.vendor == "postgresql" and not layout.labels and not layout.long:
        for _keys, lines in copied(records, table, Form.CSV if defused else Form.PLAIN_CSV):
            yield len(lines), b"\r\n".join(lines) + b"\r\n"
        return
    free = table.free_text if defused else ()
    found: Iterator[list] = rows(records, table)
    if layout.labels:
        found = _labelled(found, table)
    if layout.long:
        found = _lengthened(found, table.columns.index(table.by_one[layout.long]))
    while some := list(islice(found, _LINES_AT_ONCE)):
        for row in some:
            for place in table.several:
                row[place] = SEPARATOR.join(row[place])
        yield len(some), _written(some, free)


def _labelled(found: Iterator[list], table: Table) -> Iterator[list]:
    """Yield the rows with the labels of vocabularies instead of their slugs."""
    known = [
        (place, {slug: str(label) for slug, label in column.vocabulary})
        for place, column in enumerate(table.columns)
        if column.vocabulary
    ]
    for row in found:
        for place, label in known:
            cell = row[place]
            row[place] = (
                [label[slug] for slug in cell] if isinstance(cell, list) else label.get(cell, cell)
            )
        yield row


def _lengthened(found: Iterator[list], place: int) -> Iterator[list]:
    """Yield a row for each value that stands there; one where there is none."""
    for row in found:
        for value in row[place] or [""]:
            yield [*row[:place], [value], *row[place + 1 :]]
