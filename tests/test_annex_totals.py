"""Made-up annexes by the dozen: which totals stay, and which the page says will differ."""

import os
from collections import Counter
from dataclasses import replace
from operator import mul
from random import Random

import pytest
from django.db import transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from projects.annex import assignment
from projects.annex.matches import entries
from projects.annex.matching import match
from projects.asking.answers import published
from projects.cube import COMBINED_COLUMNS, Cube, combination_of_row
from projects.imports.reading import Translator
from projects.models import Project
from projects.vocabulary import PriorityArea

from .annex import AREAS, Walk, csv_sheet, matrix

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("register")]

REGION_NAMES = {
    "Africa": "africa",
    "Middle East and North Africa": "mena",
    "Asia": "asia",
    "Europe": "europe",
    "Americas": "americas",
}


def values_of(annex: list[dict], translator: Translator) -> list[tuple[None, dict]]:
    """The rows of a sheet with the values that the register has for what they say."""
    found = []
    for row in annex:
        area = translator.written("priority_area", row["area"]).reading
        named = translator.written("entities", row["entities"]).reading
        regions = [REGION_NAMES[region] for region in row["regions"]]
        values = {"title": row["title"], "scope": row["scope"].lower(), **area, **named}
        found.append((None, {**values, "regions": regions, "in_matrix": "yes"}))
    return found


def totals_of(cube: Cube) -> dict[str, int]:
    counts = {
        f"{name} {value}": count
        for name in ("priority_area", "scope", "region")
        for value, count in cube.counts(name).items()
    }
    return {"all": cube.total, **counts}


def matched(annex: list[dict], complete: bool):
    """The matching of a sheet, and the register's totals after it, all published, and before."""
    register = entries()
    found = match(values_of(annex, Translator()), register, published(), {}, complete)
    now = Cube(one.combination for one in register if one.counts)
    after = Cube([*now.combinations, *found.moved()])
    return found, totals_of(after), totals_of(now)


@pytest.mark.usefixtures("solved_here")
@settings(max_examples=8)
@given(seed=st.integers(0, 10**6), described=st.integers(0, 12))
def test_every_complete_sheet_with_the_published_totals_brings_back_exactly_these(seed, described):
    found, after, published = matched(matrix(Random(seed), described), complete=True)
    assert after == published
    assert len(found.set_aside) == 12 - described
    assert found.left == {}
    # Each entry once.
    named = [one.entry.reference for one in found.matches if one.entry]
    assert len(named) == len(set(named)) == 211 + described


@pytest.mark.usefixtures("solved_here")
@settings(max_examples=8)
@given(seed=st.integers(0, 10**6), share=st.integers(1, 222), described=st.integers(0, 3))
def test_every_part_of_such_a_sheet_leaves_scopes_and_regions_as_published(seed, share, described):
    random = Random(seed)
    part = random.sample(matrix(random, described), share)
    found, after, published = matched(part, complete=False)
    differ = {name for name in after if after[name] != published[name]}
    # Only what has no counted entry of its area any more is new, and adds to the totals.
    if not found.counts["new"]:
        assert not {name for name in differ if not name.startswith("priority_area")}
    assert all(one.place.area == place.area for one, place in found.left.items())


def price(problem: str, given: dict, found: list[int]) -> tuple[int, ...]:
    """What a solution costs; of pairs first how many there are."""
    if problem == "transport":
        costs = [cost for _one, _other, cost in given["costs"]]
        return -sum(found), sum(map(mul, costs, found))
    costs = [cost for row in given["costs"] for cost in row]
    kinds = len(given["costs"][0])
    off = [
        abs(sum(found[n] for n in range(len(found)) if n % kinds in counted) - wanted)
        for counted, wanted in given["totals"]
    ]
    return (sum(map(mul, costs, found)) + 1000 * sum(off),)


