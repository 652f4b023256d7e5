"""The projects that are asked for, by two dimensions at once.

The report publishes totals by one dimension only. So every cell says how many of its projects
are there by allocation, and which range the totals by one dimension allow.
"""

from dataclasses import dataclass

import pandas as pd
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.asking import FACET_LABELS, MANY_VALUED, Asked, Selection, query_of
from projects.asking.words import label_of
from projects.cube import BASES
from projects.vocabulary import DOCUMENTED

from .breakdowns import with_any_region
from .frames import ALL, Tabulation, number, tabulate

SHADES = 5


@dataclass(frozen=True)
class Layout:
    """Which cross-table: its two dimensions, what a cell says, and as what.

    `view` is "register", "documented" or "range"; `percent` is "row", "column", "all", or "none"
    for numbers.
    """

    rows: str
    columns: str
    view: str = "register"
    percent: str = "none"

    @property
    def dimensions(self) -> tuple[str, str]:
        """The dimension of the rows, then that of the columns."""
        return self.rows, self.columns


@dataclass(frozen=True)
class Cell:
    """A cell or total, in projects, each counted once.

    `count` is what the view counts, all or without those allocated; `low` to `high` is the range
    that the totals allow; `text` is what the table shows; `query` lists the projects, or is None
    when no filter does; `shade` runs from 0 to SHADES and `share` is the percentage of the fullest
    cell.
    """

    count: int
    allocated: int
    low: int
    high: int
    text: str
    query: str | None
    shade: int
    share: str


