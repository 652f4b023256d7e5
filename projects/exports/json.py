"""NDJSON: the rows of the filtered table, each a line of JSON."""

import json
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any

from ..columns import QUOTATIONS, Table
from ..models import Quotation
from .rows import Keyed, batched, snapshot

Rows = Generator[Keyed, None, None]
_encode = json.JSONEncoder(ensure_ascii=False).encode


def write_ndjson(rows: Rows, table: Table) -> Iterator[bytes]:
    """Yield the rows: arrays where a cell has several values, and quotations at the end."""
    for some in batched(named_rows(rows, table)):
        yield "".join(f"{_encode(row)}\n" for _key, row in some).encode()


def named_rows(rows: Rows, table: Table) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (primary key, cells by column) of each row, with its quotations."""
    # Where the reader of a file goes away, its cursor is closed before the transaction.
    with snapshot(), closing(rows):
        for some in batched(rows):
            keys = [key for key, _cells in some]
            quoted = Quotation.objects.by_project(keys)
            for key, cells in some:
                row: dict[str, Any] = dict(zip(table.names, cells, strict=True))
                row[QUOTATIONS.name] = [one.as_data for one in quoted.get(key, [])]
                yield key, row
