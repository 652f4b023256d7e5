"""The projects that are asked for, by two dimensions at once.

A cell is the number that the report prints for it, or the range that what it prints allows, or it
counts described activities or entries, as its filters and dimensions have it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from projects.asking import FACET_LABELS, Asked, Selection, query_of
from projects.asking.answer import Answer, State, Why
from projects.asking.answers import Answers as Source
from projects.asking.selection import label_of
from projects.asking.sentences import sentence_about
from projects.citations import sentences
from projects.cube import VOCABULARIES, is_without_region
from projects.text import separated, with_basis

from .breakdowns import with_any_region
from .queries import Layout

ALL = ""  # the label of the totals; no slug is empty
# By the values of the row and the column.
Answers = Mapping[tuple[str, str], Answer]


@dataclass(frozen=True)
class Cell:
    """A cell or total, in projects, each counted once.

    `text` is what the table shows and `basis` how it is known; `query` lists the projects, or is
    None when no filter does.
    """

    answer: Answer
    text: str
    basis: str
    query: str | None
    name: str

    @property
    def run(self) -> str | int:
        """What is equal in ranges that are written once if they are next to each other."""
        is_range = self.answer.state == State.RANGE and self.answer.is_open and self.text != "?"
        return self.text if is_range else id(self)

    @property
    def in_full(self) -> str:
        return with_basis(self.text, self.basis) if self.basis else self.text


@dataclass(frozen=True)
class TableRow:
    """A row of the table: its cells, then the projects in any of them, each counted once."""

    label: str
    cells: list[Cell]
    total: Cell


@dataclass(frozen=True)
class CrossTable:
    """A two-way table with its totals as the last row; `sentence` is about what it shows."""

    rows_label: str
    columns_label: str
    column_labels: list[str]
    all_columns: str
    rows: list[TableRow]
    sentence: str
    notes: list[str]
    numbers: list[dict]

    @property
    def known(self) -> list[bool]:
        """Whether anything is known of the totals of its rows, and of its columns."""
        totals = [row.total for row in self.rows], self.rows[-1].cells
        return [any(one.text != "?" for one in cells) for cells in totals]

    @property
    def title(self) -> str:
        known = {"rows": self.rows_label, "columns": self.columns_label}
        return _("%(rows)s by %(columns)s") % known

    @property
    def texts(self) -> dict[tuple[str, str], str]:
        """Each number with how it is known, by the labels of its row and column."""
        labels = [*self.column_labels, self.all_columns]
        return {
            (row.label, label): cell.in_full
            for row in self.rows
            for label, cell in zip(labels, (*row.cells, row.total), strict=True)
        }


def cross_table(selection: Selection, layout: Layout, filled_in: bool = False) -> CrossTable:
    rows, columns = (VOCABULARIES[one].values for one in layout.dimensions)
    answers = {
        (row, column): _answer(selection.answers, layout, row, column)
        for row in (*rows, ALL)
        for column in (*columns, ALL)
    }
    cells = {place: _cell(selection.asked, layout, answers, place) for place in answers}
    sentence = sentence_about(selection.asked, selection.answer)
    labels = {slug: label_of(layout.rows, slug) for slug in rows} | {ALL: _of_all(layout.rows)}
    notes = _notes(selection, answers, layout)
    return CrossTable(
        rows_label=str(FACET_LABELS[layout.rows]),
        columns_label=str(FACET_LABELS[layout.columns]),
        column_labels=[label_of(layout.columns, slug) for slug in columns],
        all_columns=_of_all(layout.columns),
        rows=[
            TableRow(labels[row], [cells[row, column] for column in columns], cells[row, ALL])
            for row in (*rows, ALL)
        ],
        sentence=sentences([sentence, *notes[:1]]),
        notes=notes,
        numbers=[
            {layout.rows: row, layout.columns: column, **answer.as_data(filled_in)}
            for (row, column), answer in answers.items()
        ],
    )


def _of_all(dimension: str) -> str:
    """Return the label of the totals: a project without a region is in none of them."""
    return _("In any region") if dimension == "region" else _("Projects")


def _answer(source: Source, layout: Layout, row: str, column: str) -> Answer:
    parts: list[dict[str, list[str]]] = []
    for dimension, value in zip(layout.dimensions, (row, column), strict=True):
        if value:
            parts.append({dimension: [value]})
        elif dimension == "region":
            # A project without a region is in no cell, and so in no total.
            parts.append({"region": [*with_any_region(source.asked).conditions["region"]]})
    return source.of(*parts)


def _cell(asked: Asked, layout: Layout, answers: Answers, place: tuple[str, str]) -> Cell:
    answer, (row, column) = answers[place], place
    query = _query(asked, layout, row, column)
    values = zip(layout.dimensions, place, strict=True)
    name = separated(label_of(dimension, value) for dimension, value in values if value)
    return Cell(answer, answer.short, answer.basis, query, name or _("Projects"))


def _query(asked: Asked, layout: Layout, row: str, column: str) -> str | None:
    narrowing = asked.narrowing
    for dimension, value in zip(layout.dimensions, (row, column), strict=True):
        if value:
            narrowed = narrowing.with_value(dimension, value)
            if narrowed is None:
                return None
            narrowing = narrowed
        elif is_without_region(dimension, asked.conditions.get(dimension, ())):
            return None
        elif dimension == "region":
            narrowing = with_any_region(narrowing)
    return query_of(narrowing)


def _notes(selection: Selection, answers: Answers, layout: Layout) -> list[str]:
    values = {
        "symbol": selection.answers.printed["symbol"],
        "row": str(FACET_LABELS[layout.rows]),
        "column": str(FACET_LABELS[layout.columns]),
    }
    is_counted = Why.CONFIRMED in {answer.why for answer in answers.values()}
    inside = [answer for (row, column), answer in answers.items() if row and column]
    states = {answer.state for answer in inside}
    is_open = State.RANGE in states and not is_counted
    notes = {
        _(
            "%(symbol)s publishes no table of “%(row)s” by “%(column)s”: each range is what its "
            "totals allow."
        ): is_open and State.PUBLISHED not in states,
        _("%(symbol)s prints some of these numbers: each range is what its totals allow."): (
            is_open and State.PUBLISHED in states
        ),
        _("The numbers are counted from the confirmed entries."): is_counted,
        _("The cells count described activities."): State.DESCRIBED in states,
        _("The cells count entries of this register."): State.ENTRIES in states,
        _("A project can be in several cells: the totals count it once."): (
            "region" in layout.dimensions
        ),
    }
    return [note % values for note, applies in notes.items() if applies]
