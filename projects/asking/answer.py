"""How a number is known: four states, each with what it has.

A number is *published* if a paragraph of the report prints it, whatever it counts, or if it is a
sum of such numbers over areas or scopes. Other combinations of areas, scopes and regions are a
*range*: what is published allows no less and no more. Other filters on entities, countries, years
and status count *described* activities, which says nothing of how many projects of the report
match. Filters on how entries are known count *entries* of this register. No number follows from a
value that the register filled in.
"""

import re
from dataclasses import dataclass, field
from typing import ClassVar

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..citations import cited
from ..ranges import Range
from ..text import left_to_right, percent
from ..vocabulary import Comparator, Provenance, RegionsOf, Scope
from .published import Published


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


# Of a described entry a source says that it is in the report's matrix, nothing, or that it is not.
KINDS = ("in_matrix", "may_be", "others")
# As (facet, values): a project has at least one of them.
Conditions = tuple[tuple[str, tuple[str, ...]], ...]


class WordForWord(TextChoices):
    """Why the second reading of a report's counts by region has no other range."""

    SAME = "same"
    NO_REGION = "no-region"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A number of projects, or of counts by region for a single one, and how it is known.

    `conditions` are those that it answers. Described entries that match by what is stated have
    three numbers: `in_matrix`, which a source places in the report's matrix; `others`, which one
    says are not there; and `may_be`. `filed` counts rows, filled-in values included: where the
    report counts, only those that make up its total. What an answer lacks in its state is None or
    empty.
    """

    state: ClassVar[State]

    conditions: Conditions = ()
    queries: tuple[str, ...] = ()
    in_matrix: int = 0
    may_be: int = 0
    others: int = 0
    filed: int = 0
    report: Published = field(default_factory=Published, compare=False)

    @property
    def activities(self) -> int:
        """The entries of all three kinds, which a list of described activities has."""
        return self.in_matrix + self.may_be + self.others

    @property
    def number(self) -> int | None:
        """The published number."""
        return None

    @property
    def printed(self) -> tuple[int, ...]:
        """The published numbers that it adds up."""
        return ()

    @property
    def comparator(self) -> str | None:
        """What the report prints before a published number."""
        return None

    @property
    def paragraph(self) -> str:
        return ""

    @property
    def paragraphs(self) -> list[str]:
        return re.findall(r"\w+", self.paragraph)

    @property
    def low(self) -> int | None:
        """The least number of the report's projects that match, as far as anything limits it."""
        return None

    @property
    def high(self) -> int | None:
        return None

    @property
    def range(self) -> Range | None:
        return None if self.low is None or self.high is None else Range(self.low, self.high)

    @property
    def literal(self) -> Range | None:
        """The range word for word, where that reading of the report gives another one."""
        return None

    @property
    def literal_why(self) -> str | None:
        """Why that other reading gives none; None where there is one reading."""
        second = self.report.regions_or_of
        if self.literal or not (second and self.has_reading) or self.why == Why.CONFIRMED:
            return None
        scopes = dict(self.conditions).get("scope", second.scopes)
        is_stated = {*scopes} & {*second.scopes, Scope.GLOBAL}
        return (WordForWord.SAME if is_stated else WordForWord.NO_REGION).value

    @property
    def why(self) -> str:
        """Why a number that the report does not print is exact."""
        return ""

    @property
    def entries(self) -> int | None:
        return None

    @property
    def placeholders(self) -> int | None:
        return None

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
        return self.of_whole

    @property
    def of_whole(self) -> int | None:
        """The one number of the report's projects that match, None if it is not known."""
        return self.low if self.low == self.high else None

    @property
    def differs(self) -> bool:
        """Whether the register no longer has as many entries as the report prints."""
        return False

    @property
    def of_all(self) -> int:
        """The number of all projects, or of all counts by region, that a published one is part of.

        It is 0 where the number is of several values, or no such total is published.
        """
        facets = [(facet, value) for facet, values in self.conditions for value in values]
        is_total = self.state == State.PUBLISHED and len(facets) == 1
        return self.report.counted_with(*facets[0]) if is_total else 0

    @property
    def share(self) -> str:
        """The published number in per cent of them; empty if there is none."""
        return percent(100 * self.figure / self.of_all) if self.of_all else ""

    @property
    def is_open(self) -> bool:
        """Whether the report does not state it, and its totals allow several numbers."""
        return self.state == State.RANGE and self.exact is None

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
        return left_to_right(self.range)

    @property
    def basis(self) -> str:
        """How the number is known, in a word or two next to it."""
        return str(Why(self.why).label) if self.why else _("not stated")

    def as_data(self, filled_in: bool = False) -> dict[str, int | str | list | None]:
        """Return the keys of an answer; the example of the filled-in table only if asked for."""
        literal = (self.literal.low, self.literal.high) if self.literal else (None, None)
        data: dict[str, int | str | list | None] = {
            "state": self.state.value,
            "number": self.number,
            "comparator": self.comparator,
            "paragraphs": self.paragraphs,
            "sum_of": list(self.printed) if len(self.printed) > 1 else [],
            "low": self.low,
            "high": self.high,
            "why": self.why or None,
            "reading": self.report.regions_of.value if self.has_reading else None,
            "word_for_word_low": literal[0],
            "word_for_word_high": literal[1],
            "word_for_word_why": self.literal_why,
            **{kind: getattr(self, kind) for kind in KINDS},
            "entries": self.entries,
            "placeholders": self.placeholders,
        }
        return data | ({"filled_in": self.filed} if filled_in else {})


