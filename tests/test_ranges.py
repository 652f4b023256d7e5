"""Ranges from published totals: by hand, by an exact integer programme, and by made-up matrices."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.cube import Cube
from projects.ranges import Range, Totals, bounds_of, possible, with_what_is_left

from . import ranges_oracle as oracle
from .ranges_oracle import RESULTS, meets, ranged, rows_of
from .small import combination

AREAS, SCOPES, REGIONS = (oracle.PUBLISHED[name] for name in ("priority_area", "scope", "region"))
PUBLISHED = Totals(223, AREAS, SCOPES, REGIONS)
# Para. 25: "of all the regional projects".
WORD_FOR_WORD = Totals(223, AREAS, SCOPES, REGIONS, ("regional",))
BUT_COMMUNITIES = [area for area in AREAS if area != "communities"]
ANYWHERE = {"region": list(REGIONS)}
CASES = json.loads(RESULTS.read_text())


def cube(projects):
    """Confirmed projects, each an area, a scope and regions."""
    return Cube(
        combination(regions=regions, priority_area=area, scope=scope, provenance="confirmed")
        for area, scope, regions in projects
    )


def are_possible(totals):
    """Whether any projects can have these totals."""
    counts = (*totals.areas.values(), *totals.scopes.values(), *totals.regions.values())
    return (
        sum(totals.areas.values()) == sum(totals.scopes.values()) == totals.projects
        and min(counts) >= 0
        and max(totals.regions.values()) <= totals.projects - totals.scopes["global"]
    )


# By hand


def test_no_values_are_no_condition_as_for_a_cube():
    nothing = {"priority_area": [], "scope": ["global"], "region": ()}
    assert str(possible(PUBLISHED, [nothing])) == "82"


def test_confirmed_projects_that_exceed_a_total_are_counted_and_nothing_is_negative():
    known = cube([("youth", "regional", ["americas"])] * 4)
    assert are_possible(PUBLISHED)
    assert not are_possible(PUBLISHED.without(known))
    assert possible(PUBLISHED, [{"region": ["americas"]}], known) == Range(4, 4)
    national = {"scope": ["national"]}
    assert possible(PUBLISHED, [national, {"region": ["americas"]}], known) == Range(0, 0)
    more = cube([("youth", "global", [])] * 300)
    assert possible(PUBLISHED, [{"priority_area": ["other"]}], more) == Range(0, 0)


# By the exact integer programme, as tests/ranges_oracle.py computed it


def test_what_is_committed_is_what_was_asked_for():
    filters = [case["filter"] for case in CASES if not case["known"]]
    assert filters[0] == {}
    assert len({json.dumps(one) for one in filters}) >= 200
    assert sum(1 for case in CASES if case["known"]) == 41
    for tables in [case["tables"] for case in CASES if case["tables"]]:
        found = {table: [len(row.split()) for row in rows] for table, rows in tables.items()}
        assert found == {
            **{"priority_area,scope": [4] * 9, "priority_area,region": [7] * 9},
            **{"scope,region": [7] * 4, "priority_area": [9], "scope": [4], "region": [7]},
        }


def cells(case):
    """Each cell's conditions, and what is committed for it."""
    for table, rows in (case["tables"] or {}).items():
        for conditions, texts in zip(rows_of(table), rows, strict=True):
            for cell, text in zip(conditions, texts.split(), strict=True):
                yield [case["filter"], *cell], text


@pytest.mark.long
def test_no_cell_differs_from_the_exact_integer_programme():
    differing = []
    for case in CASES:
        known = cube(case["known"])
        assert are_possible(PUBLISHED.without(known)) is (case["tables"] is not None)
        for conditions, text in cells(case):
            found = possible(PUBLISHED, conditions, known)
            if f"{found.low}-{found.high}" != text:
                differing.append((case["known"], conditions, str(found), text))
    assert differing == []


@pytest.mark.long
def test_the_whole_programme_computes_what_is_committed():
    everything = [(case["known"], *cell) for case in CASES for cell in cells(case)]
    for known, conditions, text in everything[::1009]:
        computed = ranged(totals_of(PUBLISHED), conditions, known)
        assert "{}-{}".format(*computed) == text


@pytest.mark.long
def test_read_word_for_word_no_range_differs_from_the_programme_either():
    filters = [
        *([{"region": [one]}] for one in REGIONS),
        [ANYWHERE],
        [{"scope": ["regional"], "region": ["africa"]}],
        [{"scope": ["global", "regional"], "region": ["africa", "asia"]}],
        [{"scope": ["national"], "region": ["africa"]}],
        [{"priority_area": ["youth"], "region": ["africa"]}],
        [{"priority_area": BUT_COMMUNITIES, "region": ["africa"]}],
        [{"priority_area": BUT_COMMUNITIES, "scope": ["regional"]}, ANYWHERE],
        [{"region": ["africa"]}, {"region": ["mena"]}],
        [{"region": ["africa"]}, {"region": ["asia", "europe"]}],
    ]
    for conditions in filters:
        computed = ranged(totals_of(PUBLISHED), conditions, local=("regional",))
        found = possible(WORD_FOR_WORD, conditions)
        assert (found.low, found.high) == computed, conditions


# With numbers that a report prints besides its totals: tests/data/third_report.json

