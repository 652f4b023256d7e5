"""Two sets of projects side by side."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from projects.asking import (
    FACET_LABELS,
    MANY_VALUED,
    Asked,
    Links,
    Panel,
    Selection,
    Words,
    query_of,
    turned,
)
from projects.asking.answers import Answer, State
from projects.asking.words import label_of
from projects.models import Edition
from projects.vocabulary import PriorityArea, Provenance, Region, Scope

from .breakdowns import BREAKDOWNS, counted_by, share_of, share_words


@dataclass(frozen=True)
class Option:
    """A facet's value as a switch: `query` is the side's filter with it added or removed.

    `possible` is the range of a count that is a reconstruction, else empty.
    """

    label: str
    count: int
    chosen: bool
    query: str
    possible: str


@dataclass(frozen=True)
class Side:
    name: str
    selection: Selection
    panel: Panel
    facets: list[tuple[str, list[Option]]]

    @property
    def links(self) -> Links:
        return Links(self.selection.asked)

    @property
    def words(self) -> Words:
        return Words(self.selection)

    def choices(self, editions: Iterable[Edition]) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """Return the picker's choices, in groups of (query, label, whether it is asked for)."""
        asked_for = query_of(self.selection.asked.narrowing)
        frozen = [(query_of(Asked.of(edition)), str(edition)) for edition in editions]
        whole = [("", _("The whole register")), *frozen]
        groups = [(_("Register and editions"), whole)]
        for facet, label, values in self.panel.facets:
            known = ((value.slug, value.name or value.label) for value in values)
            asked = [(query_of(Asked.of(None, **{facet: [slug]})), name) for slug, name in known]
            groups.append((label, asked))
        if asked_for not in {query for _label, offered in groups for query, _name in offered}:
            groups.insert(
                0, (_("As it is"), [(asked_for, self.words.subject or self.words.sentence)])
            )
        return [
            (label, [(query, name, query == asked_for) for query, name in offered])
            for label, offered in groups
        ]


@dataclass(frozen=True)
class Span:
    """A number as a bar, in per cent of the longest: its length, or its range and its place."""

    state: str
    start: str
    width: str
    at: str


@dataclass(frozen=True)
class PairedRow:
    """A value's counts in both sets, with the queries that list them, None where none does.

    The shares are empty where counts are shown.
    """

    label: str
    a: Answer
    b: Answer
    difference: str
    a_span: Span
    b_span: Span
    a_query: str | None
    b_query: str | None
    a_share: str = ""
    b_share: str = ""


@dataclass(frozen=True)
class PairedBreakdown:
    """The same breakdown of both sets; `in_mentions`: a project can be in several rows."""

    title: str
    dimension_label: str
    in_mentions: bool
    a: Answer
    b: Answer
    difference: str
    rows: list[PairedRow]


# Suggested where nothing is chosen yet: a facet and two of its values.
SUGGESTED = (
    ("region", Region.AFRICA, Region.ASIA),
    ("scope", Scope.REGIONAL, Scope.NATIONAL),
    ("priority_area", PriorityArea.YOUTH, PriorityArea.GENDER),
    ("provenance", Provenance.NAMED, Provenance.COUNTED),
)


def suggestions() -> list[tuple[str, str]]:
    """Return comparisons to begin with, as (query of the address, both sides in words)."""
    found = []
    for facet, a, b in SUGGESTED:
        first, second = (query_of(Asked.of(None, **{facet: [value]})) for value in (a, b))
        label = f"{label_of(facet, a)} · {label_of(facet, b)}"
        found.append((urlencode({"a": first, "b": second}), label))
    return found


def side(name: str, selection: Selection) -> Side:
    asked, panel, facets = selection.asked.narrowing, Panel(selection), []
    for facet, label, values in panel.facets:
        options = []
        for one in values:
            query = turned(asked, facet, one.slug)
            options.append(Option(one.label, one.count, one.chosen, query, one.possible))
        facets.append((label, options))
    return Side(name, selection, panel, facets)


def paired(a: Selection, b: Selection, in_shares: bool = False) -> list[PairedBreakdown]:
    """Return the three breakdowns of both sets, as counts or as shares of each."""
    found = []
    for dimension, title in BREAKDOWNS.values():
        first, second = (counted_by(one, dimension) for one in (a, b))
        rows = _rows(a, b, dimension)
        if in_shares:
            rows = [_in_shares(row, first, second) for row in rows]
        found.append(
            PairedBreakdown(
                title=str(title),
                dimension_label=str(FACET_LABELS[dimension]),
                in_mentions=dimension in MANY_VALUED,
                a=first,
                b=second,
                difference=difference(first, second),
                rows=rows,
            )
        )
    return found


def _rows(a: Selection, b: Selection, dimension: str) -> list[PairedRow]:
    counts = [one.cube.counts(dimension) for one in (a, b)]
    pairs = {value: [one.answers.of({dimension: [value]}) for one in (a, b)] for value in counts[0]}
    highs = (one.range.high for pair in pairs.values() for one in pair if one.range)
    scale = max(1, *counts[0].values(), *counts[1].values(), *highs)
    return [
        PairedRow(
            label_of(dimension, value),
            first,
            second,
            difference(first, second),
            _span(first, scale),
            _span(second, scale),
            _query(a.asked, dimension, value),
            _query(b.asked, dimension, value),
        )
        for value, (first, second) in pairs.items()
    ]


def _in_shares(row: PairedRow, a: Answer, b: Answer) -> PairedRow:
    return replace(
        row,
        a_share=share_words(row.a, a),
        b_share=share_words(row.b, b),
        a_span=_share_span(row.a, a),
        b_span=_share_span(row.b, b),
        difference="",
    )


def _share_span(part: Answer, whole: Answer) -> Span:
    share = share_of(part, whole)
    if share is None:
        return Span(State.DOCUMENTED, "0", "0", "0")
    low, high = share
    if part.state != State.RECONSTRUCTION:
        low = 0
    return Span(part.state, f"{low:.1f}", f"{high - low:.1f}", "")


def _span(answer: Answer, scale: int) -> Span:
    low, high = (answer.range.low, answer.range.high) if answer.range else (0, 0)
    if answer.state != State.RECONSTRUCTION:
        low, high = 0, answer.reconstruction
    places = [f"{100 * one / scale:.1f}" for one in (low, high - low, answer.reconstruction)]
    return Span(answer.state, *places)


def grid(breakdowns: list[PairedBreakdown]) -> list[list[str | int]]:
    head = ["published", "documented", "low", "high", "reconstruction", "state"]
    known = [f"{side}_{name}" for side in ("a", "b") for name in head]
    lines: list[list] = [["breakdown", "value", *known, "difference"]]
    for one in breakdowns:
        for row in one.rows:
            answers = (*row.a.as_data().values(), *row.b.as_data().values())
            lines.append([one.title, row.label, *answers, row.difference])
    return lines


def _query(asked: Asked, dimension: str, value: str) -> str | None:
    narrowed = asked.narrowing.with_value(dimension, value)
    return None if narrowed is None else query_of(narrowed)


def difference(a: Answer, b: Answer) -> str:
    """Return b minus a with its sign, empty where a reconstruction makes it meaningless."""
    if State.RECONSTRUCTION in (a.state, b.state):
        return ""
    number = b.reconstruction - a.reconstruction
    return f"{number:+d}".replace("-", "−") if number else "0"
