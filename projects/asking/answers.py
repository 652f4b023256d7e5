"""How a number is known: four states, and the one place that decides between them.

The report prints the numbers of all projects and of each area, scope and region, and no
combination of these. A number is *published* if it is one of those, or a sum over areas or scopes.
What combines them is a *range*: the published totals allow no less and no more. Filters on
entities, countries, years and status count *described* activities, which says nothing of how many
projects of the report match. Filters on how entries are known count *entries* of this register.
No number follows from a value that the register filled in.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import get_language_bidi, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from ..cube import VOCABULARIES, Cube, Stated, says_nothing
from ..models import Edition, cached
from ..ranges import (
    OF_REGISTER,
    PUBLISHED_DIMENSIONS,
    WORD_FOR_WORD,
    Condition,
    Range,
    Totals,
    possible,
)
from ..text import cited, day_in_words, paragraphs_in_words
from ..vocabulary import NOT_STATED, InMatrix, PriorityArea, Provenance, Scope
from .asked import KNOWLEDGE, MANY_VALUED, Asked


class State(TextChoices):
    PUBLISHED = "published", gettext_lazy("Published")
    RANGE = "range", gettext_lazy("Not stated")
    DESCRIBED = "described", gettext_lazy("Described activities")
    ENTRIES = "entries", gettext_lazy("Entries")


STATE_LABELS = dict(State.choices)


class Why(TextChoices):
    """Why a number that the report does not print is exact."""

    RULE = "rule", gettext_lazy("by rule")
    TOTALS = "totals", gettext_lazy("from the totals")
    CONFIRMED = Provenance.CONFIRMED.value, gettext_lazy("from confirmed entries")


# As (facet, values): a project has at least one of them.
Conditions = tuple[tuple[str, tuple[str, ...]], ...]
# The reading of a report's counts by region that numbers with a region follow.
READING = "regional-and-national"


# The dimensions whose paragraphs a placeholder names, in words after "in_".
_PRINTED_IN = {
    "areas": ["priority_area"],
    "scopes": ["scope"],
    "regions": ["region"],
    "parts": PUBLISHED_DIMENSIONS,
}


@dataclass(frozen=True)
class Published:
    """The figures of a report, each with its paragraph, by dimension and value.

    The key of all projects is ("", ""). `about` is the record of the report, `populations` has what
    a figure counts, where that is not what the report's others count.
    """

    symbol: str = ""
    date: str = ""
    figures: Mapping[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    about: Any = None
    populations: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def day(self) -> str:
        return day_in_words(self.date)

    @property
    def whole(self) -> int:
        return self.figures.get(("", ""), (0, ""))[0]

    def paragraphs(self, *dimensions: str) -> str:
        """Return where it prints the totals of these dimensions, e.g. "24, 25"."""
        found = [
            number
            for (dimension, _value), (_number, paragraph) in self.figures.items()
            if dimension in dimensions
            for number in paragraph.split(", ")
        ]
        return ", ".join(dict.fromkeys(filter(None, found)))

    @property
    def other_areas(self) -> str:
        """What it says the other areas are, quoted; empty if it does not."""
        meaning = self.about.meaning_of("priority_area", PriorityArea.OTHER) if self.about else ""
        place = cited(self.symbol, self.paragraphs("priority_area"))
        return f"“{meaning}” ({place})." if meaning else ""

    def __getitem__(self, name: str) -> str:
        """Return what a template, or a text with this placeholder, says of the report."""
        if dimensions := _PRINTED_IN.get(name.removeprefix("in_")):
            places = self.paragraphs(*dimensions)
            return paragraphs_in_words(places) if name.startswith("in_") else places
        match name:
            case "cited":
                return cited(self["symbol"], self.paragraphs("", *PUBLISHED_DIMENSIONS))
            case "symbol":
                return self.symbol or _("the report")
            case "called":
                return _(self.about.called) if self.about and self.about.called else self["symbol"]
            case "total":
                return str(self.whole or "")
            case "day" | "other_areas":
                return getattr(self, name)
        raise KeyError(name)

    @cached_property
    def totals(self) -> Totals | None:
        """The totals that the ranges follow from, None if any is missing; regions may be."""
        by = {
            dimension: {
                value: self.figures[dimension, value][0]
                for value in VOCABULARIES[dimension].values
                if (dimension, value) in self.figures
            }
            for dimension in PUBLISHED_DIMENSIONS
        }
        complete = all(
            by[one].keys() == set(VOCABULARIES[one].values)
            for one in by
            if by[one] or one != "region"
        )
        if not complete or not self.whole:
            return None
        return Totals(self.whole, *(by[one] for one in PUBLISHED_DIMENSIONS))


# The app of reports, which this one does not know, puts its own function here when it is ready:
# it takes the slug of a report, or nothing for the one that the register is kept equal to.
read_published: Callable[[str], Published] = Published
# The edition that the texts of this answer speak of, and what was read of reports.
_Showing = tuple[Edition | None, dict[str, Published]]
_showing: ContextVar[_Showing | None] = ContextVar("showing", default=None)


@cached
def _read(slug: str) -> Published:
    return read_published(slug)


def _known(slug: str) -> Published:
    _edition, known = _showing.get() or (None, {})
    if slug not in known:
        known[slug] = _read(slug)
    return known[slug]


def published(edition: Edition | None = None) -> Published:
    """Return the figures of the report that the register is kept equal to, or an edition was."""
    return _known(edition.report if edition else "")


@contextmanager
def showing(edition: Edition | None) -> Iterator[None]:
    """Let texts inside speak of the edition's report, and read each report once."""
    token = _showing.set((edition, {}))
    try:
        yield
    finally:
        _showing.reset(token)