THIRD = {
    "priority_area": {
        **{"governance": 20, "education": 18, "dialogue": 14, "youth": 12},
        **{"communications": 10, "gender": 9, "communities": 7, "other": 10},
    },
    "scope": {"global": 30, "regional": 40, "national": 30},
    "region": {"africa": 60, "mena": 50, "asia": 30, "europe": 14, "americas": 6},
}
NATIONAL_YOUTH = [{"priority_area": ["youth"], "scope": ["national"]}]
GENDER_IN_AFRICA = [{"priority_area": ["gender"], "region": ["africa"]}]
PRINTED = [(NATIONAL_YOUTH, 9, 9), (GENDER_IN_AFRICA, 6, None)]
BUT_YOUTH = [area for area in AREAS if area != "youth"]
IN_AFRICA = {"region": ["africa"]}


def of_third(*conditions):
    by_area, by_scope, by_region = THIRD.values()
    totals = Totals(100, by_area, by_scope, by_region)
    wholes = [{}, *({name: [one]} for name, some in THIRD.items() for one in some)]
    numbers = [100, *(one for some in THIRD.values() for one in some.values())]
    printed = [
        *(
            bounds_of(totals, [one], number, number)
            for one, number in zip(wholes, numbers, strict=True)
        ),
        *(bounds_of(totals, *some) for some in PRINTED),
    ]
    return possible(totals, conditions, printed=with_what_is_left(printed))


@pytest.mark.parametrize(
    ("conditions", "low", "high"),
    [
        (NATIONAL_YOUTH, 9, 9),
        # What contains it, what it contains, and what it leaves of 12 and of 30.
        ([{"priority_area": ["youth", "other"], "scope": ["national"]}], 9, 22),
        ([*NATIONAL_YOUTH, IN_AFRICA], 0, 9),
        ([{"priority_area": ["youth"], "scope": ["global", "regional"]}], 3, 3),
        ([{"priority_area": BUT_YOUTH, "scope": ["national"]}], 21, 21),
        ([{"priority_area": ["youth"], "scope": ["regional"]}], 0, 3),
        (GENDER_IN_AFRICA, 6, 9),
        ([{"priority_area": ["gender", "other"]}, IN_AFRICA], 6, 19),
        ([{"priority_area": [one for one in AREAS if one != "gender"]}, IN_AFRICA], 51, 54),
    ],
)
def test_a_printed_combination_bounds_what_contains_it_and_what_it_leaves(conditions, low, high):
    assert of_third(*conditions) == Range(low, high)


@pytest.mark.long
def test_with_printed_combinations_no_range_is_narrower_than_that_of_the_programme():
    areas = (["youth"], ["gender"], ["youth", "gender"], BUT_YOUTH, [*AREAS])
    places = (
        *({"scope": [one]} for one in SCOPES),
        {"scope": ["regional", "national"]},
        {"region": ["africa"]},
        {"region": ["africa", "mena"]},
        {"scope": ["national"], "region": ["africa"]},
        {"scope": ["regional"], "region": ["europe"]},
    )
    queries = [{"priority_area": some, **place} for some in areas for place in places]
    assert len(queries) == 40
    exact = 0
    for query in queries:
        found = of_third(query)
        low, high = ranged(THIRD, [query], printed=PRINTED)
        assert found.low <= low <= high <= found.high, query
        exact += (found.low, found.high) == (low, high)
    assert exact == 28


# By matrices that are known


def totals_of(totals):
    """As the integer programme takes them."""
    return {"priority_area": totals.areas, "scope": totals.scopes, "region": totals.regions}


def totals_from(projects):
    return Totals(
        len(projects),
        {area: sum(one[0] == area for one in projects) for area in AREAS},
        {scope: sum(one[1] == scope for one in projects) for scope in SCOPES},
        {region: sum(region in one[2] for one in projects) for region in REGIONS},
    )


def counted(projects, conditions):
    return sum(meets(one, conditions) for one in projects)


def some(values):
    return st.lists(st.sampled_from([*values]), min_size=1, unique=True)


one_project = st.one_of(
    st.tuples(st.sampled_from([*AREAS]), st.just("global"), st.just([])),
    st.tuples(
        st.sampled_from([*AREAS]),
        st.sampled_from(["regional", "national"]),
        st.lists(st.sampled_from([*REGIONS]), unique=True),
    ),
)
matrices = st.lists(one_project, min_size=5, max_size=12)
one_condition = st.fixed_dictionaries(
    {}, optional={"priority_area": some(AREAS), "scope": some(SCOPES), "region": some(REGIONS)}
)


@pytest.mark.long
@settings(max_examples=100)
@given(matrices, st.lists(one_condition, max_size=4), st.lists(one_project, max_size=12))
def test_a_range_is_one_also_after_confirmations(projects, conditions, confirmed):
    found = possible(totals_from(projects), conditions, cube(confirmed))
    assert counted(confirmed, conditions) <= found.low <= found.high


@pytest.mark.long
@settings(max_examples=60)
@given(matrices, st.lists(one_condition, max_size=2), st.lists(one_project, max_size=2))
def test_in_small_worlds_too_nothing_differs_from_the_programme(projects, conditions, confirmed):
    """The programme's range holds the matrix itself, which has the totals."""
    totals = totals_from(projects)
    exact = ranged(totals_of(totals), conditions, confirmed)
    left = totals.without(cube(confirmed))
    assert are_possible(left) is (ranged(totals_of(totals), [], confirmed) is not None)
    if are_possible(left):
        found = possible(totals, conditions, cube(confirmed))
        assert (found.low, found.high) == exact
