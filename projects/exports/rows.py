"""A table's rows as cells, read in constant memory; every file is made of them."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.db.models import Aggregate, Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Cast, Concat

from ..columns import ROWS_AT_ONCE, SEPARATOR, Column, Table
from ..models import reading_at
from ..models.conditions import UNSTATED
from ..vocabulary import NOT_STATED

# A text, or a list of texts where a column has several values.
ExportCell = str | list[str]
Keyed = tuple[int, list[ExportCell]]
Item = TypeVar("Item")


@contextmanager
def snapshot() -> Iterator[None]:
    """Let everything inside be read at one moment; nothing can be written meanwhile.

    Writers go on: PostgreSQL keeps the moment by its isolation level, SQLite by its log. What was
    cached before is of another moment, and is not used.
    """
    with reading_at(None), connection.cursor() as cursor:
        if connection.in_atomic_block or getattr(connection.connection, "in_transaction", False):
            yield
        elif connection.vendor == "postgresql":
            with transaction.atomic():
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                yield
        else:
            # Not by atomic(), which takes the lock of a writer.
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def batched(items: Iterable[Item]) -> Iterator[list[Item]]:
    waiting = iter(items)
    while some := list(islice(waiting, ROWS_AT_ONCE)):
        yield some


def in_blocks(
    blocks: Iterable[Any], table: Table, filled_in: bool = False
) -> Generator[Keyed, None, None]:
    """Yield (primary key, cells) of the rows of a query, block by block; 0 is no key."""
    with snapshot():
        names: dict[str, dict[str, str]] = {}
        for block in blocks:
            if isinstance(block, list):
                yield from ((0, one.cells(table)) for one in block)
            else:
                yield from keyed_rows(block, table, filled_in, names)


def keyed_rows(
    records: models.QuerySet,
    table: Table,
    filled_in: bool = False,
    names: dict[str, dict[str, str]] | None = None,
) -> Iterator[Keyed]:
    """Yield (primary key, cells) of each record, in the order of the columns and of the queryset.

    Without `filled_in` what no source states of a project is NOT_STATED. `names` has those of
    entities and countries that were read for other records of the table.

    One statement reads them all, of one moment and in constant memory; two more read the names of
    the entities and countries, which a join would look for again for each record.
    """
    model, columns = records.model, list(enumerate(table.columns))
    flags = [place for place, column in columns if column.flags]
    stamps = [place for place, column in columns if column.name in table.stamps]
    # A generator, though Django's types call it no more than an iterator.
    values: Any = records.values_list(
        "pk", *(_expression(model, column, filled_in) for column in table.columns)
    ).iterator(chunk_size=ROWS_AT_ONCE)
    # If the reader of a file goes away, the cursor is closed before its transaction.
    with snapshot(), closing(values):
        names = {} if names is None else names
        linked = [(place, column) for place, column in columns if column.linked_by]
        for key, *row in values:
            for place in flags:
                row[place] = row[place].split(SEPARATOR)[:-1]
            for place, column in linked:
                keys = row[place].split(SEPARATOR) if row[place] else []
                if column.name not in names:
                    names[column.name] = _names(model, column)
                # The directory's order: codes and acronyms are ASCII.
                row[place] = sorted((names[column.name][one] for one in keys), key=str.casefold)
            for place in stamps:
                row[place] = f"{row[place].isoformat()[:19]}Z"
            yield key, row


def _names(model: type[models.Model], column: Column) -> dict[str, str]:
    """Return what names each that a record can be linked with, by its primary key as a text."""
    related: Any = model._meta.get_field(column.name).related_model
    found = related._base_manager.values_list("pk", column.linked_by)
    return {str(key): name for key, name in found}


class _Joined(Aggregate):
    """The texts of a group as one, in any order: not every SQLite can sort them."""

    output_field = models.TextField()
    template = f"%(function)s(%(expressions)s, '{SEPARATOR}')"
    function = "STRING_AGG"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **extra)


def _expression(model: type[models.Model], column: Column, filled_in: bool) -> Any:
    if column.name in UNSTATED and not filled_in:
        unstated = Value(f"{NOT_STATED}{SEPARATOR}" if column.flags else NOT_STATED)
        stated = _expression(model, column, filled_in=True)
        stated = F(stated) if isinstance(stated, str) else stated
        return Case(
            When(UNSTATED[column.name], then=unstated),
            default=stated,
            output_field=models.TextField(),
        )
    if column.flags:
        cases = [
            Case(When(**{flag: True}, then=Value(f"{value}{SEPARATOR}")), default=Value(""))
            for value, flag in column.flags.items()
        ]
        return Concat(*cases, output_field=models.TextField())
    if not column.linked_by:
        return column.name
    links: Any = model._meta.get_field(column.name)
    record, other = links.m2m_field_name(), f"{links.m2m_reverse_field_name()}_id"
    these = links.remote_field.through._base_manager.filter(**{record: OuterRef("pk")})
    joined = _Joined(Cast(other, models.TextField()))
    return Subquery(these.values(record).annotate(joined=joined).values("joined"))


def laid_out(rows: Iterable[Keyed], table: Table) -> Iterator[list[str]]:
    """Yield the lines of a file, each cell as a text."""
    lists = [place for place, column in enumerate(table.columns) if column.several]
    for _key, row in rows:
        line: list[Any] = row
        for place in lists:
            line[place] = SEPARATOR.join(line[place])
        yield line
