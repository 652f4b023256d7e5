"""How a number is known: published by the report, documented by a source, or a reconstruction.

The report prints the numbers of all projects and of each area, scope and region, and no
combination of these. A number is *published* if it is one of those, or a sum over areas or scopes.
It is *documented* as far as sources say of entries that they belong there. Any other sum of the
register's rows is a *reconstruction*, shown with the range that the published totals allow.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import get_language_bidi, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from ..cube import VOCABULARIES, Cube, says_nothing
from ..models import Edition, cached
from ..ranges import PUBLISHED_DIMENSIONS, Condition, Range, Totals, possible
from ..text import cited, day_in_words, paragraphs_in_words
from ..vocabulary import NOT_STATED, PriorityArea, Provenance
from .asked import Asked


class State(StrEnum):
    PUBLISHED = "published"
    DOCUMENTED = "documented"
    RECONSTRUCTION = "reconstruction"


STATE_LABELS = {
    State.PUBLISHED: gettext_lazy("Published"),
    State.DOCUMENTED: gettext_lazy("Documented"),
    State.RECONSTRUCTION: gettext_lazy("Reconstruction"),
}


@dataclass(frozen=True)
class Published:
    """The figures of a report, each with its paragraph, by dimension and value.

    The key of all projects is ("", ""). `about` is the record of the report.
    """

    symbol: str = ""
    date: str = ""
    figures: Mapping[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    about: Any = None

    @property
    def day(self) -> str:
        return day_in_words(self.date)

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
    def areas(self) -> str:
        return self.paragraphs("priority_area")

    @property
    def scopes(self) -> str:
        return self.paragraphs("scope")

    @property
    def regions(self) -> str:
        return self.paragraphs("region")

    @property
    def parts(self) -> str:
        """Where it prints the totals of areas, scopes and regions."""
        return self.paragraphs(*PUBLISHED_DIMENSIONS)

    @property
    def total(self) -> str:
        """The number of all projects, empty if it prints none."""
        number, _paragraph = self.figures.get(("", ""), ("", ""))
        return str(number)

    @property
    def other_areas(self) -> str:
        """What it says the other areas are, quoted; empty if it does not."""
        meaning = self.about.meaning_of("priority_area", PriorityArea.OTHER) if self.about else ""
        return f"“{meaning}” ({cited(self.symbol, self.areas)})." if meaning else ""

    def __getitem__(self, name: str) -> str:
        """Return what a text with this placeholder says of the report."""
        match name:
            case "in_areas" | "in_scopes" | "in_regions" | "in_parts":
                return paragraphs_in_words(getattr(self, name.removeprefix("in_")))
            case "cited":
                return cited(self["symbol"], self.paragraphs("", *PUBLISHED_DIMENSIONS))
            case "symbol":
                return self.symbol or _("the report")
            case "called":
                return (self.about and self.about.called) or self["symbol"]
            case "total" | "day" | "other_areas":
                return getattr(self, name)
        raise KeyError(name)

    @property
    def whole(self) -> int:
        """The number of all projects, 0 if the report does not print it."""
        return self.figures.get(("", ""), (0, ""))[0]

    @property
    def totals(self) -> Totals | None:
        """The totals that the ranges follow from, None if the report lacks any of them.

        It may count no regions at all.
        """
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
        if not complete or ("", "") not in self.figures:
            return None
        return Totals(self.figures["", ""][0], *(by[one] for one in PUBLISHED_DIMENSIONS))


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
    """A number of projects, or of mentions for a single region, and how it is known.

    `reconstruction` is the sum of the register's rows; `documented` counts those that a source puts
    there. `range` is what the published totals allow, None where nothing follows from them.
    """

    reconstruction: int
    documented: int
    published: int | None = None
    paragraph: str = ""
    symbol: str = ""
    range: Range | None = None
    is_certain: bool = False

    @property
    def state(self) -> State:
        if self.published is not None:
            return State.PUBLISHED
        return State.DOCUMENTED if self.is_certain else State.RECONSTRUCTION

    @property
    def state_label(self) -> str:
        return str(STATE_LABELS[self.state])

    @property
    def differs(self) -> bool:
        return self.published is not None and self.published != self.reconstruction

    @property
    def figure(self) -> int:
        """The number that comes first: the published one, else the sum of the rows."""
        return self.reconstruction if self.published is None else self.published

    @property
    def source(self) -> str:
        return "" if self.published is None else cited(self.symbol, self.paragraph)

    @property
    def possible(self) -> str:
        if self.range is None:
            return _("range not known from the report")
        # A range is read from left to right in every language.
        isolated = f"\u2066{self.range}\u2069" if get_language_bidi() else self.range
        return _("%s possible") % isolated

    @property
    def words(self) -> str:
        if self.differs:
            return _("%(published)d published in %(source)s, %(register)d counted here") % {
                "published": self.published,
                "source": self.source,
                "register": self.reconstruction,
            }
        if self.published is not None:
            projects = ngettext("%d project", "%d projects", self.published) % self.published
            return _("%(projects)s, published in %(source)s") % {
                "projects": projects,
                "source": self.source,
            }
        if self.is_certain:
            return _("%d documented") % self.documented
        return _("%(documented)d documented; %(possible)s (reconstruction: %(register)d)") % {
            "documented": self.documented,
            "possible": self.possible,
            "register": self.reconstruction,
        }

    @property
    def short(self) -> str:
        """The text of a table cell: the published or documented number, or the range."""
        if self.published is not None:
            return str(self.published)
        if self.is_certain:
            return str(self.documented)
        return str(self.range) if self.range else "?"

    def as_data(self) -> dict[str, int | str | None]:
        return {
            "published": self.published,
            "documented": self.documented,
            "low": self.range.low if self.range else None,
            "high": self.range.high if self.range else None,
            "reconstruction": self.reconstruction,
            "state": self.state.value,
        }


class Answers:
    """Answers a query, and any part of it.

    `base` is the cube before the conditions on vocabularies, after searches and open facets.
    """

    def __init__(self, asked: Asked, base: Cube, printed: Published):
        self.asked, self.base, self.printed = asked, base, printed
        self.totals = printed.totals if asked.is_of_vocabularies else None
        self.confirmed = base.where({"provenance": [Provenance.CONFIRMED]})

    def of(self, *parts: Mapping[str, Iterable[str]], base: Cube | None = None) -> Answer:
        """Return the answer for the projects asked for that also meet these conditions.

        `base` narrows them by something that no condition expresses, e.g. an entity.
        """
        given = (self.asked.vocabulary_conditions(), *parts)
        conditions: list[Condition] = [dict(one) for one in given if one]
        cube = base or self.base
        found = cube
        for condition in conditions:
            found = found.where(condition)
        known, certain = cube.known(conditions)
        documented = known.total
        figure = self._printed(conditions) if base is None else None
        allowed = None
        if figure is None and not certain and base is None:
            allowed = self._range(conditions, found.total)
            if allowed and allowed.low == allowed.high == documented == found.total:
                # The totals leave nothing else.
                certain, allowed = True, None
        value, paragraph = figure or (None, "")
        return Answer(
            found.total,
            documented,
            value,
            paragraph,
            self.printed.symbol,
            allowed,
            is_certain=certain,
        )

    def _range(self, conditions: list[Condition], found: int) -> Range | None:
        if self.totals is None or any(one.keys() - PUBLISHED_DIMENSIONS for one in conditions):
            return None
        regions = _regions(conditions)
        if regions is None:
            return None
        others = [{k: v for k, v in one.items() if k != "region"} for one in conditions]
        needed: list[Condition] = [*others, *({"region": one} for one in regions)]
        allowed = possible(self.totals, needed, self.confirmed)
        # Edits may have moved the register outside the range.
        return Range(min(allowed.low, found), max(allowed.high, found))

    def _printed(self, conditions: list[Condition]) -> tuple[int, str] | None:
        merged = _merged(conditions) if self.asked.is_of_vocabularies else None
        if merged is None or len(merged) > 1:
            return None
        if not merged:
            return self.printed.figures.get(("", ""))
        ((dimension, values),) = merged.items()
        if not values or dimension not in PUBLISHED_DIMENSIONS:
            return None
        if dimension == "region" and len(values) > 1:
            return None
        figures = self.printed.figures
        if any((dimension, value) not in figures for value in values):
            return None
        known = [figures[dimension, value] for value in sorted(values)]
        return sum(number for number, _paragraph in known), known[0][1]


def _regions(conditions: list[Condition]) -> list[set[str]] | None:
    """Return sets of regions, each with a region of the project; None if no range says that."""
    asked_for = [{*one["region"]} for one in conditions if "region" in one]
    # With another condition on regions, "not stated" can match nothing.
    regions = [one - {NOT_STATED} for one in asked_for]
    if not all(regions) or (regions and all(NOT_STATED in one for one in asked_for)):
        return None  # the report does not count projects without a region
    # A set of regions implies every larger one.
    return [one for one in regions if not any(other < one for other in regions)]


def _merged(conditions: list[Condition]) -> dict[str, frozenset[str]] | None:
    merged: dict[str, frozenset[str]] = {}
    for condition in conditions:
        for dimension, values in condition.items():
            before, now = merged.get(dimension), frozenset(values)
            if before and (NOT_STATED in before) != (NOT_STATED in now):
                # With another condition on regions, "not stated" can match nothing.
                before, now = before - {NOT_STATED}, now - {NOT_STATED}
            if before is None:
                merged[dimension] = now
            elif dimension != "region" or before <= now or now <= before:
                merged[dimension] = before & now
            else:
                return None
    is_of_region = "region" in merged
    return {
        dimension: values
        for dimension, values in merged.items()
        if not says_nothing(dimension, values, is_of_region)
    }
