"""Breakdowns: rows, their parts by provenance, and the queries that list them."""

import pytest

from projects.asking import Asked, Selection
from projects.cube import Cube
from reports.breakdowns import Breakdown, breakdown, breakdowns, describe

from .small import EMPTY, GLOBAL, NATIONAL, SMALL

EVERY_REGION = "region=africa&region=mena&region=asia&region=europe&region=americas"


def of(slug: str, cube: Cube = SMALL, published=None, **wanted) -> Breakdown:
    """A breakdown of a cube at hand, which no database is asked for."""
    selection = Selection(Asked.of(**wanted))
    selection.before_vocabularies = cube
    return breakdown(slug, selection, published)


def of_register(query: str, slug: str) -> Breakdown:
    return breakdown(slug, Selection(Asked.from_query(query)))


# What is counted


def test_rows_stand_in_the_order_of_the_report():
    assert [(row.slug, row.label, row.count) for row in of("scope").rows] == [
        ("global", "Global", 3),
        ("regional", "Regional", 7),
        ("national", "National", 7),
    ]
    assert [row.count for row in of("priority-area").rows] == [0, 0, 0, 8, 0, 9, 0, 0]


def test_areas_and_scopes_are_in_projects():
    for slug in ("priority-area", "scope"):
        one = of(slug)
        assert (one.unit, one.total, one.projects) == ("projects", 17, 17)
        assert not one.in_mentions


def test_regions_are_in_mentions_by_the_projects_that_have_one():
    one = of("region")
    assert (one.unit, one.total, one.projects) == ("mentions", 19, 14)
    assert one.in_mentions
    assert [row.count for row in one.rows] == [7, 5, 7, 0, 0]


def test_what_is_asked_for_is_what_is_counted():
    one = of("scope", priority_area=["gender"])
    assert ([row.count for row in one.rows], one.projects) == ([0, 2, 7], 9)
    assert [row.query for row in one.rows] == [
        "priority_area=gender&scope=global",
        "priority_area=gender&scope=regional",
        "priority_area=gender&scope=national",
    ]


def test_a_query_lists_a_row_without_page_order_or_layout():
    one = of("scope", sort="-title", page=3, per_page=100, layout={"rows": "scope"})
    assert one.rows[0].query == "scope=global"


def test_the_three_breakdowns_are_those_of_the_report():
    selection = Selection(Asked())
    selection.before_vocabularies = SMALL
    assert [(one.slug, one.title, one.paragraph) for one in breakdowns(selection, {})] == [
        ("priority-area", "Projects by priority area", "24"),
        ("scope", "Projects by scope", "25"),
        ("region", "Mentions of regions by regional and national projects", "25"),
    ]


# Parts


def test_a_row_divides_by_provenance_and_each_part_by_how_it_is_known():
    _global, regional, _national = of("scope").rows
    assert [
        (part.provenance, part.count, part.allocated, part.documented) for part in regional.parts
    ] == [("counted", 5, 5, 0), ("named", 0, 0, 0), ("confirmed", 2, 0, 2)]
    counted, named, _confirmed = regional.parts
    assert counted.query == "scope=regional&provenance=counted"
    assert counted.allocated_query == "scope=regional&provenance=counted&scope_basis=allocated"
    assert counted.documented_query == (
        "scope=regional&provenance=counted&scope_basis=stated&scope_basis=inferred"
    )
    # Where nothing is allocated there is nothing to tell apart.
    assert named.allocated_query is None
    assert named.documented_query == named.query == "scope=regional&provenance=named"


def test_the_parts_of_every_row_add_up_to_it():
    for slug in ("priority-area", "scope", "region"):
        for row in of(slug).rows:
            assert sum(part.count for part in row.parts) == row.count


def test_the_legend_divides_the_projects_and_leaves_out_what_nobody_has():
    assert [(part.label, part.count, part.allocated) for part in of("scope").legend] == [
        ("Counted only", 12, 12),
        ("Described", 3, 0),
        ("Confirmed", 2, 0),
    ]
    # Of the areas, none was allocated; of the projects with a region, none is only named.
    assert [part.allocated for part in of("priority-area").legend] == [0, 0, 0]
    assert [(part.label, part.count, part.allocated) for part in of("region").legend] == [
        ("Counted only", 12, 5),
        ("Confirmed", 2, 0),
    ]


def test_the_legend_of_regions_lists_only_projects_that_have_one():
    counted, confirmed = of("region").legend
    assert counted.query == f"{EVERY_REGION}&provenance=counted"
    assert counted.allocated_query == f"{EVERY_REGION}&provenance=counted&regions_basis=allocated"
    assert confirmed.query == f"{EVERY_REGION}&provenance=confirmed"


def test_a_region_beside_those_asked_for_has_nothing_to_link_to():
    africa, mena, *_others = of("region", region=["mena"]).rows
    assert (africa.count, africa.query) == (5, None)
    assert {part.query for part in africa.parts} == {None}
    assert {part.allocated_query for part in africa.parts} == {None}
    assert (mena.count, mena.query) == (5, "region=mena")


def test_a_basis_that_was_not_asked_for_is_not_listed():
    (counted,) = of("scope", provenance=["counted"], scope_basis=["allocated"]).legend
    assert (counted.count, counted.allocated) == (12, 12)
    assert counted.documented_query is None
    assert counted.allocated_query == "provenance=counted&scope_basis=allocated"


