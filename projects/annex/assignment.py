"""The process that solves which rows describe which entries, and what the entries left become.

Two small linear problems in whole numbers, solved exactly by HiGHS. Rows and entries that are alike
are one group each, so that their size does not grow with the register. Started by
`matching.solve_apart` alone: what it takes is bounded there.
"""

import json
import os
import sys
from dataclasses import dataclass
from itertools import accumulate

from highspy import Highs, HighsLp, HighsModelStatus, HighsVarType, MatrixFormat

from ..imports.sandbox import bound

# What one more or less in a published total weighs compared with the changes that would prevent it.
_OFF = 1000


@dataclass
class _Sum:
    """A bounded sum over variables, given as (place, 1 or -1)."""

    least: int
    most: int
    terms: list[tuple[int, int]]


def transport(supply: list[int], demand: list[int], costs: list[tuple[int, int, int]]) -> list[int]:
    """Return how many of each pair are put together: as many as can be, then at the least cost.

    `costs` are (place in supply, place in demand, cost) of the pairs that may be put together.
    """
    if not costs:
        return []
    # What one pair more can cost at most: a chain of pairs that each pass one on.
    more = 1 + max(cost for _one, _other, cost in costs) * min(len(supply), len(demand))
    uses = [_Sum(0, number, []) for number in (*supply, *demand)]
    for pair, (one, other, _cost) in enumerate(costs):
        uses[one].terms.append((pair, 1))
        uses[len(supply) + other].terms.append((pair, 1))
    most = [min(supply[one], demand[other]) for one, other, _cost in costs]
    # Its linear optimum is in whole numbers, as of all transport problems.
    return _solved([cost - more for _one, _other, cost in costs], most, uses, is_whole=True)


def balance(
    counts: list[int], costs: list[list[int]], totals: list[tuple[list[int], int]]
) -> list[int]:
    """Return how many of each group become each kind, so that totals are met as nearly as can be.

    `costs` has, for every group, what it costs that one of it becomes each kind; `totals` are (the
    kinds that count, how many there are to be). What is returned is group by group.
    """
    groups, kinds = range(len(counts)), len(costs[0]) if costs else 0
    prices = [cost for row in costs for cost in row]
    most = [count for count in counts for _kind in range(kinds)]
    sums = [
        _Sum(counts[group], counts[group], [(group * kinds + kind, 1) for kind in range(kinds)])
        for group in groups
    ]
    far = sum(counts) + sum(abs(wanted) for _counted, wanted in totals)
    for counted, wanted in totals:
        terms = [(group * kinds + kind, 1) for group in groups for kind in counted]
        # What is above the total, and what is below it.
        terms += [(len(prices), -1), (len(prices) + 1, 1)]
        sums.append(_Sum(wanted, wanted, terms))
        prices += [_OFF, _OFF]
        most += [far, far]
    return _solved(prices, most, sums)[: len(counts) * kinds]


def _solved(
    costs: list[int], most: list[int], sums: list[_Sum], is_whole: bool = False
) -> list[int]:
    """Return the whole numbers of at most `most` that meet the sums at the least cost.

    `is_whole` says that the linear optimum is in whole numbers: that takes a tenth of the time.
    """
    problem = HighsLp()
    problem.num_col_, problem.num_row_ = len(costs), len(sums)
    problem.col_cost_ = [*map(float, costs)]
    problem.col_lower_, problem.col_upper_ = [0.0] * len(costs), [*map(float, most)]
    if not is_whole:
        problem.integrality_ = [HighsVarType.kInteger] * len(costs)
    problem.row_lower_ = [one.least for one in sums]
    problem.row_upper_ = [one.most for one in sums]
    terms = [term for one in sums for term in one.terms]
    problem.a_matrix_.format_ = MatrixFormat.kRowwise
    problem.a_matrix_.start_ = [*accumulate((len(one.terms) for one in sums), initial=0)]
    problem.a_matrix_.index_ = [place for place, _sign in terms]
    problem.a_matrix_.value_ = [sign for _place, sign in terms]
    solver = Highs()
    solver.silent()
    # By default it stops at a ten-thousandth of the optimum. One thread, or each would want its own
    # memory.
    for option, value in {"mip_rel_gap": 0, "mip_abs_gap": 0.5, "threads": 1}.items():
        solver.setOptionValue(option, value)
    solver.passModel(problem)
    solver.run()
    if solver.getModelStatus() != HighsModelStatus.kOptimal:
        raise ValueError(solver.modelStatusToString(solver.getModelStatus()))
    return [round(one) for one in solver.getSolution().col_value]


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    bound(asked["limits"])
    # HiGHS greets on standard output, where the answer is expected.
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    solve = transport if asked["problem"] == transport.__name__ else balance
    json.dump(solve(**asked["given"]), answer)
    answer.close()
