"""A register small enough to count by hand, as a cube: 17 projects in four combinations."""

from projects.cube import Combination, Cube

# area, scope, status, provenance, bases of area, scope and regions,
# Africa, Middle East and North Africa, Asia, Europe, Americas, projects
GLOBAL = Combination(
    *("youth", "global", "ongoing", "named"),
    *("stated", "stated", ""),
    *(False, False, False, False, False),
    3,
)
TWO_REGIONS = Combination(
    *("youth", "regional", "not-stated", "counted"),
    *("stated", "allocated", "allocated"),
    *(True, True, False, False, False),
    5,
)
NATIONAL = Combination(
    *("gender", "national", "not-stated", "counted"),
    *("stated", "allocated", "inferred"),
    *(False, False, True, False, False),
    7,
)
REGIONAL = Combination(
    *("gender", "regional", "completed", "confirmed"),
    *("inferred", "stated", "stated"),
    *(True, False, False, False, False),
    2,
)
SMALL = Cube([GLOBAL, TWO_REGIONS, NATIONAL, REGIONAL])
EMPTY = Cube([])