def shown() -> Published:
    """Return the report that texts speak of."""
    return published(edition_shown())


def edition_shown() -> Edition | None:
    """Return the edition that texts speak of."""
    edition, _reports = _showing.get() or (None, {})
    return edition


@dataclass(frozen=True)
class Answer:
    """A number of projects, or of counts by region for a single one, and how it is known.

    - `conditions` are those that it answers, `printed` the published numbers that it adds up.
    - `low` and `high` limit how many of the report's projects match, as far as anything does;
      `literal` is the range word for word, where that reading of the report gives another one.
    - `described` counts described activities by what is stated, `blanks` those that match in all
      facets but one, which is not stated, `nearby` those of the same areas and regions.
    - `entries` and `placeholders` count rows by what is stated; `unknown` are the conditions whose
      facet is not stated for any of them. `filed` counts rows, filled-in values included:
      where the report counts, only those that make up its total.
    """

    state: State
    conditions: Conditions = ()
    queries: tuple[str, ...] = ()
    printed: tuple[int, ...] = ()
    paragraph: str = ""
    described: int = 0
    blanks: tuple[tuple[str, int], ...] = ()
    low: int | None = None
    high: int | None = None
    why: str = ""
    literal: Range | None = None
    entries: int = 0
    placeholders: int = 0
    filed: int = 0
    unknown: Conditions = ()
    nearby: int = 0
    report: Published = field(default_factory=Published, compare=False)

    @property
    def number(self) -> int | None:
        """The published number, None if there is none."""
        return sum(self.printed) if self.state == State.PUBLISHED else None

    @property
    def paragraphs(self) -> list[str]:
        return re.findall(r"\w+", self.paragraph) if self.printed else []

    @property
    def range(self) -> Range | None:
        return None if self.low is None or self.high is None else Range(self.low, self.high)

    @property
    def is_of_region(self) -> bool:
        return any(facet == "region" for facet, _values in self.conditions)

    @property
    def has_reading(self) -> bool:
        """Whether the number depends on how the report's counts by region are read."""
        return self.is_of_region and self.state in (State.PUBLISHED, State.RANGE)

    @property
    def exact(self) -> int | None:
        """The one number that there can be, None if there are several."""
        if self.state == State.DESCRIBED:
            return self.described
        if self.state == State.ENTRIES:
            return None if self.unknown else self.entries
        return self.of_whole

    @property
    def of_whole(self) -> int | None:
        """The one number of the report's projects that match, None if it is not known."""
        if self.state == State.PUBLISHED:
            return self.number
        return self.low if self.low == self.high else None

    @property
    def differs(self) -> bool:
        """Whether the register no longer has as many entries as the report prints."""
        return self.state == State.PUBLISHED and self.number != self.filed

    @property
    def figure(self) -> int:
        """The number that comes first: the published one, else the number of rows."""
        return self.filed if self.number is None else self.number

    @property
    def short(self) -> str:
        """The text of a table's cell: the number, or the range, read from left to right."""
        if self.exact is not None:
            return str(self.exact)
        if self.range is None:
            return "?"
        return f"\u2066{self.range}\u2069" if get_language_bidi() else str(self.range)

    @property
    def basis(self) -> str:
        """How the number is known, in a word or two below it."""
        if self.state == State.PUBLISHED:
            return f"¶ {', '.join(self.paragraphs)}"
        if self.state == State.DESCRIBED:
            return _("described")
        if self.state == State.ENTRIES and not self.unknown:
            return _("entries")
        return str(Why(self.why).label) if self.why else _("not stated")

    @property
    def basis_in_full(self) -> str:
        """The same without a number before it, with the document."""
        if self.state == State.PUBLISHED:
            return _("published in %s") % cited(self.report.symbol, self.paragraph)
        if self.state == State.DESCRIBED:
            return ngettext("described activity", "described activities", self.described)
        if self.state == State.ENTRIES:
            return self.basis if self.unknown else ngettext("entry", "entries", self.entries)
        return self.basis if self.why else _("not stated: what the published totals allow")

    @property
    def status(self) -> str | None:
        """The code of SDMX for how the observation is known, None for entries."""
        if self.state == State.PUBLISHED:
            return "A"
        if self.state == State.ENTRIES:
            return None
        return "M" if self.why == Why.RULE else "L"

    def as_data(self, filled_in: bool = False) -> dict[str, int | str | list | None]:
        """Return the keys of an answer; the example of the filled-in table only if asked for."""
        is_of_entries = self.state == State.ENTRIES and not self.unknown
        literal = (self.literal.low, self.literal.high) if self.literal else (None, None)
        data: dict[str, int | str | list | None] = {
            "state": self.state.value,
            "number": self.number,
            "paragraphs": self.paragraphs,
            "sum_of": list(self.printed) if len(self.printed) > 1 else [],
            "low": self.low,
            "high": self.high,
            "why": self.why or None,
            "reading": READING if self.has_reading else None,
            "word_for_word_low": literal[0],
            "word_for_word_high": literal[1],
            "described": self.described,
            "entries": self.entries if is_of_entries else None,
            "placeholders": self.placeholders if is_of_entries else None,
            "obs_status": self.status,
        }
        return data | ({"filled_in": self.filed} if filled_in else {})


