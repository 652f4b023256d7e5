"""JSON: the filtered table, with what was asked for and how many there are."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from ..columns import QUOTATIONS, Table
from ..models import ProjectQuerySet, Quotation
from .rows import batched, keyed_rows, snapshot

_encode = json.JSONEncoder(ensure_ascii=False).encode


def write_json(
    projects: ProjectQuerySet, table: Table, known: Callable[[], dict[str, object]]
) -> Iterator[bytes]:
    """Yield an object with "results": arrays where a cell has several, and quotations at the end.

    `known` is asked for the other keys at the moment of the rows.
    """
    with snapshot():
        others = known()
        head = {name: others.pop(name) for name in ("count", "filters", "generated_at")}
        yield f'{_encode(head)[:-1]}, "results": ['.encode()
        separator = "\n"
        for lines in batched(_lines(projects, table)):
            yield (separator + ",\n".join(lines)).encode()
            separator = ",\n"
        yield f"\n], {_encode(others)[1:]}\n".encode()


def write_ndjson(projects: ProjectQuerySet, table: Table) -> Iterator[bytes]:
    """Yield the same rows alone, each a line of its own."""
    for lines in batched(_lines(projects, table)):
        yield "".join(f"{line}\n" for line in lines).encode()


def _lines(projects: ProjectQuerySet, table: Table) -> Iterator[str]:
    return (_encode(row) for _key, row in named_rows(projects, table))


def named_rows(
    projects: ProjectQuerySet, table: Table, is_quoted: bool = True
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (primary key, cells by column) of each project, with its quotations if asked for."""
    with snapshot():
        for some in batched(keyed_rows(projects, table)):
            keys = [key for key, _cells in some]
            quoted = Quotation.objects.by_project(keys) if is_quoted else {}
            for key, cells in some:
                row: dict[str, Any] = dict(zip(table.names, cells, strict=True))
                if is_quoted:
                    row[QUOTATIONS.name] = [one.as_data for one in quoted.get(key, [])]
                yield key, row
