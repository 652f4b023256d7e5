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
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

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


@dataclass(frozen=True)
class Totals:
    """The published numbers of projects: all, by area, by scope, and by region if there are any."""

    projects: int
    areas: Mapping[str, int]
    scopes: Mapping[str, int]
    regions: Mapping[str, int]

    def without(self, known: Cube, of_regions: Cube | None = None) -> "Totals":
        """Return the totals less these projects; `of_regions` are those that regions count."""
        if not known.total:
            return self
        return Totals(
            self.projects - known.total,
            _less(self.areas, known.counts("priority_area")),
            _less(self.scopes, known.counts("scope")),
            _less(self.regions, (of_regions or known).counts("region")),
        )


def _less(totals: Mapping[str, int], taken: Mapping[str, int]) -> dict[str, int]:
    return {value: number - taken[value] for value, number in totals.items()}


# The scopes among whose projects a report counts regions: as this register reads it, and
# word for word ("of all the regional projects").
OF_REGISTER = frozenset({Scope.REGIONAL, Scope.NATIONAL})
WORD_FOR_WORD = frozenset({Scope.REGIONAL})


def possible(
    totals: Totals,
    conditions: Iterable[Condition],
    known: Cube | None = None,
    local: frozenset[Scope] = OF_REGISTER,
) -> Range:
    """Return how many projects can meet all the conditions, in projects.

    A condition maps PUBLISHED_DIMENSIONS to values, as for a Cube. The projects `known` are fixed;
    where they leave impossible totals, a count below zero is taken as zero: low is at most high.
    With a condition on regions, only projects of a scope in `local` are counted: those whose
    regions the report counts.
    """
    conditions = list(conditions)
    known = known or Cube(())
    of_regions = known.where({"scope": local})
    is_of_region = any(one.get("region") for one in conditions)
    fixed = of_regions if is_of_region else known
    for condition in conditions:
        fixed = fixed.where(condition)
    left = totals.without(known, of_regions)
    free = _free(left, conditions, local)
    return Range(fixed.total + free.low, fixed.total + free.high)


def _free(totals: Totals, conditions: list[Condition], local: frozenset[Scope]) -> Range:
    everything = max(totals.projects, 0)
    areas = _chosen("priority_area", totals.areas, conditions)
    scopes = _chosen("scope", totals.scopes, conditions)
    in_areas = _size(areas, totals.areas, everything)
    wanted = {frozenset(one["region"]) for one in conditions if one.get("region")}
    if not wanted:
        in_scopes = _size(scopes, totals.scopes, everything)
        return Range(max(0, in_areas + in_scopes - everything), min(in_areas, in_scopes))
    # From here on, sets are among the projects that can have a region.
    whole = _size(set(local), totals.scopes, everything)
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
    if not totals:
        return 0, local
    most = min(_size(set(regions), totals, local) for regions in wanted)
    sizes = {region: _size({region}, totals, local) for regions in wanted for region in regions}
    least = max(
        sum(sizes[region] for region in picked) - (len(picked) - 1) * local
        for picked in map(frozenset, product(*wanted))
    )
    return max(0, least), most