def by_scipy(problem: str, given: dict) -> list[int]:
    """A solution that is the best by scipy, of the problem as a matrix."""
    import numpy as np
    from scipy.optimize import LinearConstraint, milp  # a second to load

    if problem == "transport":
        supply, demand, costs = given["supply"], given["demand"], given["costs"]
        uses = np.zeros((len(supply) + len(demand), len(costs)))
        for n, (one, other, _cost) in enumerate(costs):
            uses[one, n] = uses[len(supply) + other, n] = 1
        prices = [cost - 10**5 for _one, _other, cost in costs]
        sums = [LinearConstraint(uses, 0, [*supply, *demand])]
    else:
        counts, totals, kinds = given["counts"], given["totals"], len(given["costs"][0])
        size, beyond = len(counts) * kinds, 2 * len(totals)
        whole = np.zeros((len(counts), size + beyond))
        met = np.zeros((len(totals), size + beyond))
        for n in range(size):
            whole[n // kinds, n] = 1
            met[:, n] = [n % kinds in counted for counted, _wanted in totals]
        for n in range(len(totals)):
            met[n, size + 2 * n : size + 2 * n + 2] = -1, 1
        numbers = [wanted for _counted, wanted in totals]
        prices = [cost for row in given["costs"] for cost in row] + [1000] * beyond
        sums = [LinearConstraint(whole, counts, counts), LinearConstraint(met, numbers, numbers)]
    # Where goods are only carried from one to another, the best are whole numbers by themselves.
    whole, exactly = int(problem == "balance"), {"mip_rel_gap": 0}
    best = milp(prices, constraints=sums, integrality=whole, options=exactly)
    return [round(one) for one in best.x[: len(prices) if problem == "transport" else size]]


@pytest.mark.parametrize("complete", [False, True], ids=["part", "complete"])
def test_the_matching_of_a_hundred_random_sheets_costs_what_scipy_finds(monkeypatch, complete):
    solved = Counter()

    def solve(problem, **given):
        found = getattr(assignment, problem)(**given)
        assert price(problem, given, found) == price(problem, given, by_scipy(problem, given))
        solved[problem] += 1
        return found

    monkeypatch.setattr("projects.annex.matching.solve_apart", solve)
    there, report, translator = entries(), published(), Translator()
    for seed in range(100):
        random = Random(seed)
        annex = random.sample(matrix(random, described=seed % 13), random.randint(1, 223))
        # Half of the rows say what no table that fits the totals would.
        for row in random.sample(annex, len(annex) // 2):
            row["area"] = random.choice([*AREAS])
            row["scope"] = random.choice(["Global", "Regional", "National"])
            row["regions"] = random.sample([*REGION_NAMES], random.choice([0, 1, 1, 2, 5]))
        match(values_of(annex, translator), there, report, {}, complete)
    assert solved["transport"] == 100
    assert solved["balance"] > 90


def test_ten_thousand_rows_are_matched_across_areas_in_ten_seconds_of_computing():
    random = Random(1)
    scopes = ["global", "regional", "national"]
    regions = [*REGION_NAMES.values()]

    def row() -> dict:
        scope = random.choice(scopes)
        several = random.sample(regions, random.randint(1, 5))
        area = random.choice(PriorityArea.values)
        return {"priority_area": area, "scope": scope, "regions": several * (scope != "global")}

    like = next(one for one in entries() if one.is_only_counted)
    nothing = {name: getattr(like.combination, name) for name in COMBINED_COLUMNS}
    there = [
        replace(like, reference=f"PVE-{n}", combination=combination_of_row(nothing | row()))
        for n in range(10_000)
    ]
    rows = [(None, {"title": f"Project {n}", "in_matrix": "yes", **row()}) for n in range(10_000)]
    began = sum(os.times()[:4])
    found = match(rows, there, published(), {}, True)
    assert sum(os.times()[:4]) - began < 10
    assert found.counts["describes"] == 10_000


# As the report prints them, in the words of the desk.
PUBLISHED = {
    "All projects": 223,
    **AREAS,
    "Global in scope": 82,
    "Regional in scope": 66,
    "National in scope": 75,
    "In Africa": 61,
    "In the Middle East and North Africa": 55,
    "In Asia": 22,
    "In Europe": 12,
    "In the Americas": 3,
}


def counted() -> dict[str, int]:
    """The same of the register, each counted by the database alone."""
    there = Project.published.order_by()
    areas = ("governance", "education", "dialogue", "youth", "communications", "gender")
    conditions = [
        {},
        *({"priority_area": area} for area in (*areas, "communities", "other")),
        *({"scope": scope} for scope in ("global", "regional", "national")),
        *({f"in_{one}": True} for one in ("africa", "mena", "asia", "europe", "americas")),
    ]
    counts = [there.filter(**one).count() for one in conditions]
    return dict(zip(PUBLISHED, counts, strict=True))


@pytest.mark.usefixtures("solved_here")
@settings(max_examples=2)
@given(seed=st.integers(0, 10**6), share=st.integers(1, 222), described=st.integers(0, 12))
@example(seed=3, share=20, described=0)
@example(seed=4, share=222, described=3)
def test_of_every_part_of_such_a_sheet_the_page_names_exactly_the_figures_that_will_differ(
    admin_client, seed, share, described
):
    with transaction.atomic():
        random = Random(seed)
        part = random.sample(matrix(random, described), share)
        walk = Walk(admin_client, "a.csv", csv_sheet(part))
        walk.map()
        walk.translate()
        told = walk.page.content.decode()
        walk.match()
        walk.confirm()
        differ = [name for name, count in counted().items() if count != PUBLISHED[name]]
        if differ:
            agree = f"{17 - len(differ)} of 17 totals agree with the report."
            assert agree in told
            assert f"These differ: {'; '.join(differ)}.</strong>" in told
        else:
            agree = "All 17 totals agree with the report. They were used to build this table."
            assert f"{agree}</strong>" in told
        transaction.set_rollback(True)
