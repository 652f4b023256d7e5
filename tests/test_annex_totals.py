"""Made-up annexes by the dozen: which totals stay, and which the page says will differ."""

from random import Random

import pytest
from django.db import transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from projects.cube import Cube
from projects.history import unrecorded
from projects.imports.matches import entries
from projects.imports.matching import match
from projects.imports.translation import Translator
from projects.models import Project
from projects.ranges import Totals

from .annex import Walk, csv_sheet, matrix

pytestmark = pytest.mark.once


REGION_NAMES = {"Africa": "africa", "Middle East and North Africa": "mena", "Asia": "asia"}


REGION_NAMES |= {"Europe": "europe", "Americas": "americas"}


def matched(annex: list[dict], complete: bool):
    """The register's totals after a sheet, all of it published, and the matching."""
    translator = Translator()
    register = entries()
    totals = Totals(
        223,
        Project.published.cube().counts("priority_area"),
        {"global": 82, "regional": 66, "national": 75},
        {"africa": 61, "mena": 55, "asia": 22, "europe": 12, "americas": 3},
    )
    given = []
    for row in annex:
        area = translator.written("priority_area", row["area"]).reading
        named = translator.written("entities", row["entities"]).reading
        regions = [REGION_NAMES[region] for region in row["regions"]]
        values = {"title": row["title"], "scope": row["scope"].lower(), **area, **named}
        given.append((None, {**values, "regions": regions}))
    found = match(given, register, totals, {}, complete)
    now = Cube(one.combination for one in register if one.counts)
    after = Cube([*now.combinations, *found.moved()])
    return (
        found,
        {
            "all": after.total,
            **{
                f"{name} {value}": count
                for name in ("priority_area", "scope", "region")
                for value, count in after.counts(name).items()
            },
        },
        {
            "all": now.total,
            **{
                f"{name} {value}": count
                for name in ("priority_area", "scope", "region")
                for value, count in now.counts(name).items()
            },
        },
    )


@pytest.mark.long
@settings(max_examples=15)
@given(seed=st.integers(0, 10**6), described=st.integers(0, 12))
def test_every_complete_sheet_with_the_published_totals_brings_back_exactly_these(
    register, seed, described
):
    found, after, published = matched(matrix(Random(seed), described), complete=True)
    assert after == published
    assert len(found.set_aside) == 12 - described
    assert found.left == {}
    # Each entry once.
    named = [one.entry.reference for one in found.matches if one.entry]
    assert len(named) == len(set(named)) == 211 + described


@pytest.mark.long
@settings(max_examples=15)
@given(seed=st.integers(0, 10**6), share=st.integers(1, 222), described=st.integers(0, 3))
def test_every_part_of_such_a_sheet_leaves_scopes_and_regions_as_published(
    register, seed, share, described
):
    random = Random(seed)
    annex = matrix(random, described)
    part = random.sample(annex, share)
    found, after, published = matched(part, complete=False)
    differ = {name for name in after if after[name] != published[name]}
    # Only what has no counted entry of its area any more is new, and adds to the totals.
    if not found.counts["new"]:
        assert not {name for name in differ if not name.startswith("priority_area")}
    assert all(one.place.area == place.area for one, place in found.left.items())


# As the report prints them, in the words of the desk.
PUBLISHED = {
    "All projects": 223,
    "Strengthening good governance, human rights and the rule of law": 40,
    "Education, skills development and employment facilitation": 31,
    "Dialogue and conflict prevention": 29,
    "Empowering youth": 27,
    "Strategic communications, the Internet and social media": 23,
    "Gender equality and empowering women": 22,
    "Engaging communities": 18,
    "Other areas": 33,
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


@pytest.mark.long
@settings(max_examples=5)
@given(seed=st.integers(0, 10**6), share=st.integers(1, 222), described=st.integers(0, 12))
@example(seed=3, share=20, described=0)
@example(seed=4, share=222, described=3)
def test_of_every_part_of_such_a_sheet_the_page_names_exactly_the_figures_that_will_differ(
    register, admin_client, seed, share, described
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
        with unrecorded("a reviewer publishes what is new"):
            Project.live.filter(review="draft").update(review="reviewed")
        differ = [name for name, count in counted().items() if count != PUBLISHED[name]]
        if differ:
            agree = f"{17 - len(differ)} of 17 figures are as in A/72/621."
            assert agree in told
            assert f"These differ: {'; '.join(differ)}.</strong>" in told
        else:
            assert "All 17 figures of A/72/621 are matched.</strong>" in told
        transaction.set_rollback(True)
