"""JSON: the filtered table, with what was asked for and how many there are."""

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from django.db import models

from ..columns import Table
from .rows import keyed_rows, snapshot

_ROWS_AT_ONCE = 500


def write_json(
    records: models.QuerySet,
    table: Table,
    head: Callable[[], Mapping[str, object]],
    more: Callable[[], Mapping[str, object]] = dict,
    beside: Callable[[list[int]], Mapping[int, Mapping[str, object]]] = lambda keys: {},
) -> Iterator[bytes]:
    """Yield {"count", "filters", "generated_at", "results"}: arrays where a cell has several.

    `head` is asked for the first three at the moment of which the rows are, and `more` for what
    follows after the rows. `beside` is asked what each of some rows, by primary key, has after its
    columns.
    """
    with snapshot():
        yield (json.dumps(head(), ensure_ascii=False)[:-1] + ', "results": [').encode()
        found = keyed_rows(records, table)
        separator = "\n"
        while batch := list(islice(found, _ROWS_AT_ONCE)):
            follows = beside([key for key, _row in batch])
            lines = ",\n".join(
                json.dumps(
                    {**dict(zip(table.names, row, strict=True)), **follows.get(key, {})},
                    ensure_ascii=False,
                )
                for key, row in batch
            )
            yield (separator + lines).encode()
            separator = ",\n"
        rest = json.dumps(more(), ensure_ascii=False)
        yield f"\n]{', ' if rest != '{}' else ''}{rest[1:-1]}}}\n".encode()
