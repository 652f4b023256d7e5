"""Paragraphs for the next report, from the figures of the projects that are asked for.

They follow the order and the wording of paragraphs 24 and 25 of A/72/621. Numbers follow the United
Nations Editorial Manual ("Numbers, dates and time", www.un.org/dgacm): under 10 in words, from 10
in figures, in one sentence all as the highest; none begins a sentence. What the report's totals
leave open is a range, never a single number.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
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
from .reconciliation import agrees

UNKNOWN = State.RECONSTRUCTION
LOCAL = (Scope.REGIONAL, Scope.NATIONAL)


@dataclass(frozen=True)
class Piece:
    """Some words or a number; `old` is the other source's number, empty unless it differs."""

    text: str
    old: str = ""


@dataclass(frozen=True)
class Paragraph:
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Drafted:
    """A draft; `compared` of its `numbers` figures are in the other source."""

    paragraphs: tuple[Paragraph, ...]
    numbers: int
    compared: int
    has_ranges: bool

    @property
    def differs(self) -> bool:
        return any(piece.old for paragraph in self.paragraphs for piece in paragraph.pieces)

    @property
    def text(self) -> str:
        return "\n\n".join(paragraph.text for paragraph in self.paragraphs)


def draft(selection: Selection, others: Mapping[str, Figure]) -> Drafted:
    """Return the paragraphs on priority areas and on geographic spread, in projects.

    `others` are the figures to compare with, by their filters.
    """
    return _Drafter(selection, others).drafted()


def figures_of(selection: Selection) -> dict[str, Figure]:
    """Return the known numbers of a draft by their filters, to compare another draft with."""
    numbers = _Drafter(selection, {}).numbers.values()
    return {
        one.query: Figure(query=one.query, value=one.answer.reconstruction)
        for one in numbers
        if one.query is not None and one.answer.state != UNKNOWN
    }


@dataclass(frozen=True)
class _Number:
    """A number; `query` lists its projects, without the edition; its parts add up to `floor`."""

    answer: Answer
    query: str | None
    floor: int = 0

    @property
    def is_known(self) -> bool:
        allowed = self.answer.range
        return self.answer.state != UNKNOWN or bool(allowed and allowed.low == allowed.high)

    @property
    def highest(self) -> int:
        allowed = self.answer.range
        return allowed.high if allowed else self.answer.reconstruction

    @property
    def least(self) -> int:
        if self.is_known:
            return self.highest
        allowed = self.answer.range
        return allowed.low if allowed else max(self.answer.documented, self.floor)

    @property
    def largest(self) -> int:
        return self.highest if self.is_known or self.answer.range else self.least

    @property
    def plural(self) -> int:
        """The number for ngettext: a range and an unknown number are plural."""
        is_single = self.is_known or (self.least and not self.answer.range)
        return self.largest if is_single else max(self.largest, 2)

    def text(self, in_figures: bool, before_noun: bool = False) -> str:
        if self.is_known:
            return _written(self.highest, in_figures)
        if allowed := self.answer.range:
            return _("%(low)d to %(high)d") % {"low": allowed.low, "high": allowed.high}
        if self.least:
            return _("at least %s") % _written(self.least, in_figures)
        return _("an unknown number of") if before_noun else _("an unknown number")


class _Drafter:
    def __init__(self, selection: Selection, others: Mapping[str, Figure]):
        self.selection, self.others = selection, others
        self.asked = selection.asked.narrowing.but(edition=None)
        self.numbers = {("", ""): _Number(selection.answer, query_of(self.asked))}
        for dimension, values in (("priority_area", PriorityArea), ("scope", Scope)):
            for value in values:
                self._add(dimension, value)
        for region in Region:
            self._add("region", region)
        # A project has one area and one scope; with a region it is regional or national.
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
        compared = sum(one.query in self.others for one in self.numbers.values())
        paragraphs = tuple(filter(None, (self._areas(), self._spread())))
        has_ranges = not all(one.is_known for one in self.numbers.values())
        return Drafted(paragraphs, len(self.numbers), compared, has_ranges)

    def _areas(self) -> Paragraph:
        whole, is_filtered = self.numbers["", ""], self.selection.asked.is_filtered
        if not whole.highest and not is_filtered:
            return _paragraph(
                [[Piece(_("The matrix has no project on preventing violent extremism."))]]
            )
        conditions = [Piece(", ".join(condition_words(self.asked)))]
        opening = self._counted(NARROWED if is_filtered else WHOLE, whole, conditions=conditions)
        return _paragraph([opening, *self._by_area()])

    def _by_area(self) -> Iterator[list[Piece]]:
        asked_for = self.asked.conditions.get("priority_area") or tuple(PriorityArea)
        if len(asked_for) == 1:
            return
        areas = {
            area: self.numbers["priority_area", area] for area in AREA_CLAUSES if area in asked_for
        }
        if found := {area: number for area, number in areas.items() if number.highest}:
            texts = [AREA_CLAUSES[area] for area in found]
            text = _("By priority area of the Plan of Action, they are as follows: %(areas)s.")
            clauses = self._clauses(texts, list(found.values()), before_noun=True)
            yield _filled(text, areas=_series(clauses, "; ", _("; and ")))
        empty = [[Piece(str(AREA_SUBJECTS[area]))] for area in areas if area not in found]
        if empty and self.numbers["", ""].highest:
            text = _("No project was recorded on %(areas)s.")
            yield _filled(text, areas=_series(empty, "; ", _("; or ")))
        other = self.numbers["priority_area", PriorityArea.OTHER]
        if PriorityArea.OTHER in asked_for and other.highest:
            yield self._counted(OTHER_AREAS, other, before_noun=True)

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
        written = self._written(numbers, before_noun)
        return [
            _filled(text % {"count": number.plural, "number": "%(number)s"}, number=[piece])
            for text, number, piece in zip(texts, numbers, written, strict=True)
        ]

    def _counted(
        self, text: Any, number: _Number, before_noun: bool = False, **given: list[Piece]
    ) -> list[Piece]:
        placeholders = {name: f"%({name})s" for name in ("number", *given)}
        form = text % {"count": number.plural, **placeholders}
        return _filled(form, number=self._written([number], before_noun), **given)

    def _written(self, numbers: Sequence[_Number], before_noun: bool = False) -> list[Piece]:
        in_figures = any(one.largest >= len(NUMBER_WORDS) for one in numbers)
        return [Piece(one.text(in_figures, before_noun), self._other(one)) for one in numbers]

    def _other(self, number: _Number) -> str:
        other = None if number.query is None else self.others.get(number.query)
        if other is None or number.answer.state == UNKNOWN:
            return ""
        return "" if agrees(other, number.answer.reconstruction) else other.printed


def _written(number: int, in_figures: bool) -> str:
    if (number and in_figures) or number >= len(NUMBER_WORDS):
        return str(number)
    return str(NUMBER_WORDS[number])


def _filled(text: str, **given: list[Piece]) -> list[Piece]:
    pieces = []
    # The split alternates words and names.
    for place, part in enumerate(re.split(r"%\((\w+)\)s", text)):
        pieces += given[part] if place % 2 else [Piece(part)]
    return pieces


def _series(items: Sequence[list[Piece]], between: str, last: str) -> list[Piece]:
    pieces = [*items[0]]
    for place, item in enumerate(items[1:], start=2):
        pieces += [Piece(last if place == len(items) else between), *item]
    return pieces


def _paragraph(sentences: Sequence[list[Piece]]) -> Paragraph:
    return Paragraph(tuple(_series(sentences, " ", " ")))
