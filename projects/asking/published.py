"""What a report prints: its figures with their paragraphs, and which report texts speak of."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from typing import Any

from django.utils.translation import gettext as _

from ..citations import cited, filled
from ..cube import VOCABULARIES
from ..models import Edition, cached
from ..ranges import PUBLISHED_DIMENSIONS, Bounds, Totals, bounds_of, with_what_is_left
from ..text import day_in_words, quoted
from ..vocabulary import Comparator, PriorityArea, RegionsOf

# The dimensions whose paragraphs a placeholder names, in words after "in_".
_PRINTED_IN = {
    "areas": ["priority_area"],
    "scopes": ["scope"],
    "regions": ["region"],
    "parts": PUBLISHED_DIMENSIONS,
}


Conditions = Sequence[tuple[str, tuple[str, ...]]]
# Values by facet: a project has at least one of them. Their order says nothing.
ConditionSet = frozenset[tuple[str, frozenset[str]]]


def condition_set(conditions: Iterable[tuple[str, Iterable[str]]]) -> ConditionSet:
    """Return conditions as what is printed is found by."""
    return frozenset((facet, frozenset(values)) for facet, values in conditions)


def _implies(part: ConditionSet, whole: ConditionSet) -> bool:
    """Return whether each project that meets the conditions of a part meets the others."""
    return all(any(facet == one and few <= some for one, few in part) for facet, some in whole)


@dataclass(frozen=True)
class PrintedNumber:
    """A number that a report prints, where, and what it has before it."""

    number: int
    paragraph: str
    comparator: str = Comparator.EQUAL.value

    @property
    def low(self) -> int | None:
        """The least number that it allows, None if it says about how many."""
        more = int(self.comparator == Comparator.MORE_THAN)
        return None if self.comparator == Comparator.ABOUT else self.number + more

    @property
    def high(self) -> int | None:
        return self.number if self.comparator == Comparator.EQUAL else None


@dataclass(frozen=True)
class Published:
    """What a report prints: its totals, each with its paragraph, by dimension and value.

    The key of all projects is ("", ""). `others` are combinations, and what is no exact number.
    `about` is the record of the report, `populations` has what a figure counts, where that is not
    what the report's others count. Its numbers by region are of `regions_of`, or in another
    reading of `regions_or_of`, if there is one.
    """

    symbol: str = ""
    date: str = ""
    figures: Mapping[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    about: Any = None
    populations: Mapping[tuple[str, str], str] = field(default_factory=dict)
    others: Mapping[ConditionSet, PrintedNumber] = field(default_factory=dict)
    regions_of: RegionsOf = RegionsOf.BOTH
    regions_or_of: RegionsOf | None = None

    @property
    def day(self) -> str:
        return day_in_words(self.date)

    @property
    def whole(self) -> int:
        return self.figures.get(("", ""), (0, ""))[0]

    def counted_with(self, dimension: str, value: str) -> int:
        """Return what a total is a part of: all projects, or all counts by region.

        It is 0 where the report does not print both.
        """
        if dimension != "region":
            return self.whole if (dimension, value) in self.figures else 0
        totals = [self.figures.get((dimension, one)) for one in VOCABULARIES[dimension].values]
        return sum(one[0] for one in totals if one) if all(totals) else 0

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
        known = {"meaning": quoted(meaning), "place": place}
        return filled(_("%(meaning)s (%(place)s)."), known) if meaning else ""

    @property
    def reading(self) -> str:
        """How its counts by region are read, in a sentence; empty if it has no note of that."""
        note = self.about.noted.get("reading") if self.about else None
        return note.said if note else ""

    def __getitem__(self, name: str) -> str:
        """Return what a template, or a text with this placeholder, says of the report."""
        if dimensions := _PRINTED_IN.get(name.removeprefix("in_")):
            places = self.paragraphs(*dimensions)
            return cited(self["symbol"], places) if name.startswith("in_") else places
        match name:
            case "cited":
                return cited(self["symbol"], self.paragraphs("", *PUBLISHED_DIMENSIONS))
            case "symbol":
                return self.symbol or _("the report")
            case "called":
                return _(self.about.called) if self.about and self.about.called else self["symbol"]
            case "total" | "others":
                return str((self.whole if name == "total" else len(self.others)) or "")
            case "day" | "other_areas":
                return getattr(self, name)
        raise KeyError(name)

    @cached_property
    def numbers(self) -> Mapping[ConditionSet, PrintedNumber]:
        """All that it prints, by what is counted."""
        totals = {
            condition_set([(dimension, [value])] if dimension else []): PrintedNumber(*figure)
            for (dimension, value), figure in self.figures.items()
        }
        return {**self.others, **totals}

    def numbers_of(self, conditions: Conditions) -> list[PrintedNumber]:
        """Return the number of projects that meet conditions, or those that add up to it."""
        # A project has one area and one scope, so those of several values add up.
        several = [one for one in conditions if one[0] in ("priority_area", "scope")]
        for apart in ([], *([one] for one in several), several):
            choices = [
                [(facet, (value,)) for value in values]
                if (facet, values) in apart
                else [(facet, values)]
                for facet, values in conditions
            ]
            parts = [self.numbers.get(condition_set(one)) for one in product(*choices)]
            printed = [one for one in parts if one and (one.high is not None or len(parts) == 1)]
            if len(printed) == len(parts):
                return printed
        return []

    def limits(self, conditions: Conditions) -> tuple[int, int | None]:
        """Return the least and the most that combinations, of a part or of more, leave."""
        asked = condition_set(conditions)
        low, high = [0], list[int]()
        for counted, one in self.others.items():
            if one.low is not None and _implies(counted, asked):
                low.append(one.low)
            if one.high is not None and _implies(asked, counted):
                high.append(one.high)
        return max(low), min(high, default=None)

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
            by[one].keys() == set(VOCABULARIES[one].values) for one in ("priority_area", "scope")
        )
        if not complete or not self.whole:
            return None
        areas, scopes, regions = by.values()
        return Totals(self.whole, areas, scopes, regions, self.regions_of.scopes)

    @cached_property
    def readings(self) -> list[tuple[Totals, list[Bounds]]]:
        """The totals with what else bounds the ranges, in each reading of its regions."""
        if self.totals is None:
            return []
        readings = []
        for reading in filter(None, (self.regions_of, self.regions_or_of)):
            totals, bounds = replace(self.totals, local=reading.scopes), list[Bounds]()
            for conditions, printed in self.numbers.items() if self.others else ():
                wanted = [{facet: values} for facet, values in conditions]
                if {facet for facet, _values in conditions} <= {*PUBLISHED_DIMENSIONS}:
                    bound = bounds_of(totals, wanted, printed.low, printed.high)
                    # What counts the regions of other projects bounds nothing here.
                    bounds += [bound] if bound.scopes else []
            readings.append((totals, with_what_is_left(bounds)))
        return readings


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
