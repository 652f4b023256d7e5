"""How many projects there can be, when all that is known are totals.

The model: every project has one area and one scope; a global one has no region, any other has any
number of regions, none included. The totals of areas, scopes and regions are known (A/72/621,
paras. 24 and 25), and nothing of how they combine. Some projects may be known besides: they are
held fixed, and the rest of the totals is left for the others.

Areas and scopes divide the projects, independently of each other; a region is any set of as many
projects that are not global. So a condition on areas is a set of known size among all projects, a
condition on scopes another, and a condition on regions a set of a size within known bounds among
the projects that are not global. The least and the most that such sets have in common are sums:
tests compare them with an exact integer programme, cell by cell.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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
        return min(counts) >= 0 and max(self.regions.values()) <= local


def _less(totals: Mapping[str, int], taken: Mapping[str, int]) -> dict[str, int]:
    return {value: number - taken[value] for value, number in totals.items()}


def possible(totals: Totals, conditions: Iterable[Condition], known: Cube | None = None) -> Range:
    """Return how many projects can meet all the conditions, in projects.

    A condition maps dimensions of PUBLISHED_DIMENSIONS to values; the projects `known` are fixed.
    """
    conditions = list(conditions)
    known = known or Cube(())
    fixed = known
    for condition in conditions:
        fixed = fixed.where(condition)
    left = totals.without(known)
    free = _free(left, conditions)
    return Range(fixed.total + free.low, fixed.total + free.high)


def _free(totals: Totals, conditions: list[Condition]) -> Range:
    """Return the range among the projects of which nothing but the totals is known."""
    everything = max(totals.projects, 0)
    global_ = min(max(totals.scopes[Scope.GLOBAL], 0), everything)
    local = everything - global_
    areas = _chosen("priority_area", totals.areas, conditions)
    scopes = _chosen("scope", totals.scopes, conditions)
    in_areas = sum(max(totals.areas[value], 0) for value in areas)
    in_scopes = sum(max(totals.scopes[value], 0) for value in scopes)
    if not any("region" in condition for condition in conditions):
        return Range(max(0, in_areas + in_scopes - everything), min(in_areas, in_scopes))
    # From here on among the projects that are not global.
    least, most = _in_regions(totals, conditions, local)
    in_scopes -= global_ if Scope.GLOBAL in scopes else 0
    # As many of the areas' projects as can be are global.
    in_areas_least = max(0, in_areas - global_)
    low = max(0, in_areas_least + in_scopes + least - 2 * local)
    return Range(low, min(in_areas, in_scopes, most))


def _chosen(dimension: str, totals: Mapping[str, int], conditions: list[Condition]) -> set[str]:
    """Return the values of areas or scopes that all the conditions leave."""
    left = set(totals)
    for condition in conditions:
        if dimension in condition:
            left &= set(condition[dimension])
    return left


def _in_regions(totals: Totals, conditions: list[Condition], local: int) -> tuple[int, int]:
    """Return the least and most projects that have a region of each condition."""
    wanted = {frozenset(condition["region"]) for condition in conditions if "region" in condition}
    # A condition that holds whenever another does asks for nothing more.
    wanted = {one for one in wanted if not any(other < one for other in wanted)}
    sizes = [[max(totals.regions[region], 0) for region in regions] for regions in wanted]
    # Together the regions of a condition have at least the largest's projects, at most the sum's.
    leasts = [min(max(some, default=0), local) for some in sizes]
    mosts = [min(sum(some), local) for some in sizes]
    return max(0, sum(leasts) - (len(wanted) - 1) * local), min(mosts)
