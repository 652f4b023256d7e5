"""Breakdowns: rows, how each is known, and what lists them."""

import re
from html import unescape

import pytest

from projects.asking import Asked, Selection
from projects.asking.answers import Answers, Published
from projects.cube import VOCABULARIES, Cube
from projects.history import unrecorded
from projects.models import Project
from reports.breakdowns import Breakdown, breakdown, describe

from .pages import text_of, total_of
from .small import EMPTY, GLOBAL, SMALL

EVERY_REGION = "region=africa&region=mena&region=asia&region=europe&region=americas"
DOCUMENTED_AREA = "priority_area_basis=stated&priority_area_basis=inferred"
DOCUMENTED_SCOPE = "scope_basis=stated&scope_basis=inferred"

# What a report prints that SMALL is equal to.
COUNTED = {"youth": 8, "gender": 9, "global": 3, "regional": 7, "national": 7}
COUNTED |= {"africa": 7, "mena": 5, "asia": 7}
PARAGRAPHS = {"priority_area": "24", "scope": "25", "region": "25"}


def printing(**changed: int | None) -> Published:
    """What a report prints of SMALL with some figures otherwise, None for one that it lacks."""
    counted = COUNTED | {slug.strip("_"): figure for slug, figure in changed.items()}
    figures = {
        (dimension, slug): (figure, paragraph)
        for dimension, paragraph in PARAGRAPHS.items()
        for slug in VOCABULARIES[dimension].values
        if (figure := counted.get(slug, 0)) is not None
    }
    return Published("A/72/621", "2017-12-01", {("", ""): (17, "22, 24"), **figures})


PRINTED = printing()


def selected(cube: Cube = SMALL, printed: Published = PRINTED, **wanted) -> Selection:
    """A selection of a given cube, without a query."""
    selection = Selection(Asked.of(**wanted))
    selection.before_vocabularies = cube
    selection.answers = Answers(selection.asked, cube, printed)
    return selection


def of(slug: str, cube: Cube = SMALL, printed: Published = PRINTED, **wanted) -> Breakdown:
    """A breakdown of a given cube, compared with the figures of a report."""
    figures = {
        f"{dimension}={value}": number
        for (dimension, value), (number, _) in printed.figures.items()
    }
    return breakdown(slug, selected(cube, printed, **wanted), figures)


def known(one: Breakdown) -> list[tuple[str, str, int]]:
    """The state of every row, the note next to it, and what is documented."""
    return [(row.answer.state, row.answer.short, row.answer.documented) for row in one.rows]


def of_register(query: str, slug: str) -> Breakdown:
    return breakdown(slug, Selection(Asked.from_query(query)))


# What is counted


def test_rows_are_in_the_order_of_the_report():
    assert [(row.slug, row.label, row.count) for row in of("scope").rows] == [
        ("global", "Global", 3),
        ("regional", "Regional", 7),
        ("national", "National", 7),
    ]
    assert [row.count for row in of("priority-area").rows] == [0, 0, 0, 8, 0, 9, 0, 0]
    assert [row.count for row in of("region").rows] == [7, 5, 7, 0, 0]


@pytest.mark.parametrize(
    ("slug", "unit", "total", "projects"),
    [
        ("priority-area", "projects", 17, 17),
        ("scope", "projects", 17, 17),
        # A project in two regions is counted in each; three have none.
        ("region", "mentions", 19, 14),
    ],
)
def test_what_the_rows_add_up_to(slug, unit, total, projects):
    one = of(slug)
    assert (one.unit, one.total, one.answer.reconstruction) == (unit, total, projects)
    assert one.in_mentions is (unit == "mentions")


def test_what_is_asked_for_is_what_is_counted():
    one = of("scope", priority_area=["gender"])
    assert ([row.count for row in one.rows], one.answer.reconstruction) == ([0, 2, 7], 9)
    assert [row.query for row in one.rows] == [
        "priority_area=gender&scope=global",
        "priority_area=gender&scope=regional",
        "priority_area=gender&scope=national",
    ]
    # A row's query has neither page nor order nor layout.
    one = of("scope", sort="-title", page=3, per_page=100, layout={"rows": "scope"})
    assert one.rows[0].query == "scope=global"


