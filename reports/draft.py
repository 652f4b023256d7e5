"""Paragraphs for the next report, from the figures of the projects that are asked for.

They follow paragraphs 24 and 25 of A/72/621: their order, their verbs and their sentences. A number
is in words or figures after the United Nations Editorial Manual ("Numbers, dates and time",
www.un.org/dgacm): under 10 in words, from 10 in figures; in a sentence to whose numbers both rules
would apply, that of the highest holds for all. No sentence begins with a number. What the report's
totals leave open is a range, never a single number.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from projects.asking import Selection, query_of
from projects.asking.answers import Answer, State
from projects.asking.words import IN_REGION, condition_words
from projects.vocabulary import PriorityArea, Region, Scope

from .clauses import (
    AREA_CLAUSES,
    AREA_SUBJECTS,
    FIRST_REGION,
    FURTHER_REGION,
    NARROWED,
    NUMBER_WORDS,
    OTHER_AREAS,
    SCOPE_CLAUSES,
    WHOLE,
)
from .models import Figure
from .reconciliation import agrees, told

UNKNOWN = State.RECONSTRUCTION
LOCAL = (Scope.REGIONAL, Scope.NATIONAL)


@dataclass(frozen=True)
class Piece:
    """Some words of a paragraph, or a number; `old` is what another source gives instead of it.

    `old` is empty for words, and for numbers that are the same or that the other does not give.
    """

    text: str
    old: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph in its pieces."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The paragraph as plain text."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Drafted:
    """The paragraphs of a draft; `compared` of its `numbers` figures are in the other source.

    `has_ranges` is whether any of its figures is not known.
    """

    paragraphs: tuple[Paragraph, ...]
    numbers: int
    compared: int
    has_ranges: bool

    @property
    def differs(self) -> bool:
        """Whether any number differs from the other source."""
        return any(piece.old for paragraph in self.paragraphs for piece in paragraph.pieces)

    @property
    def text(self) -> str:
        """The paragraphs as plain text."""
        return "\n\n".join(paragraph.text for paragraph in self.paragraphs)


def draft(selection: Selection, others: Mapping[str, Figure]) -> Drafted:
    """Return the paragraphs on priority areas and on geographic spread; units: projects.

    `others` are the figures to compare with, by their filters.
    """
    return _Drafter(selection, others).drafted()


def figures_of(selection: Selection) -> dict[str, Figure]:
    """Return the known numbers of a draft as figures by their filters, to compare another with."""
    numbers = _Drafter(selection, {}).numbers.values()
    return {
        one.query: Figure(query=one.query, value=one.answer.reconstruction)
        for one in numbers
        if one.query is not None and one.answer.state != UNKNOWN
    }


@dataclass(frozen=True)
class _Number:
    """A number with the filter, without the edition, that lists its projects, if one does.

    `floor` is what its parts have at least, below which it cannot be.
    """

    answer: Answer
    query: str | None
    floor: int = 0

    @property
    def is_known(self) -> bool:
        """Whether there is a single number to write."""
        allowed = self.answer.range
        return self.answer.state != UNKNOWN or bool(allowed and allowed.low == allowed.high)

    @property
    def highest(self) -> int:
        """The most that it can be, as far as that is known."""
        allowed = self.answer.range
        return allowed.high if allowed else self.answer.reconstruction

    @property
    def least(self) -> int:
        """The least that it can be, as far as that is known."""
        if self.is_known:
            return self.highest
        allowed = self.answer.range
        return allowed.low if allowed else max(self.answer.documented, self.floor)

    @property
    def largest(self) -> int:
        """The largest number that is written for it."""
        return self.highest if self.is_known or self.answer.range else self.least

    @property
    def plural(self) -> int:
        """The number that its noun and verb follow; of a range and of what is unknown, many."""
        is_single = self.is_known or (self.least and not self.answer.range)
        return self.largest if is_single else max(self.largest, 2)

    def text(self, in_figures: bool, before_noun: bool = False) -> str:
        """Return the number as it is written; what is not known as a range."""
        if self.is_known:
            return _written(self.highest, in_figures)
        if allowed := self.answer.range:
            return _("%(low)d to %(high)d") % {"low": allowed.low, "high": allowed.high}
        if self.least:
            return _("at least %s") % _written(self.least, in_figures)
        return _("an unknown number of") if before_noun else _("an unknown number")


class _Drafter:
    """Writes the paragraphs: every number there is in them, by dimension and value."""

    def __init__(self, selection: Selection, others: Mapping[str, Figure]):
        self.selection, self.others = selection, others
        self.asked = selection.asked.narrowing.but(edition=None)
        self.numbers = {("", ""): _Number(selection.answer, query_of(self.asked))}
        for dimension, values in (("priority_area", PriorityArea), ("scope", Scope)):
            for value in values:
                self._add(dimension, value)
        for region in Region:
            self._add("region", region)
        # A project has one area and one scope; who has a region is regional or national.
        least = {key: one.least for key, one in self.numbers.items()}
        in_a_region = max(least["region", region] for region in Region)
        local = max(in_a_region, sum(least["scope", scope] for scope in LOCAL))
        floor = max(
            local + least["scope", Scope.GLOBAL],
            sum(least["priority_area", area] for area in PriorityArea),
        )
        self.numbers["", ""] = replace(self.numbers["", ""], floor=floor)
        self.local = _Number(selection.answers.of({"scope": LOCAL}), None, local)

    def _add(self, dimension: str, value: str) -> None:
        narrowed = self.asked.with_value(dimension, value)
        self.numbers[dimension, value] = _Number(
            self.selection.answers.of({dimension: [value]}),
            None if narrowed is None else query_of(narrowed),
        )

    def drafted(self) -> Drafted:
        """Return both paragraphs."""
        compared = sum(one.query in self.others for one in self.numbers.values())
        paragraphs = tuple(filter(None, (self._areas(), self._spread())))
        has_ranges = not all(one.is_known for one in self.numbers.values())
        return Drafted(paragraphs, len(self.numbers), compared, has_ranges)

    def _areas(self) -> Paragraph:
        whole = self.numbers["", ""]
        if not whole.highest and not self.selection.asked.is_filtered:
            return _paragraph(
                [[Piece(_("The matrix has no project on preventing violent extremism."))]]
            )
        opening = NARROWED if self.selection.asked.is_filtered else WHOLE
        conditions = [Piece(", ".join(condition_words(self.asked)))]
        sentences = [self._counted(opening, whole, conditions=conditions)]
        wanted = self.asked.conditions.get("priority_area") or tuple(PriorityArea)
        if len(wanted) == 1:
            return _paragraph(sentences)
        areas = {
            area: self.numbers["priority_area", area] for area in AREA_CLAUSES if area in wanted
        }
        shown = {area: number for area, number in areas.items() if number.highest}
        if shown:
            texts = [AREA_CLAUSES[area] for area in shown]
            text = _("By priority area of the Plan of Action, they are as follows: %(areas)s.")
            clauses = self._clauses(texts, list(shown.values()), before_noun=True)
            sentences.append(_filled(text, areas=_series(clauses, "; ", _("; and "))))
        empty = [[Piece(str(AREA_SUBJECTS[area]))] for area in areas if area not in shown]
        if empty and whole.highest:
            text = _("No project was recorded on %(areas)s.")
            sentences.append(_filled(text, areas=_series(empty, "; ", _("; or "))))
        other = self.numbers["priority_area", PriorityArea.OTHER]
        if PriorityArea.OTHER in wanted and other.highest:
            sentences.append(self._counted(OTHER_AREAS, other, before_noun=True))
        return _paragraph(sentences)

    def _spread(self) -> Paragraph | None:
        if not self.numbers["", ""].highest:
            return None
        sentences = []
        if len(self.asked.conditions.get("scope", ())) != 1:
            text = _("With respect to the geographic spread of these projects, %(scopes)s.")
            scopes = [self.numbers["scope", scope] for scope in SCOPE_CLAUSES]
            clauses = self._clauses(list(SCOPE_CLAUSES.values()), scopes)
            sentences.append(_filled(text, scopes=_series(clauses, ", ", _(" and "))))
        regions = {region: self.numbers["region", region] for region in Region}
        if shown := {region: number for region, number in regions.items() if number.highest}:
            sentences.append(self._by_region(shown))
        return _paragraph(sentences) if sentences else None

    def _by_region(self, shown: Mapping[Region, _Number]) -> list[Piece]:
        places = [[Piece(str(IN_REGION[region]))] for region in shown]
        if all(one.is_known and one.highest == 1 for one in (self.local, *shown.values())):
            text = _("The regional or national project is %(regions)s.")
            return _filled(text, regions=_series(places, ", ", _(" and ")))
        local, *numbers = self._written([self.local, *shown.values()])
        clauses = [
            _filled(
                (FURTHER_REGION if place else FIRST_REGION)
                % {"count": number.plural, "number": "%(number)s", "in_region": "%(in_region)s"},
                number=[numbers[place]],
                in_region=places[place],
            )
            for place, number in enumerate(shown.values())
        ]
        return _filled(self._of_local, local=[local], regions=_series(clauses, ", ", _(" and ")))

    @property
    def _of_local(self) -> str:
        """The sentence on regions; how many it is of is said as far as it is known."""
        if self.local.largest > 1 and (self.local.is_known or self.local.answer.range):
            return _(
                "Of the %(local)s regional and national projects, %(regions)s; projects in more "
                "than one region are counted in each."
            )
        if self.local.least:
            return _(
                "Of the regional and national projects (%(local)s), %(regions)s; projects in more "
                "than one region are counted in each."
            )
        return _(
            "Of the regional and national projects, %(regions)s; projects in more than one region "
            "are counted in each."
        )

    def _clauses(
        self, texts: Sequence[Any], numbers: Sequence[_Number], before_noun: bool = False
    ) -> list[list[Piece]]:
        """Return the clauses of one sentence, each with its number."""
        written = self._written(numbers, before_noun)
        return [
            _filled(text % {"count": number.plural, "number": "%(number)s"}, number=[piece])
            for text, number, piece in zip(texts, numbers, written, strict=True)
        ]

    def _counted(
        self, text: Any, number: _Number, before_noun: bool = False, **given: list[Piece]
    ) -> list[Piece]:
        """Return a sentence with a single number."""
        kept = {name: f"%({name})s" for name in ("number", *given)}
        form = text % {"count": number.plural, **kept}
        return _filled(form, number=self._written([number], before_noun), **given)

    def _written(self, numbers: Sequence[_Number], before_noun: bool = False) -> list[Piece]:
        """Return the numbers of one sentence as it writes them, beside what the other gives."""
        in_figures = any(one.largest >= len(NUMBER_WORDS) for one in numbers)
        return [Piece(one.text(in_figures, before_noun), self._old(one)) for one in numbers]

    def _old(self, number: _Number) -> str:
        other = None if number.query is None else self.others.get(number.query)
        if other is None or number.answer.state == UNKNOWN:
            return ""
        return "" if agrees(other, number.answer.reconstruction) else told(other)


def _written(number: int, in_figures: bool) -> str:
    if (number and in_figures) or number >= len(NUMBER_WORDS):
        return str(number)
    return str(NUMBER_WORDS[number])


def _filled(text: str, **given: list[Piece]) -> list[Piece]:
    """Return a text's words, and in its named places what is given, in the language's order."""
    pieces = []
    # Words and names by turns.
    for place, part in enumerate(re.split(r"%\((\w+)\)s", text)):
        pieces += given[part] if place % 2 else [Piece(part)]
    return pieces


def _series(items: Sequence[list[Piece]], between: str, last: str) -> list[Piece]:
    """Return the items one after the other."""
    pieces = [*items[0]]
    for place, item in enumerate(items[1:], start=2):
        pieces += [Piece(last if place == len(items) else between), *item]
    return pieces


def _paragraph(sentences: Sequence[list[Piece]]) -> Paragraph:
    return Paragraph(tuple(_series(sentences, " ", " ")))
