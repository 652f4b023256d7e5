"""What a report prints: its figures with their paragraphs, and which report texts speak of."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from ..citations import cited, filled
from ..cube import VOCABULARIES
from ..models import Edition, cached
from ..ranges import PUBLISHED_DIMENSIONS, Totals
from ..text import day_in_words, quoted
from ..vocabulary import PriorityArea

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
        known = {"meaning": quoted(meaning), "place": place}
        return filled(_("%(meaning)s (%(place)s)."), known) if meaning else ""

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