def test_a_region_next_to_those_asked_for_is_neither_linked_nor_published():
    africa, mena, *_others = of("region", region=["mena"]).rows
    assert (africa.count, africa.query, africa.documented_query) == (5, None, None)
    assert (mena.count, mena.query) == (5, "region=mena")
    assert (mena.answer.state, mena.answer.short) == ("published", "5")
    assert (africa.answer.state, africa.answer.short) == ("reconstruction", "0–5")


# How each count is known


def test_every_count_of_the_whole_register_is_published():
    assert known(of("scope")) == [
        ("published", "3", 3),
        ("published", "7", 2),
        ("published", "7", 0),
    ]
    assert [row.answer.source for row in of("scope").rows] == ["A/72/621, para. 25"] * 3
    assert {row.answer.source for row in of("priority-area").rows} == {"A/72/621, para. 24"}
    for slug in ("priority-area", "scope", "region"):
        one = of(slug)
        assert (one.states, one.has_reconstruction) == ([("published", "Published")], False)


def test_two_classifications_together_are_a_reconstruction():
    one = of("scope", priority_area=["youth"])
    # At most all of those left in each scope; the two confirmed are not of youth.
    assert known(one) == [
        ("reconstruction", "0–3", 3),
        ("reconstruction", "0–5", 0),
        ("reconstruction", "0–7", 0),
    ]
    assert one.states == [("documented", "Documented"), ("reconstruction", "Reconstruction")]
    assert one.has_reconstruction


def test_of_a_status_nothing_follows_from_the_report():
    assert known(of("scope", status=["not-stated"])) == [
        ("reconstruction", "?", 0),
        ("reconstruction", "?", 0),
        ("reconstruction", "?", 0),
    ]
    one = of("scope", status=["ongoing"])
    assert known(one) == [("documented", "3", 3), ("documented", "0", 0), ("documented", "0", 0)]
    assert one.states == [("documented", "Documented")]


def test_how_many_are_documented_is_how_many_their_query_lists():
    for wanted, documented in (
        ({}, 5),  # three global ones and two regional ones
        ({"scope": ["global"]}, 3),
        ({"status": ["not-stated"]}, 0),
        ({"priority_area": ["youth"]}, 3),
        ({"provenance": ["named", "confirmed"]}, 5),
        ({"scope_basis": ["allocated"]}, 0),
    ):
        one = of("scope", **wanted)
        assert one.documented == documented, wanted
    one = of("scope", priority_area=["youth"])
    assert one.documented_query == f"priority_area=youth&{DOCUMENTED_AREA}&{DOCUMENTED_SCOPE}"
    assert one.rows[0].documented_query == (
        f"priority_area=youth&scope=global&{DOCUMENTED_AREA}&{DOCUMENTED_SCOPE}"
    )
    assert of("scope").rows[1].documented_query == f"scope=regional&{DOCUMENTED_SCOPE}"
    # Of fourteen with a region, five were given it. That none of them is global follows.
    for wanted in ({}, {"scope": ["regional", "national"]}):
        one = of("region", **wanted)
        assert (one.answer.reconstruction, one.documented) == (14, 9)
    # No query asks for those of Asia by a source, and those without a region.
    one = of("priority-area", region=["asia", "not-stated"])
    assert (one.documented, one.documented_query) == (7, None)


# Next to the report


def test_the_longest_bar_or_published_figure_is_full():
    assert [row.share for row in of("scope").rows] == ["42.9", "100.0", "100.0"]
    one = of("scope", printed=printing(global_=5, regional=7, national=14))
    assert [(row.published, row.share, row.tick) for row in one.rows] == [
        (5, "21.4", "35.7"),
        (7, "50.0", "50.0"),
        (14, "50.0", "100.0"),
    ]