@dataclass(frozen=True, kw_only=True)
class PublishedAnswer(Answer):
    """A number that a paragraph prints, or a sum of such numbers.

    It is compared with the register's rows only if they count the same: where they make up the
    totals, or where sources state it all.
    """

    state = State.PUBLISHED

    printed: tuple[int, ...] = ()
    paragraph: str = ""
    comparator: str = Comparator.EQUAL.value
    low: int | None = None
    is_compared: bool = True

    @property
    def number(self) -> int:
        return sum(self.printed)

    @property
    def of_whole(self) -> int | None:
        return self.number if self.comparator == Comparator.EQUAL else None

    @property
    def differs(self) -> bool:
        is_other = not Comparator(self.comparator).agrees(self.filed, self.number)
        return self.is_compared and is_other

    @property
    def is_all_said(self) -> bool:
        """Whether the number, what it counts and its place say all that its sentence does."""
        is_usual = not self.is_of_region or self.report.regions_of == RegionsOf.BOTH
        return is_usual and len(self.printed) == 1 and not self.differs

    @property
    def short(self) -> str:
        if self.comparator == Comparator.EQUAL:
            return str(self.number)
        return left_to_right(f"{self.comparator}\N{NO-BREAK SPACE}{self.number}")

    @property
    def compared(self) -> str:
        """The number with what is printed before it, in words: "more than 12"."""
        if self.comparator == Comparator.EQUAL:
            return str(self.number)
        known = {"comparator": Comparator(self.comparator).label, "value": self.number}
        return _("%(comparator)s %(value)s") % known

    @property
    def basis(self) -> str:
        return cited("", self.paragraph)

    @property
    def place(self) -> str:
        return cited(self.report.symbol, self.paragraph)


@dataclass(frozen=True, kw_only=True)
class RangeAnswer(Answer):
    """What the published totals allow; without limits where no range follows from them."""

    state = State.RANGE

    low: int | None = None
    high: int | None = None
    why: str = ""
    literal: Range | None = None


@dataclass(frozen=True, kw_only=True)
class DescribedAnswer(Answer):
    """A number of described activities, which limits how many of the report's projects match.

    `blanks` counts those that match in all facets but one, which is not stated.
    """

    state = State.DESCRIBED

    low: int | None = None
    high: int | None = None
    why: str = ""
    blanks: tuple[tuple[str, int], ...] = ()

    @property
    def exact(self) -> int:
        return self.activities

    @property
    def basis(self) -> str:
        return ngettext("described", "described", self.activities)


@dataclass(frozen=True, kw_only=True)
class EntriesAnswer(Answer):
    """A number of entries by what is stated, `placeholders` of them.

    `number_of_entries` counts them also where, of the conditions `unknown`, nothing is stated for
    any: then no number is known of those that meet all. `blanks` are as of described activities.
    """

    state = State.ENTRIES

    number_of_entries: int = 0
    number_of_placeholders: int = 0
    # Whether there are placeholders, which are not searched.
    leaves_out: bool = False
    blanks: tuple[tuple[str, int], ...] = ()
    unknown: Conditions = ()

    @property
    def entries(self) -> int | None:
        return None if self.unknown else self.number_of_entries

    @property
    def placeholders(self) -> int | None:
        return None if self.unknown else self.number_of_placeholders

    @property
    def exact(self) -> int | None:
        return self.entries

    @property
    def basis(self) -> str:
        if self.entries is None:
            return _("not stated")
        return ngettext("entry", "entries", self.entries)
