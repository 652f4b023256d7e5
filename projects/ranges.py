"""How many projects there can be, when all that is known are totals.

The model: every project has one area and one scope; a global one has no region, any other has any
number of regions, none included. The totals of areas, scopes and regions are known (A/72/621,
paras. 24 and 25), and nothing of how they combine. Some projects may be known besides: they are
held fixed, and the rest of the totals is left for the others.

Areas and scopes divide the projects, independently of each other; a region is any set of as many
projects that are not global. So a condition on areas is a set of known size among all projects, a
condition on scopes another, and conditions on regions a set of a size within known bounds among
the projects that are not global. Sets that may lie anywhere in a whole have at most the smallest's
size in common. At least they have the sum of their sizes, less the whole for each set but one:
every project outside what is common is missing from some set, and at best from only one. Tests
compare this with an exact integer programme, cell by cell.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from .cube import Cube
from .vocabulary import Scope

# The dimensions whose totals the report prints; of others nothing follows from it.
PUBLISHED_DIMENSIONS = ("priority_area", "scope", "region")

# Dimension to the values of which a project has at least one; several mappings must all hold.
Condition = Mapping[str, Iterable[str]]


@dataclass(frozen=True)
class Range:
    """The least and the most projects that there can be."""

    low: int
    high: int

    @property
    def width(self) -> int:
        """How many lie between the two."""
        return self.high - self.low

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low}–{self.high}"


@dataclass(frozen=True)
class Totals:
    """What is published: all projects, and how many have each area, each scope, each region."""

    projects: int
    areas: Mapping[str, int]
    scopes: Mapping[str, int]
    regions: Mapping[str, int]

    def without(self, known: Cube) -> "Totals":
        """Return what is left when these projects are taken out; a count may fall below zero."""
        return Totals(
            self.projects - known.total,
            _less(self.areas, known.counts("priority_area")),
            _less(self.scopes, known.counts("scope")),
            _less(self.regions, known.counts("region")),
        )

    @property
    def is_possible(self) -> bool:
        """Whether any projects can have these totals."""
        counts = (*self.areas.values(), *self.scopes.values(), *self.regions.values())
        local = self.projects - self.scopes[Scope.GLOBAL]
        return (
            sum(self.areas.values()) == sum(self.scopes.values()) == self.projects
            and min(counts) >= 0
            and max(self.regions.values()) <= local
        )


def _less(totals: Mapping[str, int], taken: Mapping[str, int]) -> dict[str, int]:
    return {value: number - taken[value] for value, number in totals.items()}


def possible(totals: Totals, conditions: Iterable[Condition], known: Cube | None = None) -> Range:
    """Return how many projects can meet all the conditions, in projects.

    A condition maps dimensions of PUBLISHED_DIMENSIONS to values, as for a Cube: no values are no
    condition. The projects `known` are fixed. When they leave totals that are not possible, what
    falls below zero is taken as zero: low is still at most high.
    """
    conditions = list(conditions)
    known = known or Cube(())
    fixed = known
    for condition in conditions:
        fixed = fixed.where(condition)
    free = _free(totals.without(known), conditions)
    return Range(fixed.total + free.low, fixed.total + free.high)


def _free(totals: Totals, conditions: list[Condition]) -> Range:
    """Return the range among the projects of which nothing but the totals is known."""
    everything = max(totals.projects, 0)
    areas = _chosen("priority_area", totals.areas, conditions)
    scopes = _chosen("scope", totals.scopes, conditions)
    in_areas = _size(areas, totals.areas, everything)
    wanted = {frozenset(one["region"]) for one in conditions if one.get("region")}
    if not wanted:
        in_scopes = _size(scopes, totals.scopes, everything)
        return Range(max(0, in_areas + in_scopes - everything), min(in_areas, in_scopes))
    # From here on among the projects that are not global.
    global_ = _size({Scope.GLOBAL}, totals.scopes, everything)
    local = everything - global_
    in_scopes = _size(scopes - {Scope.GLOBAL}, totals.scopes, local)
    least, most = _in_regions(totals.regions, wanted, local)
    # At least, because as many of the areas' projects as can be are global.
    in_areas_least = max(0, in_areas - global_)
    low = max(0, in_areas_least + in_scopes + least - 2 * local)
    return Range(low, min(in_areas, in_scopes, most))


def _chosen(dimension: str, totals: Mapping[str, int], conditions: list[Condition]) -> set[str]:
    """Return the values of areas or scopes that all the conditions leave."""
    left = set(totals)
    for condition in conditions:
        if condition.get(dimension):
            left &= set(condition[dimension])
    return left


def _size(values: set[str], totals: Mapping[str, int], whole: int) -> int:
    """Return how many of the whole have one of these values."""
    return min(sum(max(totals[value], 0) for value in values), whole)


def _in_regions(
    totals: Mapping[str, int], wanted: set[frozenset[str]], local: int
) -> tuple[int, int]:
    """Return the least and most projects that have a region of each set that is wanted.

    At most, each set's regions have no project in common. At least, they lie within its largest:
    then what counts is what one region of each set have in common, where a region that is in two
    sets counts once. So a set that contains another changes nothing. The bounds are reached with
    one or two other sets, which is what a filter and a table make; three or more that overlap can
    leave them too wide, never too narrow.
    """
    most = min(_size(set(regions), totals, local) for regions in wanted)
    sizes = {region: _size({region}, totals, local) for regions in wanted for region in regions}
    least = max(
        sum(sizes[region] for region in picked) - (len(picked) - 1) * local
        for picked in map(frozenset, product(*wanted))
    )
    return max(0, least), most