@dataclass(frozen=True)
class TableRow:
    """A row of the table: its cells, then the projects in any of them, each counted once.

    `mentions` is the sum of the cells where projects can stand in several, otherwise None.
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

    @property
    def many(self) -> bool:
        """Whether a project can stand in several cells, so that sums are in mentions."""
        return bool(self.column_mentions)

    @property
    def multiples(self) -> list[tuple[str, list[tuple[str, Cell]]]]:
        """The rows, without the totals, each as a chart of its own: bars as (label, cell)."""
        return [
            (row.label, list(zip(self.column_labels, row.cells, strict=True)))
            for row in self.rows[:-1]
        ]

    @property
    def grid(self) -> list[list[str]]:
        """The table as it is shown, in text: head, rows, totals."""
        table = self.texts.copy()
        table.insert(0, f"{self.rows_label} / {self.columns_label}", [r.label for r in self.rows])
        table = table.rename(columns={ALL: _("Projects")})
        if self.many:
            table[_("Mentions")] = [str(row.mentions) for row in self.rows]
            sums = [_("Mentions"), *map(str, self.column_mentions), "", str(self.rows[-1].mentions)]
            table.loc[len(table)] = sums
        return [list(map(str, table.columns)), *table.to_numpy().tolist()]


def cross_table(selection: Selection, layout: Layout) -> CrossTable:
    """Return the cross-table of the projects that are asked for."""
    entities = tuple(selection.entity_cubes().items()) if "entity" in layout.dimensions else ()
    table = tabulate(selection.cube, layout.rows, layout.columns, entities)
    shown = table.documented if layout.view == "documented" else table.projects
    rows, columns = shown.index[:-1], shown.columns[:-1]
    texts = _texts(table, shown, layout)
    highest = int(shown.loc[rows, columns].to_numpy().max())
    many = bool(MANY_VALUED & {*layout.dimensions})
    in_cells = shown.loc[rows, columns]
    by_row = [*in_cells.sum(axis=1), in_cells.to_numpy().sum()]

    def cell(row: str, column: str) -> Cell:
        count = number(shown, row, column)
        inner = ALL not in (row, column)
        return Cell(
            count,
            allocated=number(table.allocated, row, column),
            low=number(table.low, row, column),
            high=number(table.high, row, column),
            text=str(texts.at[row, column]),
            query=_query(selection.asked, layout, row, column),
            shade=-(-SHADES * count // highest) if highest and inner else 0,
            share=f"{100 * count / highest:.1f}" if highest else "0",
        )

    labels = {slug: label_of(layout.rows, slug) for slug in rows} | {ALL: _("Projects")}
    column_labels = [label_of(layout.columns, slug) for slug in columns]
    return CrossTable(
        rows_label=str(FACET_LABELS[layout.rows]),
        columns_label=str(FACET_LABELS[layout.columns]),
        column_labels=column_labels,
        rows=[
            TableRow(
                labels[row],
                [cell(row, column) for column in columns],
                cell(row, ALL),
                int(mentions) if many else None,
            )
            for row, mentions in zip(shown.index, by_row, strict=True)
        ],
        column_mentions=[int(number) for number in in_cells.sum()] if many else [],
        sentences=_sentences(table, layout, many),
        texts=texts.set_axis([*column_labels, ALL], axis=1).reset_index(drop=True),
    )


def _texts(table: Tabulation, shown: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    """Return what the cells show: numbers, ranges, or percentages of distinct projects."""
    if layout.percent != "none":
        wholes = pd.DataFrame(0, index=shown.index, columns=shown.columns)
        for column in shown.columns:
            whole: dict[str, pd.Series | int] = {
                "row": shown[ALL],
                "column": number(shown, ALL, column),
                "all": number(shown, ALL, ALL),
            }
            wholes[column] = whole[layout.percent]
        shares = (100 * shown / wholes.where(wholes > 0)).map("{:.1f} %".format)
        return shares.where(wholes > 0, "–")
    texts = shown.astype(str)
    if layout.view == "range":
        low, high = table.low.astype(str), table.high.astype(str)
        ranges = low.where(table.low == table.high, low + "–" + high)
        inner = (shown.index[:-1], shown.columns[:-1])
        texts.loc[inner] = ranges.loc[inner]
    return texts


def _query(asked: Asked, layout: Layout, row: str, column: str) -> str | None:
    """Return the query string that lists just these projects, or None if there is none."""
    found = asked.narrowing
    for dimension, value in zip(layout.dimensions, (row, column), strict=True):
        chosen = asked.conditions.get(dimension, ())
        if value and chosen and value not in chosen:
            return None
        if value:
            found = found.but(**{dimension: [value]})
        elif dimension == "region":
            found = with_any_region(found)
        if layout.view == "documented" and dimension in BASES:
            documented = found.of_basis(dimension, DOCUMENTED)
            if documented is None:
                return None
            found = documented
    return query_of(found)


def _sentences(table: Tabulation, layout: Layout, many: bool) -> list[str]:
    """What is and is not known of the table, in words to quote."""
    whole = number(table.projects, ALL, ALL)
    allocated = number(table.allocated, ALL, ALL)
    names = {
        "row": str(FACET_LABELS[layout.rows]).lower(),
        "column": str(FACET_LABELS[layout.columns]).lower(),
    }
    say = _left_out if layout.view == "documented" else _placed
    sentences = [
        _("A/72/621 publishes no table by %(row)s and %(column)s.") % names,
        say(whole, allocated),
    ]
    if set(layout.dimensions) & BASES.keys():
        sentences.append(
            _("The range of a cell is what the totals of its row and its column allow.")
        )
    if many:
        sentences.append(
            _(
                "A project can stand in several cells: sums are mentions, and projects are "
                "counted once beside them. Percentages are of projects."
            )
        )
    return sentences


def _placed(whole: int, allocated: int) -> str:
    text = ngettext(
        "Of the %(projects)s counted here, %(allocated)d was given its place only so that totals "
        "equal paragraphs 24 and 25; nothing is known of its place in this table.",
        "Of the %(projects)s counted here, %(allocated)d were given their place only so that "
        "totals equal paragraphs 24 and 25; nothing is known of their place in this table.",
        allocated,
    )
    return text % {"projects": _projects(whole), "allocated": allocated}


def _left_out(whole: int, allocated: int) -> str:
    text = ngettext(
        "Of %(projects)s, %(allocated)d is left out: it was given its place only so that totals "
        "equal paragraphs 24 and 25; nothing is known of its place in this table.",
        "Of %(projects)s, %(allocated)d are left out: they were given their place only so that "
        "totals equal paragraphs 24 and 25; nothing is known of their place in this table.",
        allocated,
    )
    return text % {"projects": _projects(whole), "allocated": allocated}


def _projects(number: int) -> str:
    return ngettext("%d project", "%d projects", number) % number
