"""Breakdowns: rows, how each is known, and what lists them."""

import pytest

from projects.asking import Asked, Selection
from projects.asking.answers import Answers
from projects.asking.published import Published
from projects.cube import VOCABULARIES, Cube
from reports.breakdowns import Breakdown, breakdown

from .small import SMALL

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
    """A breakdown of a given cube, with the figures of a report."""
    return breakdown(slug, selected(cube, printed, **wanted))


def test_a_headline_says_how_much_of_all_the_largest_number_is():
    one = of("scope", printed=printing(regional=6))
    assert (one.title, one.headline) == (
        "Projects by scope",
        "7 of the 17 projects are national in scope",
    )
    assert one.with_place == f"{one.headline} (A/72/621, para. 25)"
    assert [row.answer.share for row in one.rows] == ["18 %", "35 %", "41 %"]
    assert one.rows[0].bar.sentence == (
        "3 of the 17 projects (18 %) are global in scope (A/72/621, para. 25)"
    )
    # Of the 18 counts by region, in which a project in two regions is twice.
    regions = of("region", printed=printing(africa=6))
    assert regions.headline == "Asia has 7 of the 18 counts"
    assert [row.answer.share for row in regions.rows] == ["33 %", "28 %", "39 %", "0 %", "0 %"]


@pytest.mark.parametrize(
    ("slug", "changed", "wanted"),
    [
        ("scope", {}, {}),  # two are the largest
        ("scope", {"regional": 6, "global_": None}, {}),  # not all are printed
        ("scope", {"regional": 6}, {"region": ["africa"]}),  # ranges
        ("scope", {"regional": 6}, {"entity": ["UNESCO"]}),
    ],
)
def test_without_one_largest_published_number_the_title_is_the_headline(slug, changed, wanted):
    one = of(slug, printed=printing(**changed), **wanted)
    assert one.headline == one.title
    assert one.with_place == f"{one.title}: {one.sentence}"
    # A total that is not printed has no parts.
    has_parts = not changed or (slug == "scope" and not wanted)
    assert any(row.answer.share for row in one.rows) == has_parts


@pytest.mark.parametrize("query", ["region=not-stated&region=africa", "region=not-stated"])
def test_rows_in_several_states_have_a_total(register, client, query):
    for address in ("/reports/region/", "/reports/region.json"):
        for more in ("", "&entity=UNESCO"):
            assert client.get(f"{address}?{query}{more}").status_code == 200
    total = client.get("/reports/region.json?region=not-stated&entity=UNESCO").json()["total"]
    assert total["state"] == "entries"