def test_a_count_is_distinguished_from_another_published_one():
    assert not of("scope").has_difference
    one = of("scope", printed=printing(national=6))
    assert [row.answer.differs for row in one.rows] == [False, False, True]
    assert (one.rows[2].count, one.rows[2].answer.short) == (7, "6")
    assert one.has_difference
    # A value that the report does not print has no figure.
    one = of("scope", printed=Published("A/72/621", "", {("scope", "global"): (3, "25")}))
    assert [row.published for row in one.rows] == [3, None, None]
    assert [row.answer.published for row in one.rows] == [3, None, None]


def test_a_part_of_the_register_is_not_compared():
    for wanted in ({"status": ["ongoing"]}, {"queries": ["youth"]}):
        one = of("scope", printed=printing(global_=5), **wanted)
        assert [row.published for row in one.rows] == [None, None, None]
        assert not one.has_difference
    # How it is shown narrows nothing.
    one = of("scope", printed=printing(global_=5), sort="title")
    assert (one.rows[0].published, one.has_difference) == (5, True)


# In words


def test_the_description_ranks_the_bars_and_says_how_each_is_known():
    assert describe(of("scope")) == (
        "Bar chart of Projects by scope, longest bar first: "
        "Regional: 7 projects, published in A/72/621, para. 25; "
        "National: 7 projects, published in A/72/621, para. 25; "
        "Global: 3 projects, published in A/72/621, para. 25."
    )
    # Of those that no source places the range, and what the register fills in.
    assert describe(of("scope", priority_area=["youth"])).endswith(
        "Regional: 0 documented; 0–5 possible (reconstruction: 5); "
        "Global: 3 documented; 0–3 possible (reconstruction: 3); "
        "National: 0 documented; 0–7 possible (reconstruction: 0)."
    )
    one = of("scope", EMPTY, queries=["zzz"])
    assert [(row.count, row.share) for row in one.rows] == [(0, "0.0")] * 3
    assert one.answer.reconstruction == 0
    # Only global projects: none has a region.
    for empty in (one, of("region", Cube([GLOBAL]))):
        assert describe(empty) == "Bar chart without bars: no project is counted."


# The register as it ships


@pytest.mark.parametrize(
    ("query", "documented"),
    [
        ("status=not-stated", 4),  # one global one and three regional ones
        ("priority_area=youth", 2),
        ("scope_basis=allocated", 0),
    ],
)
def test_a_page_shows_as_many_documented_as_it_says(register, client, query, documented):
    one = of_register(query, "scope")
    assert one.documented == documented
    html = client.get(f"/reports/scope/?{query}").content.decode()
    found = re.search(
        r'beside each stands.*?<a href="([^"]+)">View the (\d+) that are documented',
        html,
        re.DOTALL,
    )
    assert (found and int(found[2])) == (documented or None)
    if found:
        listed = client.get(unescape(found[1])).content.decode()
        assert total_of(listed) == documented


def test_page_and_file_show_both_numbers_where_the_register_left_the_report(register, client):
    with unrecorded("the test sets the scene"):
        Project.published.filter(reference="PVE-003").delete()  # a global one
    text = text_of(client, "/reports/scope/")
    assert "82 This register now has 81 entries." in text
    assert "75 A/72/621, para. 25" in text
    assert "Published figure" in text
    (row, *_others) = client.get("/reports/scope.json").json()["rows"]
    assert (row["count"], row["published"], row["reconstruction"]) == (81, 82, 81)
    lines = client.get("/reports/scope.csv").content.decode("utf-8-sig").splitlines()
    assert lines[:2] == [
        "slug,label,projects,published,documented,low,high,reconstruction,state",
        "global,Global,81,82,2,,,81,published",
    ]


@pytest.mark.parametrize("slug", ["priority-area", "scope", "region"])
def test_a_breakdown_takes_a_query_for_the_projects_and_one_for_what_is_published(
    register, django_assert_num_queries, slug
):
    with django_assert_num_queries(2):
        breakdown(slug, Selection(Asked.of(scope=["national"], priority_area=["youth"])))
