"""Two-way tables as files have them: pandas makes them from the numbers, and decides none."""

import io
from collections.abc import Mapping
from typing import IO

import pandas as pd

from projects.exports import add_about, for_paper, name_book, write_lines

from .cross_table import CrossTable
from .files import flat

# Whole numbers with gaps, which pandas would read as 27.0.
_WHOLE = "Int64"


def _table(table: CrossTable) -> pd.DataFrame:
    corner = f"{table.rows_label} / {table.columns_label}"
    return pd.Series(table.texts).unstack(sort=False).rename_axis(corner)


def grid_of(table: CrossTable) -> list[list[str]]:
    """Return the table as files have it, its head first: each number with how it is known."""
    found = _table(table).reset_index()
    return [[*found.columns], *found.to_numpy().tolist()]


def _numbers(table: CrossTable) -> pd.DataFrame:
    """Return a line for each number: the slugs of its row and column, then its answer's keys."""
    found = pd.DataFrame(map(flat, table.numbers), dtype=object)
    whole = [name for name in found if found[name].map(type).isin([int, type(None)]).all()]
    return found.astype(dict.fromkeys(whole, _WHOLE))


def csv_of(table: CrossTable, facts: Mapping[str, str]) -> bytes:
    """Return the table, the facts and the numbers as CSV, with an empty line between."""
    known = b"".join(write_lines([[], *facts.items(), []])).decode().removeprefix("\ufeff")
    grid, numbers = (
        frame.to_csv(lineterminator="\r\n", index=has_names)
        for frame, has_names in ((_table(table), True), (_numbers(table), False))
    )
    return f"\ufeff{grid}{known}{numbers}".encode()


def xlsx_of(table: CrossTable, facts: Mapping[str, str]) -> IO[bytes]:
    """Return a workbook with the sheets "Table", "About" and "Numbers"."""
    file = io.BytesIO()
    with pd.ExcelWriter(file, engine="openpyxl") as writer:
        _table(table).to_excel(writer, sheet_name="Table", freeze_panes=(1, 1))
        for_paper(writer.sheets["Table"], [60, *(20 for _label in table.column_labels), 20])
        name_book(writer.book, next(iter(facts.values())))
        add_about(writer.book, facts)
        numbers = _numbers(table)
        numbers.to_excel(writer, sheet_name="Numbers", index=False)
        for_paper(writer.sheets["Numbers"], [len(str(name)) + 4 for name in numbers])
    file.seek(0)
    return file