# How much rests on allocation


def test_one_classification_alone_does_not_rest_on_allocation():
    """The report publishes its totals: that nobody knows which projects they are changes none."""
    one = of("scope", status=["not-stated"])
    assert (one.projects, one.allocated, one.documented) == (12, 0, 12)


def test_two_classifications_together_do():
    one = of("scope", priority_area=["youth"])
    assert (one.projects, one.allocated, one.documented) == (8, 5, 3)
    assert one.documented_query == (
        "priority_area=youth&priority_area_basis=stated&priority_area_basis=inferred"
        "&scope_basis=stated&scope_basis=inferred"
    )
    one = of("region", scope=["regional", "national"])
    # Seven by their scope, five by scope and regions both.
    assert (one.projects, one.allocated, one.documented) == (14, 12, 2)


# Beside the report


def test_the_longest_bar_or_published_figure_is_full():
    assert [row.share for row in of("scope").rows] == ["42.9", "100.0", "100.0"]
    published = {"scope=global": 5, "scope=regional": 7, "scope=national": 14}
    one = of("scope", published=published)
    assert [(row.published, row.share, row.tick) for row in one.rows] == [
        (5, "21.4", "35.7"),
        (7, "50.0", "50.0"),
        (14, "50.0", "100.0"),
    ]
    assert one.has_published


def test_a_value_that_the_report_does_not_print_has_no_figure():
    one = of("scope", published={"scope=global": 3, "region=asia": 99})
    assert [row.published for row in one.rows] == [3, None, None]


def test_a_part_of_the_register_is_not_compared():
    one = of("scope", published={"scope=global": 5}, status=["ongoing"])
    assert [row.published for row in one.rows] == [None, None, None]
    assert not one.has_published
    one = of("scope", published={"scope=global": 5}, queries=["youth"])
    assert not one.has_published


def test_how_it_is_shown_narrows_nothing():
    assert of("scope", published={"scope=global": 5}, sort="title").has_published


# In words


def test_the_description_ranks_the_bars_and_says_what_was_allocated():
    assert describe(of("scope")) == (
        "Bar chart of 17 projects, longest bar first: Regional 7, National 7, Global 3. "
        "Projects by provenance: Counted only 12 (12 allocated), Described 3, Confirmed 2."
    )
    assert describe(of("region", Cube([NATIONAL]))) == (
        "Bar chart of 7 mentions by 7 projects, longest bar first: Asia 7, Africa 0, Middle East "
        "and North Africa 0, Europe 0, Americas 0. Projects by provenance: Counted only 7."
    )


def test_one_is_said_in_the_singular():
    one = of("scope", Cube([GLOBAL._replace(projects=1)]))
    assert describe(one).startswith("Bar chart of 1 project, longest bar first: Global 1,")


def test_nothing_to_show_is_said():
    one = of("scope", EMPTY)
    assert [(row.count, row.share) for row in one.rows] == [(0, "0.0")] * 3
    assert (one.projects, one.legend) == (0, ())
    assert describe(one) == "Bar chart without bars: no project is counted."
    # Only global projects: none has a region.
    assert describe(of("region", Cube([GLOBAL]))) == (
        "Bar chart without bars: no project is counted."
    )


# The register as it ships


def test_a_breakdown_of_mentions_is_never_added_up_to_projects(register):
    regions = of_register("", "region")
    assert (regions.unit, regions.total, regions.projects) == ("mentions", 153, 138)
    assert [(row.slug, row.count) for row in regions.rows] == [
        ("africa", 61),
        ("mena", 55),
        ("asia", 22),
        ("europe", 12),
        ("americas", 3),
    ]


def test_a_region_beside_those_asked_for_has_no_link(register):
    rows = {row.slug: row for row in of_register("region=africa", "region").rows}
    assert rows["africa"].query == "region=africa"
    assert rows["africa"].count == 61
    assert rows["mena"].query is None
    assert rows["mena"].count == 6


def test_the_longest_bar_is_full(register):
    assert [(row.slug, row.share) for row in of_register("", "scope").rows] == [
        ("global", "100.0"),
        ("regional", "80.5"),
        ("national", "91.5"),
    ]
    assert [row.share for row in of_register("q=zzz", "scope").rows] == ["0.0", "0.0", "0.0"]


def test_the_chart_has_a_text_alternative(register):
    assert describe(of_register("", "region")) == (
        "Bar chart of 153 mentions by 138 projects, longest bar first: Africa 61, Middle East and "
        "North Africa 55, Asia 22, Europe 12, Americas 3. Projects by provenance: Counted only "
        "136 (136 allocated), Described 2."
    )
    assert describe(of_register("provenance=named", "scope")) == (
        "Bar chart of 12 projects, longest bar first: Global 7, Regional 4, National 1. "
        "Projects by provenance: Described 12 (5 allocated)."
    )
    assert describe(of_register("q=zzz", "scope")) == (
        "Bar chart without bars: no project is counted."
    )


@pytest.mark.parametrize("slug", ["priority-area", "scope", "region"])
def test_a_breakdown_takes_one_query(register, django_assert_num_queries, slug):
    with django_assert_num_queries(1):
        breakdown(slug, Selection(Asked.of(scope=["national"], priority_area=["youth"])))
