"""A table's rows as cells, read in constant memory; every file is made of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice, product
from typing import Any

from django.db import connection, models, transaction

from ..columns import ROWS_AT_ONCE, Column, Table
from ..models import reading_at

# A text, or a list of texts where a column has several values.
ExportCell = str | list[str]


@contextmanager
def snapshot() -> Iterator[None]:
    """Let everything inside be read as it stood at one moment; nothing can be written meanwhile.

    Writers go on: PostgreSQL keeps the moment by its isolation level, SQLite by its log. What is at
    hand from before is of another moment, and is left alone.
    """
    with reading_at(None), _one_moment():
        yield


@contextmanager
def _one_moment() -> Iterator[None]:
    if connection.vendor == "postgresql":
        if connection.in_atomic_block:
            yield
            return
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
        return
    connection.ensure_connection()
    if connection.in_atomic_block or connection.connection.in_transaction:
        yield
        return
    # Not by atomic(), which takes the lock of a writer.
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def rows(records: models.QuerySet, table: Table) -> Iterator[list[ExportCell]]:
    """Yield the cells of each record, in the order of the table's columns and of the queryset."""
    return (row for _key, row in keyed_rows(records, table))


def keyed_rows(records: models.QuerySet, table: Table) -> Iterator[tuple[int, list[ExportCell]]]:
    """Yield (primary key, cells) of each record, all of one moment.

    Reads from one database cursor; entities and countries come batch by batch.
    """
    plain = [column.name for column in table.columns if not column.several]
    flags = [name for column in table.columns for name in column.flags.values()]
    several = [(table.columns[place], place) for place in table.several]
    stamps = [plain.index(name) for name in table.stamps]
    with snapshot():
        found = records.values_list("pk", *plain, *flags).iterator(chunk_size=ROWS_AT_ONCE)
        while batch := list(islice(found, ROWS_AT_ONCE)):
            cell_of = [(_lists(records, column, plain, flags, batch), p) for column, p in several]
            for values in batch:
                row = list(values[1 : len(plain) + 1])
                for place in stamps:
                    row[place] = f"{row[place].isoformat()[:19]}Z"
                for cell, place in cell_of:
                    row.insert(place, cell(values))
                yield values[0], row


def _lists(
    records: models.QuerySet, column: Column, plain: list[str], flags: list[str], batch: list
) -> Callable[[tuple], list[str]]:
    """Return what gives a row's list for a column with several values."""
    if column.linked_by:
        linked = _linked(records.model, column, [values[0] for values in batch])
        return lambda values: linked.get(values[0], [])
    first = 1 + len(plain) + flags.index(next(iter(column.flags.values())))
    last = first + len(column.flags)
    known = {
        which: [value for value, flag in zip(column.flags, which, strict=True) if flag]
        for which in product((False, True), repeat=len(column.flags))
    }
    return lambda values: list(known[values[first:last]])


def span_of(keys: list[int]) -> tuple[int, int] | None:
    """Return the first and the last of the keys if most of those between are among them.

    Rows in the order of their references have keys side by side: asking for the span is much
    cheaper than for two thousand keys one by one.
    """
    first, last = min(keys), max(keys)
    return (first, last) if last - first < 4 * len(keys) else None


def _linked(model: type[models.Model], column: Column, keys: list[int]) -> dict[int, list[str]]:
    links: Any = model._meta.get_field(column.name)
    record = f"{links.m2m_field_name()}"
    other = f"{links.m2m_reverse_field_name()}__{column.linked_by}"
    # What a span finds besides is not looked up.
    span = span_of(keys)
    condition = (
        {f"{record}__gte": span[0], f"{record}__lte": span[1]} if span else {f"{record}__in": keys}
    )
    linked: dict[int, list[str]] = {}
    found = links.remote_field.through._base_manager.filter(**condition)
    for key, name in found.values_list(f"{record}_id", other):
        linked.setdefault(key, []).append(name)
    for names in linked.values():
        names.sort(key=str.casefold)  # the directory's order: codes and acronyms are ASCII
    return linked
