"""The rows of a table as PostgreSQL writes them itself, by COPY: each cell is made in the database.

They are byte for byte what Python writes from `rows`; a test compares the two on hard texts.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from enum import Enum, auto
from itertools import islice
from typing import Any, NamedTuple

from django.db import connections, models
from psycopg2.sql import SQL, Composable, Composed, Identifier, Literal

from ..columns import ROWS_AT_ONCE, SEPARATOR, Column, Table
from .formula import SIGNS
from .rows import snapshot, span_of

# What Python takes for space; PostgreSQL's own class depends on how it was set up.
_SPACES = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace())
_FORMULA = Literal(f"^'*[{_SPACES}]*[{SIGNS}]")

# Some records at a time, by their keys: no statement runs for long, so that nothing has to be
# stopped when the reader of a file goes away, and what they are linked with is looked up at once.
_SOME = SQL(
    "COPY (SELECT {cells} FROM unnest({keys}::bigint[]) WITH ORDINALITY AS asked(pk, place)"
    " JOIN {records} AS record ON record.{pk} = asked.pk{links} ORDER BY asked.place"
    ") TO STDOUT (FORMAT csv, {options})"
)
# The order is that of the directory: codes and acronyms are ASCII.
_LINKED = SQL(
    " LEFT JOIN (SELECT pk, string_agg(cell, {between}) AS cells FROM (SELECT link.{record} AS pk,"
    " {cell} AS cell FROM {through} AS link JOIN {others} AS other ON other.{other_pk} ="
    ' link.{other} WHERE {these} ORDER BY link.{record}, lower({name} COLLATE "C")'
    ") AS sorted GROUP BY pk) AS {column} ON {column}.pk = asked.pk"
)
# Most texts begin with a letter, which is quickly seen; the dear look is for the others.
_DEFUSED = SQL(
    "CASE WHEN ascii({text}) BETWEEN 65 AND 122 OR {text} = '' THEN {text}"
    " WHEN {text} ~ {formula} THEN '''' || {text} ELSE {text} END"
)
# No cell is "-": one that is typed freely would have been defused. So none is written as NULL.
_CSV_OPTIONS = SQL("NULL '-'")
# JSON has none of these signs, which it escapes, so that nothing is quoted.
_JSON_OPTIONS = SQL("DELIMITER E'\\x01', QUOTE E'\\x02', NULL '-'")


class Form(Enum):
    """What a line is: of a CSV file, of one whose texts are as they stand, or a JSON object."""

    CSV = auto()
    PLAIN_CSV = auto()
    JSON = auto()


class _Line(NamedTuple):
    """How a line is written: its cells, the options of COPY, and what is linked.

    `cell` is made of the name of what a record is linked with, `between` stands between two.
    """

    cells: Composable
    options: Composable
    cell: SQL
    between: str


class _Lines(list[bytes]):
    """What COPY writes to: it gives each line by itself, with its end."""

    write = list.append


def copied(
    records: models.QuerySet, table: Table, form: Form
) -> Iterator[tuple[list[int], list[bytes]]]:
    """Yield primary keys of some records and their lines, without line ends, all of one moment.

    They are in the order of the queryset, read in constant memory.
    """
    line = _as_json(table) if form == Form.JSON else _as_csv(table, form == Form.CSV)
    connection = connections[records.db]
    # A generator, though Django's types call it no more than an iterator.
    found: Any = records.values_list("pk", flat=True).iterator(chunk_size=ROWS_AT_ONCE)
    # Where a reader goes away, the cursor ends before its transaction does.
    with snapshot(), closing(found) as waiting:
        while keys := list(islice(waiting, ROWS_AT_ONCE)):
            lines = _Lines()
            with connection.wrap_database_errors, connection.cursor() as cursor:
                statement = _statement(records.model, table, keys, line)
                cursor.copy_expert(statement.as_string(cursor.cursor), lines)
            yield keys, [line[:-1] for line in lines]


def _statement(model: type[models.Model], table: Table, keys: list[int], line: _Line) -> Composed:
    links = [_linked(model, column, keys, line) for column in table.columns if column.linked_by]
    return _SOME.format(
        cells=line.cells,
        keys=_array(keys),
        records=Identifier(model._meta.db_table),
        pk=Identifier(model._meta.pk.column),
        links=Composed(links),
        options=line.options,
    )


def _linked(model: type[models.Model], column: Column, keys: list[int], line: _Line) -> Composed:
    links: Any = model._meta.get_field(column.name)
    others = links.related_model._meta
    record = Identifier("link", links.m2m_column_name())
    name = Identifier("other", others.get_field(column.linked_by).column)
    span = span_of(keys)
    these = (
        SQL("{} BETWEEN {} AND {}").format(record, *map(Literal, span))
        if span
        else SQL("{} = ANY({}::bigint[])").format(record, _array(keys))
    )
    return _LINKED.format(
        between=Literal(line.between),
        record=Identifier(links.m2m_column_name()),
        cell=line.cell.format(name),
        through=Identifier(links.m2m_db_table()),
        others=Identifier(others.db_table),
        other_pk=Identifier(others.pk.column),
        other=Identifier(links.m2m_reverse_name()),
        these=these,
        name=name,
        column=Identifier(column.name),
    )


def _array(keys: Iterable[int]) -> Literal:
    return Literal(f"{{{','.join(map(str, keys))}}}")


def _flagged(column: Column, between: str, cell: str) -> Composed:
    """Return the values whose boolean columns are set, in their order."""
    return SQL("concat_ws({}, {})").format(
        Literal(between),
        SQL(", ").join(
            SQL("CASE WHEN {} THEN {} END").format(
                Identifier("record", flag), Literal(cell % value)
            )
            for value, flag in column.flags.items()
        ),
    )


def _text(table: Table, column: Column) -> Composable:
    text = Identifier("record", column.name)
    if column.name in table.stamps:
        return SQL("to_char({} AT TIME ZONE 'UTC', {})").format(
            text, Literal('YYYY-MM-DD"T"HH24:MI:SS"Z"')
        )
    return text


def _as_csv(table: Table, is_defused: bool) -> _Line:
    cells: list[Composable] = []
    for column in table.columns:
        if column.flags:
            cells.append(_flagged(column, SEPARATOR, "%s"))
        elif column.linked_by:
            cells.append(SQL("coalesce({}, '')").format(Identifier(column.name, "cells")))
        elif column.free_text and is_defused:
            text = _text(table, column)
            cells.append(_DEFUSED.format(text=text, formula=_FORMULA))
        else:
            cells.append(_text(table, column))
    return _Line(SQL(", ").join(cells), _CSV_OPTIONS, SQL("{}"), SEPARATOR)


def _as_json(table: Table) -> _Line:
    parts: list[Composable] = []
    before = "{"
    for column in table.columns:
        start = f'{before}"{column.name}": '
        if column.several:
            many = (
                _flagged(column, ", ", '"%s"') if column.flags else Identifier(column.name, "cells")
            )
            parts += [Literal(f"{start}["), many]
            before = "], "
        elif column.vocabulary or column.name in table.stamps:
            # Nothing in these is escaped.
            parts += [Literal(f'{start}"'), _text(table, column)]
            before = '", '
        else:
            parts += [Literal(start), SQL("to_json({})").format(_text(table, column))]
            before = ", "
    parts.append(Literal(f"{before[:-2]}}}"))
    cell = SQL("concat({})").format(SQL(", ").join(parts))
    return _Line(cell, _JSON_OPTIONS, SQL("to_json({})::text"), ", ")
