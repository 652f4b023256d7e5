"""The process that solves which rows describe which entries, and what the entries left become.

Two small linear problems in whole numbers, solved exactly by HiGHS, which scipy carries. Rows and
entries that are alike are one group each, so that their size does not grow with the register.
Started by `sandbox.solve_apart` alone: HiGHS, scipy and numpy take 90 MB that the site's workers
need not carry, and what they take is bounded there.
"""

import json
import sys

import numpy
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from .sandbox import bound

# What one more or less in a published total weighs beside the changes that would prevent it.
_OFF = 1000


def transport(supply: list[int], demand: list[int], costs: list[tuple[int, int, int]]) -> list[int]:
    """Return how many of each pair are put together: as many as can be, then at the least cost.

    `costs` are (place in supply, place in demand, cost) of the pairs that may be put together.
    """
    if not costs:
        return []
    more = 1 + max(cost for _one, _other, cost in costs) * (min(sum(supply), sum(demand)) + 1)
    pairs = range(len(costs))
    rows = [one for one, _other, _cost in costs]
    rows += [len(supply) + other for _one, other, _cost in costs]
    uses = csr_array((numpy.ones(2 * len(costs)), (rows, [*pairs, *pairs])))
    most = numpy.array([*supply, *demand])[: uses.shape[0]]
    return _solved(
        numpy.array([cost - more for _one, _other, cost in costs]),
        [LinearConstraint(uses, -numpy.inf, most)],
        numpy.array([min(supply[one], demand[other]) for one, other, _cost in costs]),
    )


def balance(
    counts: list[int], costs: list[list[int]], totals: list[tuple[list[int], int]]
) -> list[int]:
    """Return how many of each group become each kind, so that totals are met as nearly as can be.

    `costs` has, for every group, what it costs that one of it becomes each kind; `totals` are (the
    kinds that count, how many there are to be). What is returned is group by group.
    """
    groups, kinds = len(counts), len(costs[0]) if costs else 0
    size = groups * kinds
    whole = csr_array(
        (numpy.ones(size), ([n // kinds for n in range(size)], range(size))),
        shape=(groups, size + 2 * len(totals)),
    )
    cells = [
        (place, group * kinds + kind, 1)
        for place, (counted, _wanted) in enumerate(totals)
        for group in range(groups)
        for kind in counted
    ]
    # What is above and what is below each total.
    for place in range(len(totals)):
        cells += [(place, size + 2 * place, -1), (place, size + 2 * place + 1, 1)]
    rows, columns, values = zip(*cells, strict=True)
    met = csr_array((values, (rows, columns)), shape=(len(totals), size + 2 * len(totals)))
    wanted = numpy.array([number for _counted, number in totals])
    most = [counts[n // kinds] for n in range(size)]
    far = sum(counts) + int(abs(wanted).sum())
    found = _solved(
        numpy.array([*(one for row in costs for one in row), *[_OFF] * (2 * len(totals))]),
        [
            LinearConstraint(whole, numpy.array(counts), numpy.array(counts)),
            LinearConstraint(met, wanted, wanted),
        ],
        numpy.array([*most, *[far] * (2 * len(totals))]),
    )
    return found[:size]


def _solved(costs, constraints: list[LinearConstraint], most) -> list[int]:
    found = milp(
        costs,
        constraints=constraints,
        integrality=numpy.ones(len(costs)),
        bounds=Bounds(0, most),
    )
    if found.x is None:
        raise ValueError(found.message)
    return [round(one) for one in found.x]


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    bound(asked["limits"])
    solve = transport if asked["problem"] == transport.__name__ else balance
    json.dump(solve(**asked["given"]), sys.stdout)