class Answers:
    """Answers a query, and any part of it.

    `base` is the cube before the conditions on vocabularies, after searches and open facets;
    `table` is that of the entries that make up the report's total. `blank_of` returns the cube of
    the projects that state no value of an open facet and meet the conditions on the others.
    """

    def __init__(
        self,
        asked: Asked,
        base: Cube,
        printed: Published,
        table: Cube | None = None,
        blank_of: Callable[[str], Cube] = lambda facet: Cube(()),
    ):
        self.asked, self.base, self.printed = asked, base, printed
        self.table, self.blank_of = base if table is None else table, blank_of

    @cached_property
    def confirmed(self) -> Cube:
        """All confirmed projects whose source says that they are in the matrix."""
        return self.table.where(IN_MATRIX)

    @cached_property
    def fixed(self) -> Cube:
        """Those of them whose source states all that the report counts by."""
        return self.confirmed.complete(PUBLISHED_DIMENSIONS)

    def of(self, *parts: Mapping[str, Iterable[str]], base: Cube | None = None) -> Answer:
        """Return the answer with more conditions; those of `base` meet the ones on open facets."""
        conditions = merged([self.asked.conditions, *parts])
        cube = self.base if base is None else base
        wanted: list[Condition] = [
            {facet: values} for facet, values in conditions if facet in VOCABULARIES
        ]
        if any(not values for _facet, values in conditions):
            cube = Cube(())  # a project has one value of this facet, and two are asked for
        facets = {facet for facet, _values in conditions}
        of_entries = self.asked.queries or any(_is_of_entries(*one) for one in conditions)
        of_report = not of_entries and facets <= {*PUBLISHED_DIMENSIONS}
        filed = self.table if of_report and cube is self.base else cube
        for condition in wanted:
            filed = filed.where(condition)
        stated = cube.where(DESCRIBED_BY_SOURCE).stated(wanted)
        answer = Answer(
            State.RANGE,
            conditions,
            self.asked.queries,
            described=stated.sure,
            filed=filed.total,
            report=self.printed,
        )
        if of_entries:
            return replace(answer, state=State.ENTRIES, **self._entries(cube, conditions))
        if not of_report:
            known = self._described(cube, wanted, stated, facets - VOCABULARIES.keys())
            return replace(answer, state=State.DESCRIBED, **known)
        if figures := self._printed(conditions):
            printed, paragraph = figures
            known = {"printed": printed, "paragraph": paragraph}
            return replace(answer, state=State.PUBLISHED, **known)
        return replace(answer, **self._range(conditions, wanted))

    def _entries(self, cube: Cube, conditions: Conditions) -> dict[str, Any]:
        found = [one for one in conditions if one[0] in VOCABULARIES]
        about: list[Condition] = [
            {facet: values} for facet, values in found if _is_of_entries(facet, values)
        ]
        others = [one for one in found if not _is_of_entries(*one)]
        # Of these nothing is stated for any of the entries.
        unstated = {facet for facet, _values in others if self._is_unstated(cube, about, facet)}
        known = [{facet: values} for facet, values in others if facet not in unstated]
        wanted = [*about, *known]
        stated = cube.stated(wanted)
        return {
            "entries": stated.sure,
            "placeholders": cube.where({"provenance": [Provenance.COUNTED]}).stated(wanted).sure,
            "blanks": tuple((one, n) for one, n in stated.blanks.items() if one in dict(others)),
            "unknown": tuple(one for one in others if one[0] in unstated),
        }

    @staticmethod
    def _is_unstated(cube: Cube, about: list[Condition], facet: str) -> bool:
        values = [value for value in VOCABULARIES[facet].values if value != NOT_STATED]
        stated = cube.stated([*about, {facet: values}])
        return not stated.sure and bool(stated.blanks)

    def _described(
        self, cube: Cube, wanted: list[Condition], stated: Stated, linked: Iterable[str]
    ) -> dict[str, Any]:
        without = {facet: self.blank_of(facet) for facet in linked}
        blanks = stated.blanks | {
            facet: one.where(DESCRIBED_BY_SOURCE).stated(wanted).sure
            for facet, one in without.items()
        }
        sure = cube.where(IN_MATRIX).stated(wanted)
        nearby = [one for one in wanted if one.keys() & {"priority_area", "region"}]
        known: dict[str, Any] = {
            "blanks": tuple((facet, number) for facet, number in blanks.items() if number),
            "low": sure.sure,
            "nearby": cube.where(DESCRIBED_BY_SOURCE).stated(nearby).sure,
        }
        if self.printed.whole and self.confirmed.total >= self.printed.whole:
            could = [one.where(IN_MATRIX).stated(wanted) for one in without.values()]
            high = sure.sure + sure.could + sum(one.sure + one.could for one in could)
            known["high"] = high
            known["why"] = Why.CONFIRMED.value if high == sure.sure else ""
        return known

    def _range(self, conditions: Conditions, wanted: list[Condition]) -> dict[str, Any]:
        asked = dict(conditions)
        is_of_region = "region" in asked
        only_global = asked.get("scope") == (Scope.GLOBAL,)
        if (is_of_region and only_global) or any(not values for values in asked.values()):
            return {"low": 0, "high": 0, "why": Why.RULE.value}
        totals = self.printed.totals
        if totals is None:
            return {}
        allowed = self._allowed(totals, wanted)
        known: dict[str, Any] = {"low": allowed.low, "high": allowed.high}
        if totals.projects <= self.fixed.total:
            known["why"] = Why.CONFIRMED.value
        elif allowed.is_single:
            known["why"] = Why.TOTALS.value
        # Read word for word, the report states no region of national projects.
        is_stated = is_of_region and asked.get("scope") != (Scope.NATIONAL,)
        if is_stated and known.get("why") != Why.CONFIRMED:
            literal = self._allowed(totals, wanted, WORD_FOR_WORD)
            known["literal"] = None if literal == allowed else literal
        return known

    def _allowed(
        self, totals: Totals, wanted: list[Condition], local: frozenset[Scope] = OF_REGISTER
    ) -> Range:
        allowed = possible(totals, wanted, self.fixed, local)
        if local == WORD_FOR_WORD:
            wanted = [*wanted, {"scope": [*WORD_FOR_WORD]}]
        # Of some only what is asked for is stated.
        sure = self.confirmed.stated(wanted).sure
        return Range(max(allowed.low, sure), max(allowed.high, sure))

    def _printed(self, conditions: Conditions) -> tuple[tuple[int, ...], str] | None:
        if not conditions:
            whole = self.printed.figures.get(("", ""))
            return ((whole[0],), whole[1]) if whole else None
        (dimension, values), *others = conditions
        if others or not values or (dimension == "region" and len(values) > 1):
            return None
        figures = self.printed.figures
        if any((dimension, value) not in figures for value in values):
            return None
        known = [figures[dimension, value] for value in values]
        return tuple(number for number, _paragraph in known), known[0][1]


