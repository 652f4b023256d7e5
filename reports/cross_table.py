"""The projects that a filter asks for, by two dimensions at once.

The report publishes totals by one dimension only. So every cell says how many of its projects
are there by allocation, and which range the totals by one dimension allow.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.asking.filters import FACET_LABELS, MANY_VALUED
from projects.cube import BASES, DIMENSIONS, Cube
from projects.vocabulary import DOCUMENTED

from .filters import CrossTableFilter

SHADES = 5


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
class Line:
    """A row of the table: its cells, then the projects in any of them, each counted once.

    `mentions` is the sum of the cells where projects can stand in several, otherwise None.
    """

    label: str
    cells: list[Cell]
    total: Cell
    mentions: int | None


@dataclass(frozen=True)
class CrossTable:
    """A cross-table with its totals as the last line; `column_mentions` are sums of columns."""

    rows_label: str
    columns_label: str
    column_labels: list[str]
    lines: list[Line]
    column_mentions: list[int]
    sentences: list[str]

    @property
    def many(self) -> bool:
        """Whether a project can stand in several cells, so that sums are in mentions."""
        return bool(self.column_mentions)

    @property
    def multiples(self) -> list[tuple[str, list[tuple[str, Cell]]]]:
        """The rows, without the totals, each as a chart of its own: bars as (label, cell)."""
        return [
            (line.label, list(zip(self.column_labels, line.cells, strict=True)))
            for line in self.lines[:-1]
        ]

    @property
    def grid(self) -> list[list[str]]:
        """The table as it is shown, in text: head, rows, totals."""
        head = [f"{self.rows_label} / {self.columns_label}", *self.column_labels, _("Projects")]
        grid = [[*head, _("Mentions")] if self.many else head]
        for line in self.lines:
            texts = [line.label, *(cell.text for cell in line.cells), line.total.text]
            grid.append([*texts, str(line.mentions)] if self.many else texts)
        if self.many:
            sums = [str(mentions) for mentions in self.column_mentions]
            grid.append([_("Mentions"), *sums, "", str(self.lines[-1].mentions)])
        return grid


class Counts:
    """The cubes behind a cross-table; None stands for any value of a dimension."""

    def __init__(self, projects: CrossTableFilter):
        self.projects = projects
        self.dimensions = (projects.row_dimension, projects.column_dimension)
        self.by_entity = projects.entity_cubes() if "entity" in self.dimensions else {}
        # A range is between published totals. Those by scope and those by region meet only in
        # projects that have a region; any other pair meets in all projects.
        self.within_regions = set(self.dimensions) == {"scope", "region"}
        self._cubes: dict[tuple, Cube] = {}

    def cube(self, row: str | None, column: str | None, *, any_region: bool = True) -> Cube:
        """Return the projects that have that row and that column.

        A project without any region stands in no cell of a table by region, and so in no total of
        it; `any_region=False` leaves it in.
        """
        key = (row, column, any_region)
        if key not in self._cubes:
            cube, vocabulary = self.projects.cube, {}
            for dimension, value in zip(self.dimensions, (row, column), strict=True):
                if dimension == "entity":
                    cube = self.by_entity[value] if value else cube
                elif value:
                    vocabulary[dimension] = [value]
                elif dimension == "region" and any_region:
                    vocabulary[dimension] = DIMENSIONS["region"].values
            self._cubes[key] = cube.where(vocabulary)
        return self._cubes[key]

    def shown(self, row: str | None, column: str | None) -> int:
        """Return the projects that the view counts: all, or without those allocated."""
        cube = self.cube(row, column)
        if self.projects.cell_view == "documented":
            return cube.total - cube.allocated(self.dimensions)
        return cube.total

    def range(self, row: str | None, column: str | None) -> tuple[int, int]:
        """Return the least and most projects in a cell that the totals of its line allow."""
        a, b, n = (
            self.cube(*place, any_region=self.within_regions).total
            for place in ((row, None), (None, column), (None, None))
        )
        return max(0, a + b - n), min(a, b)

    def text(self, row: str | None, column: str | None) -> str:
        """Return what the cell shows: a number, a range, or a percentage of distinct projects."""
        if self.projects.cell_view == "range" and row and column:
            low, high = self.range(row, column)
            return str(low) if low == high else f"{low}–{high}"
        whole = {"row": (row, None), "column": (None, column), "all": (None, None)}
        if self.projects.percentage == "none":
            return str(self.shown(row, column))
        base = self.shown(*whole[self.projects.percentage])
        return f"{100 * self.shown(row, column) / base:.1f} %" if base else "–"

    def query(self, row: str | None, column: str | None) -> str | None:
        """Return the query string that lists just these projects, or None if there is none."""
        changes = {}
        for dimension, value in zip(self.dimensions, (row, column), strict=True):
            chosen = self.projects.conditions.get(dimension, [])
            if value and chosen and value not in chosen:
                return None
            if value:
                changes[dimension] = [value]
            elif dimension == "region" and not chosen:
                changes[dimension] = DIMENSIONS["region"].values
            if self.projects.cell_view == "documented" and dimension in BASES:
                documented = self.projects.of_basis(dimension, DOCUMENTED)
                if documented is None:
                    return None
                changes |= documented
        return self.projects.narrowed(**changes)


def cross_table(projects: CrossTableFilter) -> CrossTable:
    """Return the cross-table that a valid filter asks for."""
    counts = Counts(projects)
    rows, columns = (dict(projects.fields[name].choices) for name in counts.dimensions)
    highest = max(counts.shown(row, column) for row in rows for column in columns)

    def cell(row: str | None, column: str | None) -> Cell:
        shown = counts.shown(row, column)
        low, high = counts.range(row, column)
        allocated = counts.cube(row, column).allocated(counts.dimensions)
        inner = row is not None and column is not None
        shade = -(-SHADES * shown // highest) if highest and inner else 0
        text, query = counts.text(row, column), counts.query(row, column)
        share = f"{100 * shown / highest:.1f}" if highest else "0"
        return Cell(shown, allocated, low, high, text, query, shade, share)

    many = bool(MANY_VALUED & {*counts.dimensions})
    sums = {
        (row, column): counts.shown(row, column) if many else 0
        for row in rows
        for column in columns
    }

    def line(row: str | None, label: str) -> Line:
        mentions = sum(number for (r, _column), number in sums.items() if row in (None, r))
        cells = [cell(row, column) for column in columns]
        return Line(label, cells, cell(row, None), mentions if many else None)

    return CrossTable(
        rows_label=str(FACET_LABELS[counts.dimensions[0]]),
        columns_label=str(FACET_LABELS[counts.dimensions[1]]),
        column_labels=[str(label) for label in columns.values()],
        lines=[
            *(line(row, str(label)) for row, label in rows.items()),
            line(None, _("Projects")),
        ],
        column_mentions=[sum(sums[row, column] for row in rows) for column in columns]
        if many
        else [],
        sentences=_sentences(counts, many),
    )


def _sentences(counts: Counts, many: bool) -> list[str]:
    """What is and is not known of the table, in words to quote."""
    whole = counts.cube(None, None)
    allocated = whole.allocated(counts.dimensions)
    names = {
        "row": str(FACET_LABELS[counts.dimensions[0]]).lower(),
        "column": str(FACET_LABELS[counts.dimensions[1]]).lower(),
    }
    sentences = [
        _("A/72/621 publishes no table by %(row)s and %(column)s.") % names,
        _left_out(whole, allocated)
        if counts.projects.cell_view == "documented"
        else _placed(whole, allocated),
    ]
    if set(counts.dimensions) & BASES.keys():
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


def _placed(whole: Cube, allocated: int) -> str:
    text = ngettext(
        "Of the %(projects)s counted here, %(allocated)d was given its place only so that totals "
        "equal paragraphs 24 and 25; nothing is known of its place in this table.",
        "Of the %(projects)s counted here, %(allocated)d were given their place only so that "
        "totals equal paragraphs 24 and 25; nothing is known of their place in this table.",
        allocated,
    )
    return text % {"projects": _projects(whole), "allocated": allocated}


def _left_out(whole: Cube, allocated: int) -> str:
    text = ngettext(
        "Of %(projects)s, %(allocated)d is left out: it was given its place only so that totals "
        "equal paragraphs 24 and 25; nothing is known of its place in this table.",
        "Of %(projects)s, %(allocated)d are left out: they were given their place only so that "
        "totals equal paragraphs 24 and 25; nothing is known of their place in this table.",
        allocated,
    )
    return text % {"projects": _projects(whole), "allocated": allocated}


def _projects(whole: Cube) -> str:
    return ngettext("%d project", "%d projects", whole.total) % whole.total
