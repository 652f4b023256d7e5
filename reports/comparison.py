"""Two sets of projects side by side."""

from dataclasses import dataclass

import pandas as pd

from projects.asking import FACET_LABELS, MANY_VALUED, Asked, Links, Selection, Words, query_of
from projects.asking.answers import Answer, State
from projects.asking.words import label_of

from .breakdowns import BREAKDOWNS, counted_by, with_any_region
from .frames import side_by_side


@dataclass(frozen=True)
class Option:
    """A facet's value as a switch: `query` is the side's filter with it turned round.

    `possible` is what the count may be, empty where it is no reconstruction.
    """

    label: str
    count: int
    chosen: bool
    query: str
    possible: str


@dataclass(frozen=True)
class Side:
    """One of the two sets, and per facet the switches that change it."""

    name: str
    selection: Selection
    facets: list[tuple[str, list[Option]]]

    @property
    def links(self) -> Links:
        """Where the side leads."""
        return Links(self.selection.asked)

    @property
    def words(self) -> Words:
        """The side in words."""
        return Words(self.selection)


@dataclass(frozen=True)
class PairedRow:
    """A value's counts in both sets, with the queries that list them, None where none does.

    `difference` is b minus a with its sign, empty where one of the two is a reconstruction: the
    difference of what was assigned says nothing. Shares are percentages of the longest bar.
    """

    label: str
    a: Answer
    b: Answer
    difference: str
    a_share: str
    b_share: str
    a_query: str | None
    b_query: str | None


@dataclass(frozen=True)
class PairedBreakdown:
    """The same breakdown of both sets, and how many projects each counts.

    `in_mentions` is whether a project can be counted in several rows.
    """

    title: str
    dimension_label: str
    in_mentions: bool
    a: Answer
    b: Answer
    difference: str
    rows: list[PairedRow]


def side(name: str, selection: Selection) -> Side:
    """Return one side of the comparison with the switches that edit it."""
    asked, facets = selection.asked.narrowing, []
    for facet, label, values in Words(selection).panel:
        chosen = asked.conditions.get(facet, ())
        options = []
        for one in values:
            turned = {*chosen} ^ {one.slug}
            query = query_of(asked.but(**{facet: turned}))
            options.append(Option(one.label, one.count, one.chosen, query, one.possible))
        facets.append((label, options))
    return Side(name, selection, facets)


def paired(a: Selection, b: Selection) -> list[PairedBreakdown]:
    """Return the three breakdowns of both sets, row beside row."""
    found = []
    for dimension, title, _paragraph in BREAKDOWNS.values():
        cube_a, cube_b = (one.cube.where(_counted(one.asked, dimension)) for one in (a, b))
        table = side_by_side(cube_a, cube_b, dimension)
        longest = int(table[["a", "b"]].to_numpy().max()) or 1
        shares = (100 * table[["a", "b"]] / longest).map("{:.1f}".format)
        first, second = (counted_by(one, dimension) for one in (a, b))
        found.append(
            PairedBreakdown(
                str(title),
                str(FACET_LABELS[dimension]),
                dimension in MANY_VALUED,
                first,
                second,
                _difference(first, second),
                [_row(a, b, dimension, str(value), shares) for value in table.index],
            )
        )
    return found


def _row(a: Selection, b: Selection, dimension: str, value: str, shares: pd.DataFrame) -> PairedRow:
    first, second = (one.answers.of({dimension: [value]}) for one in (a, b))
    return PairedRow(
        label_of(dimension, value),
        first,
        second,
        _difference(first, second),
        str(shares.at[value, "a"]),
        str(shares.at[value, "b"]),
        _query(a.asked, dimension, value),
        _query(b.asked, dimension, value),
    )


def _counted(asked: Asked, dimension: str) -> dict[str, tuple[str, ...]]:
    """Return the condition that a breakdown puts on what it counts."""
    return {"region": with_any_region(asked).conditions["region"]} if dimension == "region" else {}


def _query(asked: Asked, dimension: str, value: str) -> str | None:
    """Return the query that lists a row's projects, None if no query does."""
    narrowed = asked.narrowing.with_value(dimension, value)
    return None if narrowed is None else query_of(narrowed)


def total_difference(a: Selection, b: Selection) -> str:
    """Return the difference of both totals with its sign, empty where one is a reconstruction."""
    return _difference(a.answer, b.answer)


def _difference(a: Answer, b: Answer) -> str:
    """Return b minus a with its sign, empty where one of them is a reconstruction."""
    if State.RECONSTRUCTION in (a.state, b.state):
        return ""
    return signed(b.reconstruction - a.reconstruction)


def signed(number: int) -> str:
    """Return a difference with its sign, "0" for none."""
    return f"{number:+d}".replace("-", "−") if number else "0"
