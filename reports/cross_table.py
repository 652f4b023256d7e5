"""The projects that are asked for, by two dimensions at once.

The report publishes totals by one dimension only, so a cell is the range that those totals allow,
or counts described activities or entries, as its filters and dimensions have it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd
from django.utils.translation import gettext as _

from projects.asking import FACET_LABELS, MANY_VALUED, Asked, Selection, query_of
from projects.asking.answers import Answer, State
from projects.asking.answers import Answers as Source
from projects.asking.words import ON_AREA, label_of, sentence_about
from projects.cube import VOCABULARIES, Cube, is_without_region
from projects.vocabulary import Scope

from .breakdowns import share_words, with_any_region
from .fitting import ranges_with, with_table_at_random
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
    state: str
    query: str | None
    name: str = ""


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
    rows: list[TableRow]
    sentence: str
    notes: list[str]
    numbers: list[dict]

    @property
    def title(self) -> str:
        known = {"rows": self.rows_label, "columns": self.columns_label}
        return _("%(rows)s by %(columns)s") % known

    @property
    def grid(self) -> list[list[str]]:
        """The table as files have it, each number with how it is known."""
        labels = [*self.column_labels, _("Projects")]
        texts = [
            [f"{one.text} ({one.basis})".removesuffix(" ()") for one in (*row.cells, row.total)]
            for row in self.rows
        ]
        table = pd.DataFrame(texts, columns=labels)
        table.insert(0, f"{self.rows_label} / {self.columns_label}", [r.label for r in self.rows])
        return [list(map(str, table.columns)), *table.to_numpy().tolist()]


def cross_table(selection: Selection, layout: Layout, filled_in: bool = False) -> CrossTable:
    entities = selection.entity_cubes() if "entity" in layout.dimensions else {}
    rows, columns = (
        [*entities] if one == "entity" else VOCABULARIES[one].values for one in layout.dimensions
    )
    source = selection.answers
    if layout.table:
        source = with_table_at_random(source, int(layout.table))
    answers = {
        (row, column): _answer(source, layout, entities, row, column)
        for row in (*rows, ALL)
        for column in (*columns, ALL)
    }
    cells = {place: _cell(selection.asked, layout, answers, place) for place in answers}
    sentence = sentence_about(selection.asked, selection.answer)
    if layout.fix:
        sentence = _suppose(source, layout, cells)
    labels = {slug: label_of(layout.rows, slug) for slug in rows} | {ALL: _("Projects")}
    notes = _notes(selection, answers, layout)
    return CrossTable(
        rows_label=str(FACET_LABELS[layout.rows]),
        columns_label=str(FACET_LABELS[layout.columns]),
        column_labels=[label_of(layout.columns, slug) for slug in columns],
        rows=[
            TableRow(labels[row], [cells[row, column] for column in columns], cells[row, ALL])
            for row in (*rows, ALL)
        ],
        sentence=" ".join([sentence, *notes[:1]]),
        notes=notes,
        numbers=[
            {layout.rows: row, layout.columns: column, **answer.as_data(filled_in)}
            for (row, column), answer in answers.items()
        ],
    )


def _answer(
    source: Source, layout: Layout, entities: Mapping[str, Cube], row: str, column: str
) -> Answer:
    parts: list[dict[str, list[str]]] = []
    base = None
    for dimension, value in zip(layout.dimensions, (row, column), strict=True):
        if value:
            parts.append({dimension: [value]})
            base = entities[value] if dimension == "entity" else base
        elif dimension == "region":
            # A project without a region is in no cell, and so in no total.
            parts.append({"region": [*with_any_region(source.asked).conditions["region"]]})
    return source.of(*parts, base=base)


def _cell(asked: Asked, layout: Layout, answers: Answers, place: tuple[str, str]) -> Cell:
    answer, (row, column) = answers[place], place
    text, basis, state = answer.short, answer.basis, answer.state.value
    query = _query(asked, layout, row, column)
    if layout.table:
        query = None  # no list has these projects
    if layout.percent != "none":
        of_row, of_column = layout.percent == "row", layout.percent == "column"
        whole = answers[row if of_row else ALL, column if of_column else ALL]
        text, basis = share_words(answer, whole), ""
    elif layout.view == "described":
        text, basis, state = str(answer.described), _("described"), State.DESCRIBED.value
    elif layout.view == "filled-in" and not (layout.table and answer.exact is not None):
        basis = _("at random") if layout.table else _("filled in")
        text, state = str(answer.filed), "filled-in"
    values = zip(layout.dimensions, place, strict=True)
    name = ", ".join(label_of(dimension, value) for dimension, value in values if value)
    return Cell(answer, text, basis, state, query, name or _("Projects"))


def _suppose(source: Source, layout: Layout, cells: dict[tuple[str, str], Cell]) -> str:
    """Give the cells what follows if one has the number that is supposed; return a sentence."""
    area, scope, number = layout.fixed
    for place, allowed in ranges_with(source, {(area, scope): int(number)}).items():
        usual = cells[place]
        answer = replace(usual.answer, low=allowed.low, high=allowed.high)
        basis = usual.basis if allowed == usual.answer.range else _("was %s") % usual.text
        basis = _("supposed") if place == (area, scope) else basis
        cells[place] = Cell(answer, answer.short, basis, usual.state, query=None)
    labels = {one: str(label).lower() for one, label in Scope.choices}
    others = [f"{labels[one]} {cells[area, one].text}" for one in labels if one != scope]
    known = {"number": number, "total": cells[area, ALL].text, "area": ON_AREA[area]}
    known |= {"scope": labels[scope], "others": ", ".join(others)}
    text = _("If %(number)s of the %(total)s projects %(area)s were %(scope)s: %(others)s.")
    return text % known


def _query(asked: Asked, layout: Layout, row: str, column: str) -> str | None:
    found = asked.narrowing
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
    if layout.view == "filled-in":
        return query_of(found.but(filled_in=True))
    stated = found.only_described() if layout.view == "described" else found
    return None if stated is None else query_of(stated)


def _notes(selection: Selection, answers: Answers, layout: Layout) -> list[str]:
    known = {
        "symbol": selection.answers.printed["symbol"],
        "row": str(FACET_LABELS[layout.rows]),
        "column": str(FACET_LABELS[layout.columns]),
    }
    states = {answer.state for (row, column), answer in answers.items() if row and column}
    notes = {
        _("This is a supposition, not a figure of %(symbol)s."): layout.fix,
        _("Made at random: no table is more likely than another."): layout.table,
        _(
            "%(symbol)s publishes no table of “%(row)s” by “%(column)s”: each range is what its "
            "totals allow."
        ): State.RANGE in states,
        _("The cells count described activities."): State.DESCRIBED in states,
        _("The cells count entries of this register."): State.ENTRIES in states,
        _("The filled-in table is an example: one of many that the totals allow."): (
            layout.view == "filled-in" and not layout.table
        ),
        _("A project can be in several cells: the totals count it once."): (
            MANY_VALUED & {*layout.dimensions}
        ),
    }
    return [note % known for note, applies in notes.items() if applies]
