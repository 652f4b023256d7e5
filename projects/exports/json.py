"""JSON: the filtered table, with what was asked for and how many there are."""

import json
from collections.abc import Callable, Iterator

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
        for lines in _lines(projects, table):
            yield (separator + ",\n".join(lines)).encode()
            separator = ",\n"
        yield f"\n], {_encode(others)[1:]}\n".encode()


def write_ndjson(projects: ProjectQuerySet, table: Table) -> Iterator[bytes]:
    """Yield the same rows alone, each a line of its own."""
    with snapshot():
        for lines in _lines(projects, table):
            yield "".join(f"{line}\n" for line in lines).encode()


def _lines(projects: ProjectQuerySet, table: Table) -> Iterator[list[str]]:
    for some in batched(keyed_rows(projects, table)):
        quoted = Quotation.objects.by_project([key for key, _row in some])
        lines = []
        for key, row in some:
            named: dict[str, object] = dict(zip(table.names, row, strict=True))
            named[QUOTATIONS.name] = [one.as_data for one in quoted.get(key, [])]
            lines.append(_encode(named))
        yield lines
