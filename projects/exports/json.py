"""JSON: the filtered table, with what was asked for and how many there are."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from django.db import connection, models

from ..columns import Table
from .copy import Form, copied
from .rows import keyed_rows, snapshot

_ROWS_AT_ONCE = 500
# What gives lists by primary key of those records that have any.
Beside = Callable[[list[int]], Mapping[int, Sequence[object]]]


def write_json(
    records: models.QuerySet,
    table: Table,
    head: Callable[[], Mapping[str, object]],
    more: Callable[[], Mapping[str, object]] = dict,
    beside: Mapping[str, Beside] = {},
) -> Iterator[bytes]:
    """Yield {"count", "filters", "generated_at", "results"}: arrays where a cell has several.

    `head` is asked for the first three at the moment of which the rows are, and `more` for what
    follows after the rows. `beside` are lists that each row has after its columns, by their names.
    """
    with snapshot():
        yield (json.dumps(head(), ensure_ascii=False)[:-1] + ', "results": [').encode()
        separator = b"\n"
        for keys, objects in _objects(records, table):
            lines = objects
            for name, asked in beside.items():
                lines = _with_list(lines, name, keys, asked(keys))
            yield separator + b",\n".join(lines)
            separator = b",\n"
        rest = json.dumps(more(), ensure_ascii=False)
        yield f"\n]{', ' if rest != '{}' else ''}{rest[1:-1]}}}\n".encode()


def _objects(records: models.QuerySet, table: Table) -> Iterator[tuple[list[int], list[bytes]]]:
    """Yield primary keys of some records, and each one's columns as a JSON object."""
    if connection.vendor == "postgresql":
        yield from copied(records, table, Form.JSON)
        return
    found = keyed_rows(records, table)
    while batch := list(islice(found, _ROWS_AT_ONCE)):
        named = [dict(zip(table.names, row, strict=True)) for _key, row in batch]
        lines = [json.dumps(one, ensure_ascii=False).encode() for one in named]
        yield [key for key, _row in batch], lines


def _with_list(
    lines: list[bytes], name: str, keys: list[int], lists: Mapping[int, Sequence[object]]
) -> list[bytes]:
    """Return the objects with one more list at their ends, which is empty where there is none."""
    start = f', "{name}": '.encode()
    end = start + b"[]}"
    return [
        line[:-1] + start + json.dumps(lists[key], ensure_ascii=False).encode() + b"}"
        if key in lists
        else line[:-1] + end
        for key, line in zip(keys, lines, strict=True)
    ]
