"""The least and the most projects of every cell, by an exact integer programme.

It counts projects per type: an area, a scope, and any set of regions unless the scope is global.
The published totals are equations, the projects that meet all conditions are what is made least
and most. It shares nothing with projects/ranges.py, which tests compare with it.

    python -m tests.ranges_oracle

writes tests/data/ranges.json anew, in about two minutes: one case a line, each with its filter, the
confirmed projects held fixed, and every table's rows of cells as "least-most".
"""

import json
import random
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

RESULTS = Path(__file__).resolve().parent / "data" / "ranges.json"

# A/72/621, paras. 24 and 25.
PUBLISHED = {
    "priority_area": {
        "governance": 40,
        "education": 31,
        "dialogue": 29,
        "youth": 27,
        "communications": 23,
        "gender": 22,
        "communities": 18,
        "other": 33,
    },
    "scope": {"global": 82, "regional": 66, "national": 75},
    "region": {"africa": 61, "mena": 55, "asia": 22, "europe": 12, "americas": 3},
}

# The tables of a page: the cross-tables, then the breakdowns.
TABLES = {
    "priority_area,scope": ("priority_area", "scope"),
    "priority_area,region": ("priority_area", "region"),
    "scope,region": ("scope", "region"),
    "priority_area": ("priority_area",),
    "scope": ("scope",),
    "region": ("region",),
}


def heads(dimension):
    """The conditions of a table's rows or columns: each value, any region, then all projects."""
    values = list(PUBLISHED[dimension])
    anywhere = [{"region": values}] if dimension == "region" else []
    return [*({dimension: [value]} for value in values), *anywhere, {}]


def rows_of(table):
    """The conditions of each cell of a table, row by row; a breakdown is one row."""
    *rows, columns = TABLES[table]
    return [
        [[row, column] for column in heads(columns)] for row in (heads(rows[0]) if rows else [{}])
    ]


# The programme


@cache
def programme(areas, scopes, regions, wanted):
    """The least and the most projects that meet the conditions; None when no projects fit.

    `areas`: (projects, whether asked for) of each. `scopes`: the same and whether it is global.
    `regions`: (region, projects) of each. `wanted`: sets of regions, of each a project needs one.
    """
    names = [region for region, _projects in regions]
    subsets = [set(s) for n in range(len(names) + 1) for s in combinations(names, n)]
    types = [
        (area, scope, subset)
        for area in range(len(areas))
        for scope, (_projects, _asked, is_global) in enumerate(scopes)
        for subset in ([set()] if is_global else subsets)
    ]
    equations = [
        *([kind[0] == area for kind in types] for area in range(len(areas))),
        *([kind[1] == scope for kind in types] for scope in range(len(scopes))),
        *([name in kind[2] for kind in types] for name in names),
    ]
    numbers = [one[0] for one in areas] + [one[0] for one in scopes] + [one[1] for one in regions]
    counted = np.array(
        [
            areas[area][1] and scopes[scope][1] and all(subset & one for one in wanted)
            for area, scope, subset in types
        ],
        dtype=float,
    )
    found = []
    for sign in (1, -1):
        solved = milp(
            sign * counted,
            constraints=LinearConstraint(np.array(equations, dtype=float), numbers, numbers),
            integrality=np.ones(len(types)),
            bounds=Bounds(0, np.inf),
            options={"mip_rel_gap": 0},
        )
        if solved.status == 2:  # infeasible
            return None
        assert solved.status == 0, solved.message
        found.append(round(sign * solved.fun))
    return tuple(found)


def asked(value, dimension, conditions):
    return all(value in one[dimension] for one in conditions if one.get(dimension))


def wanted_regions(conditions):
    return frozenset(frozenset(one["region"]) for one in conditions if one.get("region"))


def in_full(totals, conditions):
    """Solve the whole programme: with eight areas, three scopes, five regions it has 520 types."""
    return programme(
        tuple(
            (projects, asked(area, "priority_area", conditions))
            for area, projects in totals["priority_area"].items()
        ),
        tuple(
            (projects, asked(scope, "scope", conditions), scope == "global")
            for scope, projects in totals["scope"].items()
        ),
        tuple(totals["region"].items()),
        wanted_regions(conditions),
    )


