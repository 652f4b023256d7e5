"""The least and the most projects that the totals allow.

The model: every project has one area and one scope; a global one has no region, any other has any
number of regions, none included. Known are the totals of areas, scopes and regions, not how they
combine. Known projects are fixed, and the rest of the totals is left for the others.

A condition on areas is a set of known size among all projects, one on scopes another, and
conditions on regions a set of a size within known bounds among the projects that are not global.
Such sets have at most the size of the smallest in common. At least they have the sum of their
sizes, less the whole for each set but one: every project outside what is common is missing from
some set, and at best from only one. Tests compare this with an exact integer programme, cell by
cell.

What a report prints besides its totals bounds what contains it, what it contains, and what it
leaves of another printed number. Such a range can be too wide, never too narrow.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import permutations, product
from typing import NamedTuple

from .cube import Cube
from .vocabulary import Scope

# The dimensions whose totals the report prints.
PUBLISHED_DIMENSIONS = ("priority_area", "scope", "region")

# Values by dimension: a project has at least one of them.
Condition = Mapping[str, Iterable[str]]


@dataclass(frozen=True)
class Range:
    """The least and the most projects that there can be."""

    low: int
    high: int

    @property
    def is_single(self) -> bool:
        return self.low == self.high

    def __str__(self) -> str:
        return str(self.low) if self.is_single else f"{self.low}–{self.high}"


# The scopes of the projects that can have a region; a report can count the regions of fewer.
LOCAL = (Scope.REGIONAL, Scope.NATIONAL)


@dataclass(frozen=True)
class Totals:
    """The published numbers of projects: all, by area, by scope, and by region as far as there are.

    The numbers by region are of the projects of the scopes in `local`.
    """

    projects: int
    areas: Mapping[str, int]
    scopes: Mapping[str, int]
    regions: Mapping[str, int]
    local: tuple[str, ...] = LOCAL

    def without(self, fixed: Cube, of_regions: Cube | None = None) -> "Totals":
        """Return the totals less these projects; `of_regions` are those that regions count."""
        if not fixed.total:
            return self
        return Totals(
            self.projects - fixed.total,
            _less(self.areas, fixed.counts("priority_area")),
            _less(self.scopes, fixed.counts("scope")),
            _less(self.regions, (of_regions or fixed).counts("region")),
            self.local,
        )


def _less(totals: Mapping[str, int], taken: Mapping[str, int]) -> dict[str, int]:
    return {value: number - taken[value] for value, number in totals.items()}


class Bounds(NamedTuple):
    """The least and the most projects of areas and scopes that have a region of each set.

    `low` and `high` are None where nothing is printed of them.
    """

    areas: frozenset[str]
    scopes: frozenset[str]
    regions: frozenset[frozenset[str]]
    low: int | None = None
    high: int | None = None

    def covers(self, other: "Bounds") -> bool:
        """Return whether each project that the other counts is counted here."""
        return (
            other.areas <= self.areas
            and other.scopes <= self.scopes
            and all(any(few <= some for few in other.regions) for some in self.regions)
        )

    def less(self, part: "Bounds") -> "Bounds | None":
        """Return what a part leaves, None if it is no part by its areas or its scopes alone."""
        if not self.covers(part) or part.regions != self.regions:
            return None
        areas, scopes = self.areas - part.areas, self.scopes - part.scopes
        if bool(areas) == bool(scopes):
            return None
        low = None if None in (self.low, part.high) else (self.low or 0) - (part.high or 0)
        high = None if None in (self.high, part.low) else (self.high or 0) - (part.low or 0)
        return Bounds(areas or self.areas, scopes or self.scopes, self.regions, low, high)


def bounds_of(
    totals: Totals,
    conditions: Iterable[Condition],
    low: int | None = None,
    high: int | None = None,
) -> Bounds:
    """Return the bounds of a number of the projects that meet all conditions."""
    conditions = list(conditions)
    regions = frozenset(frozenset(one["region"]) for one in conditions if one.get("region"))
    areas = _chosen("priority_area", totals.areas, conditions)
    scopes = _chosen("scope", totals.scopes, conditions)
    if regions:
        scopes &= {*totals.local}
    return Bounds(frozenset(areas), frozenset(scopes), regions, low, high)


def with_what_is_left(printed: Collection[Bounds]) -> list[Bounds]:
    """Return these bounds, and those of what one of them leaves of another."""
    left = (whole.less(part) for whole, part in permutations(printed, 2))
    return [*printed, *filter(None, left)]


def possible(
    totals: Totals,
    conditions: Iterable[Condition],
    certain: Cube | None = None,
    printed: Iterable[Bounds] = (),
) -> Range:
    """Return how many projects can meet all the conditions, in projects.

    A condition maps PUBLISHED_DIMENSIONS to values, as for a Cube. `certain` projects are fixed;
    where they leave impossible totals, a count below zero is taken as zero: low is at most high.
    With a condition on regions, only projects are counted whose regions the report counts. Numbers
    that it prints besides its totals narrow the range, unless they contradict it.
    """
    conditions = list(conditions)
    certain = certain or Cube(())
    of_regions = certain.where({"scope": totals.local})
    is_of_region = any(one.get("region") for one in conditions)
    fixed = of_regions if is_of_region else certain
    for condition in conditions:
        fixed = fixed.where(condition)
    free = _free(totals.without(certain, of_regions), conditions)
    allowed = Range(fixed.total + free.low, fixed.total + free.high)
    return _narrowed(allowed, bounds_of(totals, conditions), printed)


def _narrowed(found: Range, asked: Bounds, printed: Iterable[Bounds]) -> Range:
    low, high = found.low, found.high
    for one in printed:
        if one.low is not None and asked.covers(one):
            low = max(low, one.low)
        if one.high is not None and one.covers(asked):
            high = min(high, one.high)
    return Range(low, high) if low <= high else found


def _free(totals: Totals, conditions: list[Condition]) -> Range:
    everything, local = max(totals.projects, 0), {*totals.local}
    areas = _chosen("priority_area", totals.areas, conditions)
    scopes = _chosen("scope", totals.scopes, conditions)
    in_areas = _size(areas, totals.areas, everything)
    wanted = {frozenset(one["region"]) for one in conditions if one.get("region")}
    if not wanted:
        in_scopes = _size(scopes, totals.scopes, everything)
        return Range(max(0, in_areas + in_scopes - everything), min(in_areas, in_scopes))
    # From here on, sets are among the projects that can have a region.
    whole = _size(local, totals.scopes, everything)
    in_scopes = _size(scopes & local, totals.scopes, whole)
    least, most = _in_regions(totals.regions, wanted, whole)
    # As many of the areas' projects as possible have another scope.
    in_areas_least = max(0, in_areas - (everything - whole))
    low = max(0, in_areas_least + in_scopes + least - 2 * whole)
    return Range(low, min(in_areas, in_scopes, most))


def _chosen(dimension: str, totals: Mapping[str, int], conditions: list[Condition]) -> set[str]:
    left = set(totals)
    for condition in conditions:
        if condition.get(dimension):
            left &= set(condition[dimension])
    return left


def _size(values: set[str], totals: Mapping[str, int], whole: int) -> int:
    return min(sum(max(totals[value], 0) for value in values), whole)


def _in_regions(
    totals: Mapping[str, int], wanted: set[frozenset[str]], local: int
) -> tuple[int, int]:
    """Return the least and most projects that have a region of each wanted set.

    At most, a set's regions have no project in common. At least, they are all within its largest:
    then one region of each set is compared, and a region in two sets counts once. The bounds are
    exact for two or three sets, as a filter and a table make them; more that overlap can leave them
    too wide, never too narrow.
    """
    # Of a region without a total nothing is known.
    most = min(
        _size({*regions}, totals, local) if regions <= totals.keys() else local
        for regions in wanted
    )
    sizes = {
        region: _size({region} & totals.keys(), totals, local)
        for regions in wanted
        for region in regions
    }
    least = max(
        sum(sizes[region] for region in picked) - (len(picked) - 1) * local
        for picked in map(frozenset, product(*wanted))
    )
    return max(0, least), most
