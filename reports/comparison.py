"""Two sets of projects side by side."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from projects.asking import FACET_LABELS, Asked, Links, Selection, Words, query_of
from projects.asking.activities import activities_in_words
from projects.asking.answer import Answer, State
from projects.asking.sentences import difference_sentence, sentence_about, stopped
from projects.citations import labelled, sentences
from projects.ranges import PUBLISHED_DIMENSIONS

from .breakdowns import BREAKDOWNS, Bar, Breakdown, Line, Row, bar_of, breakdown
from .files import flat

# The facets whose values are offered; a pasted address takes any list.
OFFERED = (*PUBLISHED_DIMENSIONS, "entity", "country")


@dataclass(frozen=True)
class Side:
    selection: Selection

    @property
    def links(self) -> Links:
        return Links(self.selection.asked)

    @property
    def words(self) -> Words:
        return Words(self.selection)

    @property
    def name(self) -> str:
        return self.words.subject or _("The whole register")

    @property
    def choices(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """The picker's choices, in groups of (query, label, whether it is asked for)."""
        asked_for = query_of(self.selection.asked.narrowing)
        groups = {"": [("", _("The whole register"))]}
        whole = Selection(Asked())
        for facet in (one for one in whole.asked.facets if one in OFFERED):
            for slug, label in whole.offered(facet):
                query = query_of(Asked.of(None, **{facet: [slug]}))
                groups.setdefault(str(FACET_LABELS[facet]), []).append((query, label))
        if asked_for not in {query for offered in groups.values() for query, _name in offered}:
            as_it_is = [(asked_for, self.words.subject or self.words.sentence)]
            groups = {_("As it is"): as_it_is, **groups}
        return [
            (label, [(query, name, query == asked_for) for query, name in offered])
            for label, offered in groups.items()
        ]


@dataclass(frozen=True)
class Pair:
    """The same breakdown of two sets with their names, A's first; `in_shares` of each.

    `wholes` are the numbers of the sets, which are drawn first.
    """

    sides: tuple[Breakdown, Breakdown]
    names: tuple[str, str]
    in_shares: bool
    wholes: tuple[Bar, ...] = ()

    slug = "comparison"

    @property
    def title(self) -> str:
        return self.sides[0].title

    @property
    def rows(self) -> list[tuple[str, tuple[Row, ...], str]]:
        """Every value's label, its row on both sides, and their difference."""
        return [
            (rows[0].label, rows, difference(*(row.answer for row in rows)))
            for rows in zip(*(side.rows for side in self.sides), strict=True)
        ]

    @property
    def is_open(self) -> bool:
        """Whether none of its numbers is known: then the numbers of the sets alone are drawn."""
        rows = (row for side in self.sides for row in side.rows)
        return not self.in_shares and all(row.answer.is_open for row in rows)

    @property
    def lines(self) -> tuple[Line, ...]:
        drawn = [(_("In total"), self.wholes)] if self.wholes and not self.in_shares else []
        if not self.is_open:
            drawn += [(label, tuple(row.bar for row in rows)) for label, rows, _apart in self.rows]
        return tuple(
            Line(label, tuple(replace(bar, side=n) for n, bar in enumerate(bars)))
            for label, bars in drawn
        )

    @property
    def longest(self) -> float:
        return 100 if self.in_shares else max(side.longest for side in self.sides)

    @property
    def states(self) -> list[tuple[str, str]]:
        """Outlined bars need a word, which is the legend's: the others have their side's colour."""
        drawn = {bar.state for line in self.lines for bar in line.bars}
        return [(State.RANGE.value, "")] if State.RANGE in drawn else []

    @property
    def difference(self) -> str:
        return difference(*(side.answer for side in self.sides))

    @property
    def differences(self) -> list[str]:
        """What differs by a number that the report states, none for shares."""
        apart = [] if self.in_shares else [one for _label, _rows, one in self.rows]
        return [one for one in apart if one]


def paired(a: Selection, b: Selection, in_shares: bool = False) -> list[Pair]:
    """Return the three breakdowns of both sets, as counts or as shares of each."""
    names = Side(a).name, Side(b).name
    wholes = tuple(bar_of(one.asked, one.answer, query_of(one.asked.narrowing)) for one in (a, b))
    found = ([breakdown(slug, one, in_shares) for one in (a, b)] for slug in BREAKDOWNS)
    return [Pair((first, second), names, in_shares, wholes) for first, second in found]


def most_telling(pairs: list[Pair], a: Selection, b: Selection) -> Pair:
    """Return the first of the breakdowns that neither side is filtered by, to draw it."""
    asked = {*a.asked.conditions, *b.asked.conditions}
    return next((one for one in pairs if one.sides[0].dimension not in asked), pairs[0])


def grid(pairs: list[Pair]) -> list[list[str | int]]:
    lines: list[list] = []
    for pair in pairs:
        for label, rows, apart in pair.rows:
            cells = {
                f"{side}_{k}": v
                for side, row in zip("ab", rows, strict=True)
                for k, v in flat(row.answer.as_data()).items()
            }
            lines.append([pair.title, label, *cells.values(), apart])
            head = ["breakdown", "value", *cells, "difference"]
    return [head, *lines]


def difference(a: Answer, b: Answer) -> str:
    """Return b minus a with its sign, empty where the report does not state both."""
    if a.of_whole is None or b.of_whole is None or a.report.symbol != b.report.symbol:
        return ""
    number = b.of_whole - a.of_whole
    return f"{number:+d}".replace("-", "−") if number else "0"


def sentence(a: Selection, b: Selection) -> str:
    """Return both numbers in sentences, with their difference if the report states both."""
    is_of_edition = a.asked.edition or b.asked.edition
    words = "" if is_of_edition else difference_sentence(a.answer, b.answer)
    are_of_one = a.answer.report.symbol == b.answer.report.symbol
    is_read = are_of_one and (a.answer.has_reading or b.answer.has_reading)
    reading = a.answer.report.reading if is_read else ""
    if words := words or _of_entities(a.answer, b.answer):
        return sentences([words, reading])
    said = [
        labelled(side, sentence_about(one.asked, one.answer)) for side, one in (("A", a), ("B", b))
    ]
    last = _("No difference is given: the report does not state both numbers.")
    if not are_of_one:
        last = _("No difference is given: the two reports count different things.")
    if differs := difference(a.answer, b.answer):
        last = _("Difference: %s.") % differs
    return sentences([*said, last, reading])


def _of_entities(a: Any, b: Any) -> str:
    """Return two numbers of described activities of entities; empty if more is asked for."""
    facets = [facet for one in (a, b) for facet, _values in one.conditions]
    if facets != ["entity", "entity"] or {a.state, b.state} != {State.DESCRIBED}:
        return ""
    counted = map(activities_in_words, (a, b))
    text = _("No difference is given: how many of the %(whole)d projects each has is not stated.")
    return sentences([*map(stopped, counted), text % {"whole": a.report.whole}])
