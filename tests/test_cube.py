"""The cube: what every count on every page comes out of, counted by hand and one by one."""

from itertools import combinations as combinations_of
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.cube import COMBINED_COLUMNS, VOCABULARIES, Combination, Cube

from .small import SMALL, combination, in_regions

AREAS = (
    *("governance", "education", "dialogue", "youth"),
    *("communications", "gender", "communities", "other"),
)
REGIONS = ("africa", "mena", "asia", "europe", "americas")
VALUES = {dimension: [*vocabulary.values] for dimension, vocabulary in VOCABULARIES.items()}


# By hand


@pytest.mark.parametrize(
    ("conditions", "sure", "could", "blanks"),
    [
        ({}, 17, 0, {}),
        # Of twelve no source states the scope.
        ({"scope": ["global"]}, 3, 12, {"scope": 12}),
        # Two are in Africa by a source, seven in Asia; of five none states a region.
        ({"region": ["africa"]}, 2, 5, {"region": 5}),
        ({"region": ["asia"]}, 7, 5, {"region": 5}),
        # Of the five more than this one value is missing.
        ({"region": ["asia"], "status": ["ongoing"]}, 0, 12, {"status": 7}),
        ({"region": ["asia"], "scope": ["national"]}, 0, 12, {"scope": 7}),
        ({"region": ["not-stated"]}, 5, 0, {}),
        # Nothing else was filled in.
        ({"priority_area": ["youth"], "status": ["not-stated"]}, 5, 0, {}),
        ({"scope": ["not-stated"]}, 12, 0, {}),
        ({"scope_basis": ["not-stated"]}, 12, 0, {}),
        ({"region": []}, 17, 0, {}),
    ],
)
def test_what_sources_state_is_counted_apart_from_what_could_be(conditions, sure, could, blanks):
    assert SMALL.stated([conditions]) == (sure, could, blanks)


# Combinations


# One by one: the projects that a cube counts are spelled out, and counted by loops


combinations = st.lists(
    st.builds(
        combination,
        st.integers(1, 4),
        st.sets(st.sampled_from(REGIONS)),
        **{column: st.sampled_from(VALUES[column]) for column in COMBINED_COLUMNS},
    ),
    max_size=12,
    unique_by=lambda one: one._replace(projects=1),
)
ASKED_FOR = VALUES | {"region": (*REGIONS, "not-stated")}
conditions = st.dictionaries(
    st.sampled_from([*VALUES]), st.sets(st.sampled_from(range(8)), max_size=3), max_size=4
).map(
    lambda found: {
        name: [ASKED_FOR[name][place % len(ASKED_FOR[name])] for place in places]
        for name, places in found.items()
    }
)


def regions_of(one: Combination) -> list[str]:
    return [region for region in REGIONS if getattr(one, f"in_{region}")]


def spelled_out(combinations) -> list[dict]:
    """Every single project, with the list of its regions."""
    return [
        one._asdict() | {"region": regions_of(one)}
        for one in combinations
        for _each in range(one.projects)
    ]


def has(project: dict, dimension: str, value: str) -> bool:
    by_source = ("stated", "inferred")
    if dimension == "region" and value == "not-stated":
        is_global = project["scope"] == "global" and project["scope_basis"] in by_source
        return project["regions_basis"] not in by_source and not is_global
    if dimension == "region":
        return value in project["region"]
    return project[dimension] == value


@given(combinations=combinations, conditions=conditions)
def test_a_cube_counts_what_counting_one_by_one_counts(combinations, conditions):
    # Who has no region has no basis of it.
    combinations = [
        one if regions_of(one) else one._replace(regions_basis="") for one in combinations
    ]
    projects = [
        project
        for project in spelled_out(combinations)
        if all(
            any(has(project, dimension, value) for value in values)
            for dimension, values in conditions.items()
            if values
        )
    ]
    cube = Cube(combinations).where(conditions)
    assert cube.total == len(projects)
    assert cube.where({"region": REGIONS}).total == sum(
        1 for project in projects if project["region"]
    )
    without = sum(1 for project in projects if has(project, "region", "not-stated"))
    assert cube.where({"region": ["not-stated"]}).total == without
    for dimension, values in VALUES.items():
        for value in values:
            number = sum(1 for project in projects if has(project, dimension, value))
            assert cube.counts(dimension)[value] == number


def could_be(one: Combination) -> list[Combination]:
    """All that a project could be: what was allocated may be any other value, or none of them."""
    areas = AREAS if one.priority_area_basis == "allocated" else [one.priority_area]
    scopes = VALUES["scope"] if one.scope_basis == "allocated" else [one.scope]
    stated = regions_of(one) if one.regions_basis in ("stated", "inferred") else None
    found = []
    for area, scope in product(areas, scopes):
        if scope == "global":
            regions = [] if stated else [[]]
        elif stated:
            regions = [stated]
        elif one.scope_basis != "allocated" and not one.regions_basis:
            regions = [[]]  # that no source names one is known
        else:
            regions = [some for number in range(6) for some in combinations_of(REGIONS, number)]
        found += [
            one._replace(priority_area=area, scope=scope, **in_regions(some)) for some in regions
        ]
    return found


def as_entered(one: Combination) -> Combination:
    """The same as the register has it: a global project has no region, and none has no basis."""
    if one.scope == "global" or not regions_of(one):
        return one._replace(**in_regions([]), regions_basis="")
    # Who is in a region by a source is not global. No query asks for that, so it is no number.
    return one._replace(regions_basis="allocated") if one.scope_basis == "allocated" else one


@given(combinations=combinations, conditions=conditions, more=conditions)
def test_what_is_stated_does_not_depend_on_filled_in_values(combinations, conditions, more):
    entered = [*map(as_entered, combinations)]
    stated = Cube(entered).stated([conditions, more])
    for place in (0, -1):
        others = [could_be(one)[place] for one in entered]
        assert Cube(others).stated([conditions, more]) == stated


@given(combinations=combinations, conditions=conditions)
def test_a_cube_by_some_dimensions_counts_as_the_whole_one(combinations, conditions):
    whole = Cube(combinations)
    grouped = whole.by(conditions)
    assert grouped.where(conditions).total == whole.where(conditions).total
    assert grouped.stated([conditions]) == whole.stated([conditions])
    assert grouped.total == whole.total
