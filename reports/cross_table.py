"""The projects that are asked for, by two dimensions at once.

The report publishes totals by one dimension only, so every cell shows how many of its projects are
allocated, and which range those totals allow.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.asking import FACET_LABELS, MANY_VALUED, Asked, Selection, query_of
from projects.asking.answers import Answer, State, shown
from projects.asking.words import label_of
from projects.cube import BASES, VOCABULARIES, Cube, is_without_region
from projects.vocabulary import DOCUMENTED

from .breakdowns import share_words, with_any_region
from .frames import ALL, Tabulation, number, tabulate

SHADES = 5
# Rows that a reader can compare as small charts.
MOST_CHARTS = 8
# By the values of the row and the column.
Answers = Mapping[tuple[str, str], Answer]


@dataclass(frozen=True)
class Layout:
    """`view`: "register", "documented" or "range"; `percent`: "row", "column", "all" or "none"."""

    rows: str
    columns: str
    view: str = "register"
    percent: str = "none"

    @property
    def dimensions(self) -> tuple[str, str]:
        return self.rows, self.columns


@dataclass(frozen=True)
class Cell:
    """A cell or total, in projects, each counted once.

    `count` is of all or of the documented, as the view has it; `text` is what the table shows;
    `query` lists the projects, or is None when no filter does; `shade` is from 0 to SHADES, `share`
    the percentage of the fullest cell.
    """

    count: int
    answer: Answer
    text: str
    query: str | None
    shade: int
    share: str

    @property
    def state(self) -> str:
        return self.answer.state.value if self.shows_all else State.DOCUMENTED.value

    @property
    def shows_all(self) -> bool:
        return self.count == self.answer.reconstruction


@dataclass(frozen=True)
class TableRow:
    """A row of the table: its cells, then the projects in any of them, each counted once.

    `mentions` is the sum of the cells where a project can be in several, otherwise None.
    """

    label: str
    cells: list[Cell]
    total: Cell
    mentions: int | None


@dataclass(frozen=True)
class CrossTable:
    """A cross-table with its totals as the last row; `column_mentions` are sums of columns."""

    rows_label: str
    columns_label: str
    column_labels: list[str]
    rows: list[TableRow]
    column_mentions: list[int]
    sentences: list[str]
    texts: pd.DataFrame
    numbers: list[dict[str, str | int | None]]

    @property
    def many(self) -> bool:
        return bool(self.column_mentions)

    @property
    def has_charts(self) -> bool:
        """Whether its rows are few enough to compare as charts, and any is not empty."""
        inner = self.rows[:-1]
        return len(inner) <= MOST_CHARTS and any(cell.count for row in inner for cell in row.cells)

    @property
    def multiples(self) -> list[tuple[str, list[tuple[str, Cell]]]]:
        return [
            (row.label, list(zip(self.column_labels, row.cells, strict=True)))
            for row in self.rows[:-1]
        ]

    @property
    def grid(self) -> list[list[str]]:
        table = self.texts.copy()
        table.insert(0, f"{self.rows_label} / {self.columns_label}", [r.label for r in self.rows])
        table = table.rename(columns={ALL: _("Projects")})
        if self.many:
            table[_("Counts")] = [str(row.mentions) for row in self.rows]
            sums = [_("Counts"), *map(str, self.column_mentions), "", str(self.rows[-1].mentions)]
            table.loc[len(table)] = sums
        return [list(map(str, table.columns)), *table.to_numpy().tolist()]


def cross_table(selection: Selection, layout: Layout) -> CrossTable:
    asked, is_documented = selection.asked, layout.view == "documented"
    entities = selection.entity_cubes() if "entity" in layout.dimensions else {}
    parts = tuple((acronym, _counted(one, asked, layout)) for acronym, one in entities.items())
    table = tabulate(
        _counted(selection.before_vocabularies, asked, layout), layout.rows, layout.columns, parts
    )
    counts = table.documented if is_documented else table.projects
    rows, columns = counts.index[:-1], counts.columns[:-1]
    answers = {
        (row, column): _answer(selection, layout, entities, row, column)
        for row in counts.index
        for column in counts.columns
    }
    texts = _texts(answers, counts, layout)
    in_cells = counts.loc[rows, columns]
    highest = int(in_cells.to_numpy().max())
    cells = {
        place: _cell(
            number(counts, *place),
            highest,
            is_total=ALL in place,
            answer=answer,
            text=str(texts.at[place]),
            query=_query(asked, layout, *place),
        )
        for place, answer in answers.items()
    }
    many = bool(MANY_VALUED & {*layout.dimensions})
    by_row = [*in_cells.sum(axis=1), in_cells.to_numpy().sum()]
    labels = {slug: label_of(layout.rows, slug) for slug in rows} | {ALL: _("Projects")}
    column_labels = [label_of(layout.columns, slug) for slug in columns]
    return CrossTable(
        rows_label=str(FACET_LABELS[layout.rows]),
        columns_label=str(FACET_LABELS[layout.columns]),
        column_labels=column_labels,
        rows=[
            TableRow(
                labels[row],
                [cells[row, column] for column in columns],
                cells[row, ALL],
                int(mentions) if many else None,
            )
            for row, mentions in zip(counts.index, by_row, strict=True)
        ],
        column_mentions=[int(total) for total in in_cells.sum()] if many else [],
        sentences=_sentences(table, layout, many),
        texts=texts.set_axis([*column_labels, ALL], axis=1).reset_index(drop=True),
        numbers=[
            {layout.rows: row, layout.columns: column, **answer.as_data()}
            for (row, column), answer in answers.items()
        ],
    )


def _counted(cube: Cube, asked: Asked, layout: Layout) -> Cube:
    conditions = asked.vocabulary_conditions()
    if layout.view == "documented":
        # Neither the table's dimensions nor the filters rest on an assigned value.
        return cube.known([conditions])[0]
    return cube.where(conditions)


def _cell(count: int, highest: int, is_total: bool, **more: Any) -> Cell:
    shade = -(-SHADES * count // highest) if highest and not is_total else 0
    share = f"{100 * count / highest:.1f}" if highest else "0"
    return Cell(count, shade=shade, share=share, **more)


def _answer(
    selection: Selection, layout: Layout, entities: Mapping[str, Cube], row: str, column: str
) -> Answer:
    parts, base = [], None
    for dimension, value in zip(layout.dimensions, (row, column), strict=True):
        if dimension == "entity":
            base = entities[value] if value else None
        elif value:
            parts.append({dimension: [value]})
        elif dimension == "region":
            # A project without a region is in no cell, and so in no total.
            parts.append({"region": VOCABULARIES["region"].values})
    return selection.answers.of(*parts, base=base)


def _texts(answers: Answers, counts: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    texts = counts.astype(str)
    for (row, column), answer in answers.items():
        if layout.percent != "none":
            texts.at[row, column] = _share(answers, counts, layout, row, column)
        elif layout.view == "range" or (layout.view == "register" and answer.differs):
            texts.at[row, column] = answer.short
    return texts


def _share(answers: Answers, counts: pd.DataFrame, layout: Layout, row: str, column: str) -> str:
    of_row, of_column = layout.percent == "row", layout.percent == "column"
    whole = (row if of_row else ALL, column if of_column else ALL)
    if not number(counts, *whole):
        return "–"
    if layout.view == "documented":
        return f"{100 * number(counts, row, column) / number(counts, *whole):.1f} %"
    return share_words(answers[row, column], answers[whole])


def _query(asked: Asked, layout: Layout, row: str, column: str) -> str | None:
    found = asked.narrowing
    if layout.view == "documented":
        if any(found.of_basis(one, DOCUMENTED) is None for one in BASES.keys() & asked.conditions):
            return None
        documented = found.only_documented()
        if documented is None:
            return None
        found = documented
    for dimension, value in zip(layout.dimensions, (row, column), strict=True):
        if value:
            narrowed = found.with_value(dimension, value)
            if narrowed is None:
                return None
            found = narrowed
        elif is_without_region(dimension, asked.conditions.get(dimension, ())):
            return None
        elif dimension == "region":
            found = with_any_region(found)
        if layout.view == "documented" and dimension in BASES:
            documented = found.of_basis(dimension, DOCUMENTED)
            if documented is None:
                return None
            found = documented
    return query_of(found)


def _sentences(table: Tabulation, layout: Layout, many: bool) -> list[str]:
    whole = number(table.projects, ALL, ALL)
    allocated = number(table.allocated, ALL, ALL)
    names = {"row": FACET_LABELS[layout.rows], "column": FACET_LABELS[layout.columns]}
    names |= {"symbol": shown()["symbol"]}
    sentences = []
    if allocated:
        sentences = [
            _("%(symbol)s publishes no table of “%(row)s” by “%(column)s”.") % names,
            _allocated(whole, allocated, layout.view == "documented"),
        ]
    if set(layout.dimensions) & BASES.keys():
        sentences.append(
            _("The range of a cell is what the published totals allow, whatever is filtered.")
        )
    if many:
        sentences.append(
            _(
                "A project can stand in several cells: sums are counts, and projects are "
                "counted once beside them. Percentages are of projects."
            )
        )
    return sentences


def _allocated(whole: int, allocated: int, is_left_out: bool) -> str:
    if is_left_out:
        text = ngettext(
            "Of %(projects)s, %(allocated)d is left out: it was assigned to its place to fit the "
            "totals in %(in_parts)s.",
            "Of %(projects)s, %(allocated)d are left out: they were assigned to their place to fit "
            "the totals in %(in_parts)s.",
            allocated,
        )
    else:
        text = ngettext(
            "Of the %(projects)s counted here, %(allocated)d was assigned to its place to fit the "
            "totals in %(in_parts)s; for it, at least one of the two is not known.",
            "Of the %(projects)s counted here, %(allocated)d were assigned to their place to fit "
            "the totals in %(in_parts)s; for these, at least one of the two is not known.",
            allocated,
        )
    projects = ngettext("%d project", "%d projects", whole) % whole
    return text % {"projects": projects, "allocated": allocated, "in_parts": shown()["in_parts"]}
