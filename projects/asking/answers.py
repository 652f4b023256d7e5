"""The one place that decides in which state a query is answered, and with which numbers."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from itertools import chain
from typing import Any

from ..cube import VOCABULARIES, Cube, Stated, says_nothing
from ..ranges import LOCAL, PUBLISHED_DIMENSIONS, Bounds, Condition, Range, Totals, possible
from ..vocabulary import NOT_STATED, InMatrix, Provenance, Scope
from .answer import (
    Answer,
    Conditions,
    DescribedAnswer,
    EntriesAnswer,
    PublishedAnswer,
    RangeAnswer,
    Why,
)
from .asked import KNOWLEDGE, MANY_VALUED, Asked
from .published import PrintedNumber, Published


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
    ) -> None:
        self.asked, self.base, self.printed = asked, base, printed
        self.table, self.blank_of = base if table is None else table, blank_of

    @cached_property
    def confirmed(self) -> Cube:
        """All confirmed projects whose source says that they are in the matrix."""
        return self.table.by({*PUBLISHED_DIMENSIONS, *IN_MATRIX}).where(IN_MATRIX)

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
        is_base = cube is self.base
        dimensions = {*IN_MATRIX, *facets} & VOCABULARIES.keys()
        cube = cube.by(dimensions)
        of_entries = self.asked.queries or any(_is_of_entries(*one) for one in conditions)
        of_report = not of_entries and facets <= {*PUBLISHED_DIMENSIONS}
        filed = self.table.by(dimensions) if of_report and is_base else cube
        for condition in wanted:
            filed = filed.where(condition)
        stated = cube.where(DESCRIBED_BY_SOURCE).stated(wanted)
        sure, others = (cube.where(one).stated(wanted).sure for one in (IN_MATRIX, NOT_IN_MATRIX))
        shared: dict[str, Any] = {
            "conditions": conditions,
            "queries": self.asked.queries,
            "in_matrix": sure,
            "may_be": stated.sure - sure - others,
            "others": others,
            "filed": filed.total,
            "report": self.printed,
        }
        if of_entries:
            return EntriesAnswer(**shared, **self._entries(cube, conditions))
        if printed := self.printed.numbers_of(conditions):
            return PublishedAnswer(**shared, **self._published(conditions, printed))
        if not of_report:
            return DescribedAnswer(**shared, **self._described(cube, wanted, stated, conditions))
        return RangeAnswer(**shared, **self._range(conditions, wanted))

    def _published(self, conditions: Conditions, printed: list[PrintedNumber]) -> dict[str, Any]:
        first, *others = printed
        facets = {facet for facet, _values in conditions}
        paragraphs = chain.from_iterable(one.paragraph.split(", ") for one in printed)
        return {
            "printed": tuple(one.number for one in printed),
            "paragraph": ", ".join(dict.fromkeys(paragraphs)),
            "comparator": first.comparator,
            "low": None if others or first.high is not None else first.low,
            "is_compared": self._is_of_totals(conditions)
            or (facets <= {*PUBLISHED_DIMENSIONS} and self.is_all_stated),
        }

    def _is_of_totals(self, conditions: Conditions) -> bool:
        """Whether a number is a total, or a sum of totals, that placeholders make up."""
        if not conditions:
            return True
        (facet, values), *others = conditions
        # How regions overlap is filled in.
        is_apart = facet != "region" or len(values) == 1
        return (
            not others and is_apart and all((facet, one) in self.printed.figures for one in values)
        )

    @property
    def is_all_stated(self) -> bool:
        """Whether sources state all that the report counts by of all its projects."""
        return 0 < self.printed.whole <= self.fixed.total

    def _entries(self, cube: Cube, conditions: Conditions) -> dict[str, Any]:
        of_facets = [one for one in conditions if one[0] in VOCABULARIES]
        about: list[Condition] = [
            {facet: values} for facet, values in of_facets if _is_of_entries(facet, values)
        ]
        others = [one for one in of_facets if not _is_of_entries(*one)]
        # Of these nothing is stated for any of the entries.
        unstated = {facet for facet, _values in others if self._is_unstated(cube, about, facet)}
        stated_facets = [{facet: values} for facet, values in others if facet not in unstated]
        wanted = [*about, *stated_facets]
        stated, placeholders = cube.stated(wanted), cube.where(PLACEHOLDERS)
        may_be_blank = {*dict(others), *IN_MATRIX} - {"provenance"}
        blanks = tuple((one, n) for one, n in stated.blanks.items() if one in may_be_blank)
        # Of no entry nothing is unknown.
        is_open = bool(stated.sure or blanks)
        return {
            "number_of_entries": stated.sure,
            "number_of_placeholders": placeholders.stated(wanted).sure,
            "leaves_out": bool(self.table.where(PLACEHOLDERS).total),
            "blanks": blanks,
            "unknown": tuple(one for one in others if one[0] in unstated) if is_open else (),
        }

    @staticmethod
    def _is_unstated(cube: Cube, about: list[Condition], facet: str) -> bool:
        values = [value for value in VOCABULARIES[facet].values if value != NOT_STATED]
        stated = cube.stated([*about, {facet: values}])
        return not stated.sure and facet in stated.blanks

    def _described(
        self, cube: Cube, wanted: list[Condition], stated: Stated, conditions: Conditions
    ) -> dict[str, Any]:
        linked = (facet for facet, _values in conditions if facet not in VOCABULARIES)
        without = {facet: self.blank_of(facet) for facet in linked}
        blanks = stated.blanks | {
            facet: cube_without.where(DESCRIBED_BY_SOURCE).stated(wanted).sure
            for facet, cube_without in without.items()
        }
        sure = cube.where(IN_MATRIX).stated(wanted)
        low, high = self.printed.limits(conditions)
        numbers: dict[str, Any] = {
            "blanks": tuple((facet, number) for facet, number in blanks.items() if number),
            "low": max(sure.sure, low),
            "high": None if high is None else max(sure.sure, low, high),
        }
        if self.printed.whole and self.confirmed.total >= self.printed.whole:
            could = [one.where(IN_MATRIX).stated(wanted) for one in without.values()]
            high = sure.sure + sure.could + sum(one.sure + one.could for one in could)
            numbers["high"] = high
            numbers["why"] = Why.CONFIRMED.value if high == sure.sure else ""
        return numbers

    def _range(self, conditions: Conditions, wanted: list[Condition]) -> dict[str, Any]:
        asked = dict(conditions)
        is_of_region = "region" in asked
        only_global = asked.get("scope") == (Scope.GLOBAL,)
        if (is_of_region and only_global) or any(not values for values in asked.values()):
            return {"low": 0, "high": 0, "why": Why.RULE.value}
        # The report states no region of the projects of other scopes.
        readings = [
            reading
            for reading in self.printed.readings
            if not is_of_region or {*reading[0].local} & {*asked.get("scope", LOCAL)}
        ]
        if not readings or readings[0] is not self.printed.readings[0]:
            return {}
        allowed, *others = (self._allowed(*reading, wanted) for reading in readings)
        numbers: dict[str, Any] = {"low": allowed.low, "high": allowed.high}
        if self.is_all_stated:
            numbers["why"] = Why.CONFIRMED.value
        elif allowed.is_single:
            numbers["why"] = Why.TOTALS.value
        if is_of_region and others and not self.is_all_stated:
            numbers["literal"] = None if others[0] == allowed else others[0]
        return numbers

    def _allowed(self, totals: Totals, printed: list[Bounds], wanted: list[Condition]) -> Range:
        allowed = possible(totals, wanted, self.fixed, printed)
        if totals.local != LOCAL:
            wanted = [*wanted, {"scope": totals.local}]
        # Of some only what is asked for is stated.
        sure = self.confirmed.stated(wanted).sure
        return Range(max(allowed.low, sure), max(allowed.high, sure))


DESCRIBED_BY_SOURCE: Condition = {"provenance": [Provenance.NAMED, Provenance.CONFIRMED]}
OF_REPORT: Condition = {"provenance": [Provenance.NAMED]}
PLACEHOLDERS: Condition = {"provenance": [Provenance.COUNTED]}
IN_MATRIX: Condition = {"provenance": [Provenance.CONFIRMED], "in_matrix": [InMatrix.YES]}
NOT_IN_MATRIX: Condition = {**DESCRIBED_BY_SOURCE, "in_matrix": [InMatrix.NO]}


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
