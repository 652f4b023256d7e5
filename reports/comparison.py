"""Two sets of projects side by side."""

from dataclasses import dataclass

import pandas as pd

from projects.asking import FACET_LABELS, Asked, Links, Selection, Words, query_of
from projects.asking.answers import Answer, State
from projects.asking.words import label_of

from .breakdowns import BREAKDOWNS, MENTIONS, PROJECTS, with_any_region
from .frames import side_by_side


@dataclass(frozen=True)
class Option:
    """A facet's value as a switch: `query` is the side's filter with it turned round."""

    label: str
    count: int
    chosen: bool
    query: str


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
    """The same breakdown of both sets; `unit` is projects or mentions."""

    title: str
    unit: str
    a_total: int
    b_total: int
    difference: str
    rows: list[PairedRow]


def side(name: str, selection: Selection) -> Side:
    """Return one side of the comparison with the switches that edit it."""
    asked, facets = selection.asked.narrowing, []
    for facet, values in selection.facets.items():
        chosen = asked.conditions.get(facet, ())
        options = []
        for value in values:
            turned = {*chosen} ^ {value.slug}
            query = query_of(asked.but(**{facet: turned}))
            options.append(Option(label_of(facet, value.slug), value.count, value.chosen, query))
        facets.append((str(FACET_LABELS[facet]), options))
    return Side(name, selection, facets)


def paired(a: Selection, b: Selection) -> list[PairedBreakdown]:
    """Return the three breakdowns of both sets, row beside row."""
    found = []
    for dimension, title, _paragraph in BREAKDOWNS.values():
        cube_a, cube_b = (one.cube.where(_counted(one.asked, dimension)) for one in (a, b))
        table = side_by_side(cube_a, cube_b, dimension)
        longest = int(table[["a", "b"]].to_numpy().max()) or 1
        shares = (100 * table[["a", "b"]] / longest).map("{:.1f}".format)
        totals = table.sum()
        found.append(
            PairedBreakdown(
                str(title),
                MENTIONS if dimension == "region" else PROJECTS,
                int(totals["a"]),
                int(totals["b"]),
                signed(int(totals["difference"])) if _known(a, b) else "",
                [_row(a, b, dimension, str(value), shares) for value in table.index],
            )
        )
    return found


def _row(a: Selection, b: Selection, dimension: str, value: str, shares: pd.DataFrame) -> PairedRow:
    first, second = (one.answers.of({dimension: [value]}) for one in (a, b))
    known = State.RECONSTRUCTION not in (first.state, second.state)
    return PairedRow(
        label_of(dimension, value),
        first,
        second,
        signed(second.reconstruction - first.reconstruction) if known else "",
        str(shares.at[value, "a"]),
        str(shares.at[value, "b"]),
        _query(a.asked, dimension, value),
        _query(b.asked, dimension, value),
    )


def _counted(asked: Asked, dimension: str) -> dict[str, tuple[str, ...]]:
    """Return the condition that a breakdown puts on what it counts."""
    return {"region": with_any_region(asked).conditions["region"]} if dimension == "region" else {}


def _query(asked: Asked, dimension: str, value: str) -> str | None:
    """Return the query that lists a row's projects, None for a region beside those asked for."""
    chosen = asked.conditions.get(dimension, ())
    if chosen and value not in chosen:
        return None
    return query_of(asked.narrowing.but(**{dimension: [value]}))


def _known(a: Selection, b: Selection) -> bool:
    """Return whether both sets are known otherwise than by reconstruction."""
    return State.RECONSTRUCTION not in (a.answer.state, b.answer.state)


def total_difference(a: Selection, b: Selection) -> str:
    """Return the difference of both totals with its sign, empty where one is a reconstruction."""
    return signed(b.total - a.total) if _known(a, b) else ""


def signed(number: int) -> str:
    """Return a difference with its sign, "0" for none."""
    return f"{number:+d}" if number else "0"
