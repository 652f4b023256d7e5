"""A register small enough to count by hand, as a cube: 17 projects in four combinations."""

from collections.abc import Collection

from projects.columns import PROJECT_TABLE
from projects.cube import COMBINED_COLUMNS, Combination, Cube
from projects.vocabulary import REGION_COLUMNS


def in_regions(regions: Collection[str]) -> dict[str, bool]:
    """The columns of regions."""
    return {column: region in regions for region, column in REGION_COLUMNS.items()}


def combination(projects: int = 1, regions: Collection[str] = (), **values: str) -> Combination:
    """A combination; a test names only the values that matter to it."""
    usual = {name: PROJECT_TABLE.by_name[name].default for name in COMBINED_COLUMNS} | {
        "priority_area": "youth",
        "scope": "regional" if regions else "global",
        "provenance": "counted",
        "priority_area_basis": "stated",
        "scope_basis": "stated",
        "regions_basis": "stated" if regions else "",
    }
    return Combination(**usual | values, **in_regions(regions), projects=projects)


GLOBAL = combination(3, status="ongoing", provenance="named")
TWO_REGIONS = combination(5, ["africa", "mena"], scope_basis="allocated", regions_basis="allocated")
NATIONAL = combination(
    7,
    ["asia"],
    priority_area="gender",
    scope="national",
    scope_basis="allocated",
    regions_basis="inferred",
)
REGIONAL = combination(
    2,
    ["africa"],
    priority_area="gender",
    priority_area_basis="inferred",
    status="completed",
    provenance="confirmed",
)
SMALL = Cube([GLOBAL, TWO_REGIONS, NATIONAL, REGIONAL])
EMPTY = Cube([])