def merged(totals, conditions):
    """Solve a smaller programme that has the same least and most, given that some projects fit.

    All areas that are asked for become one, and all others one. What is counted does not tell them
    apart, and a merged area's projects can always be shared out among its areas, each getting its
    total: nothing else depends on a project's area. The same holds for the scopes that are not
    global. A region that no condition names is left out: it changes nothing of what is counted,
    and whatever the rest is, its projects can be any of those that are not global, of which there
    are enough when the whole programme has a solution at all.
    """
    areas = {True: 0, False: 0}
    for area, projects in totals["priority_area"].items():
        areas[asked(area, "priority_area", conditions)] += projects
    scopes = {}
    for scope, projects in totals["scope"].items():
        key = (asked(scope, "scope", conditions), scope == "global")
        scopes[key] = scopes.get(key, 0) + projects
    wanted = wanted_regions(conditions)
    named = frozenset().union(*wanted)
    return programme(
        tuple((projects, chosen) for chosen, projects in areas.items()),
        tuple((scopes[key], *key) for key in sorted(scopes)),
        tuple(one for one in totals["region"].items() if one[0] in named),
        wanted,
    )


# Projects held fixed


def without(totals, known):
    """What these projects, each an area, a scope and regions, leave of the totals."""
    left = {dimension: dict(numbers) for dimension, numbers in totals.items()}
    for area, scope, regions in known:
        left["priority_area"][area] -= 1
        left["scope"][scope] -= 1
        for region in regions:
            left["region"][region] -= 1
    return left


def meets(project, conditions):
    area, scope, regions = project
    return (
        asked(area, "priority_area", conditions)
        and asked(scope, "scope", conditions)
        and all(set(regions) & one for one in wanted_regions(conditions))
    )


def ranged(totals, conditions, known=(), solve=merged):
    """The least and the most, the known projects among them; None when no projects fit."""
    free = solve(without(totals, known), conditions)
    fixed = sum(meets(project, conditions) for project in known)
    return free and (fixed + free[0], fixed + free[1])


def possible_at_all(totals, known):
    return in_full(without(totals, known), []) is not None


# What is committed


def cases():
    """Yield filters and known projects: none, 210 filters and 40 wide ones, 41 known projects."""
    dice = random.Random(72621)

    def filter_(wide=False):
        facets = dice.sample(list(PUBLISHED), dice.randint(1, 3))
        return {
            facet: dice.sample(
                list(PUBLISHED[facet]), dice.randint(1, len(PUBLISHED[facet]) if wide else 3)
            )
            for facet in PUBLISHED
            if facet in facets
        }

    def project():
        area, scope = (dice.choice(list(PUBLISHED[one])) for one in ("priority_area", "scope"))
        regions = dice.sample(list(PUBLISHED["region"]), dice.randint(1, 3))
        return [area, scope, [] if scope == "global" else regions]

    yield {}, []
    for _number in range(210):
        yield filter_(), []
    # Only where much is asked for is the least more than none.
    for _number in range(40):
        yield filter_(wide=True), []
    for number in range(40):
        yield (filter_() if number % 2 else {}), [project() for _ in range(dice.randint(1, 6))]
    # There are three projects in the Americas.
    yield {}, [["youth", "regional", ["americas"]]] * 4


def computed(filter_, known):
    """The cells of every table; None when the known projects contradict the totals."""
    if not possible_at_all(PUBLISHED, known):
        return None
    return {
        table: [
            " ".join(
                "{}-{}".format(*ranged(PUBLISHED, [filter_, *cell], known=known)) for cell in row
            )
            for row in rows_of(table)
        ]
        for table in TABLES
    }


def main():
    lines = [
        json.dumps({"filter": filter_, "known": known, "tables": computed(filter_, known)})
        for filter_, known in cases()
    ]
    RESULTS.write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
