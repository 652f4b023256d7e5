"""JSON: the filtered table, with what was asked for and how many there are."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice

from django.db import models

from ..columns import Table
from .rows import rows, snapshot

_ROWS_AT_ONCE = 500


def write_json(
    records: models.QuerySet,
    table: Table,
    count: Callable[[], int],
    filters: Mapping[str, Sequence[str]],
    more: Callable[[], Mapping[str, object]] = dict,
) -> Iterator[bytes]:
    """Yield {"count", "filters", "generated_at", "results"}: arrays where a cell has several.

    `count` is asked how many there are at the moment of which the rows are, and `more` what is to
    be known besides: it follows after the rows.
    """
    with snapshot():
        head = {"count": count(), "filters": filters, "generated_at": _now()}
        yield (json.dumps(head, ensure_ascii=False)[:-1] + ', "results": [').encode()
        found = rows(records, table)
        separator = "\n"
        while batch := list(islice(found, _ROWS_AT_ONCE)):
            lines = ",\n".join(
                json.dumps(dict(zip(table.names, row, strict=True)), ensure_ascii=False)
                for row in batch
            )
            yield (separator + lines).encode()
            separator = ",\n"
        rest = json.dumps(more(), ensure_ascii=False)
        yield f"\n]{', ' if rest != '{}' else ''}{rest[1:-1]}}}\n".encode()


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