DESCRIBED_BY_SOURCE: Condition = {"provenance": [Provenance.NAMED, Provenance.CONFIRMED]}
IN_MATRIX: Condition = {"provenance": [Provenance.CONFIRMED], "in_matrix": [InMatrix.YES]}


def _is_of_entries(facet: str, values: tuple[str, ...]) -> bool:
    """Return whether a condition is on how entries are known, or on what they do not state."""
    return facet in KNOWLEDGE or NOT_STATED in values


def merged(given: Iterable[Mapping[str, Iterable[str]]]) -> Conditions:
    """Return all conditions, without those that every project meets or that others imply.

    A facet that has one value in a project has one condition, maybe without values.
    """
    one_of: dict[str, tuple[str, ...]] = {}
    several: list[tuple[str, tuple[str, ...]]] = []
    for conditions in given:
        for facet, chosen in conditions.items():
            values = tuple(chosen)
            if facet in MANY_VALUED:
                several.append((facet, values))
            elif values:
                before = one_of.get(facet, values)
                one_of[facet] = tuple(value for value in before if value in values)
    several = [
        (facet, values)
        for place, (facet, values) in enumerate(several)
        if values
        and not any(
            facet == other and ({*fewer} < {*values} or (fewer == values and n < place))
            for n, (other, fewer) in enumerate(several)
        )
    ]
    # What has a region is not global; what states none may be.
    is_of_region = any(facet == "region" and NOT_STATED not in values for facet, values in several)
    single = [
        (facet, values)
        for facet, values in one_of.items()
        if not says_nothing(facet, values, is_of_region)
    ]
    return (*single, *several)
