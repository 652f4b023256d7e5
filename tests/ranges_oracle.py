"""The least and the most projects of every cell, by an exact integer programme.

It counts projects per type: an area, a scope, and any set of regions unless the scope is global.
The published totals are equations, the projects that meet all conditions are what is made least
and most. It shares nothing with projects/ranges.py, which tests compare with it.

It computed tests/data/ranges.json; commit 9fba1ca has how the filters were chosen. One case a line,
each with its filter, the confirmed projects held fixed, and every table's rows of cells as
"least-most".
"""

from itertools import combinations, product
from pathlib import Path

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


def meets(project, conditions):
    """Whether a project, an area, a scope and regions, meets all conditions."""
    area, scope, regions = project
    return all(
        area in (one.get("priority_area") or [area])
        and scope in (one.get("scope") or [scope])
        and (not one.get("region") or bool({*regions} & {*one["region"]}))
        for one in conditions
    )


def without(totals, known):
    """What these projects, each an area, a scope and regions, leave of the totals."""
    left = {dimension: dict(numbers) for dimension, numbers in totals.items()}
    for area, scope, regions in known:
        left["priority_area"][area] -= 1
        left["scope"][scope] -= 1
        for region in regions:
            left["region"][region] -= 1
    return left


def ranged(totals, conditions, known=(), local=("regional", "national"), printed=()):
    """The least and the most projects that meet the conditions, the known ones among them.

    None when no projects fit. With eight areas, three scopes and five regions there are 520 types.
    Only projects of the scopes `local` have regions that the totals count. What else is `printed`
    are conditions, each with the least and the most projects that meet them.
    """
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp  # a second to load

    areas, scopes, regions = without(totals, known).values()
    subsets = [some for n in range(len(regions) + 1) for some in combinations(regions, n)]
    types = [
        (area, scope, subset)
        for area, scope in product(areas, scopes)
        for subset in (subsets if scope in local else [()])
    ]
    equations = [
        *([kind[0] == area for kind in types] for area in areas),
        *([kind[1] == scope for kind in types] for scope in scopes),
        *([region in kind[2] for kind in types] for region in regions),
    ]
    least = [*areas.values(), *scopes.values(), *regions.values()]
    most = [*least]
    for of_cell, low, high in printed:
        equations.append([meets(kind, of_cell) for kind in types])
        least.append(low)
        most.append(np.inf if high is None else high)
    counted = np.array([meets(kind, conditions) for kind in types], dtype=float)
    fixed = sum(meets(project, conditions) for project in known)
    found = []
    for sign in (1, -1):
        solved = milp(
            sign * counted,
            constraints=LinearConstraint(np.array(equations, dtype=float), least, most),
            integrality=np.ones(len(types)),
            bounds=Bounds(0, np.inf),
            options={"mip_rel_gap": 0},
        )
        if solved.status == 2:  # infeasible
            return None
        assert solved.status == 0, solved.message
        found.append(fixed + round(sign * solved.fun))
    return tuple(found)
