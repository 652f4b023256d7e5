"""How a number is known: published, documented, or a reconstruction within a range."""

import pytest

from projects.asking import Asked, Selection, Words
from projects.asking.answers import Answer, Answers, Published, published
from projects.cube import Cube
from projects.models import Edition, Project
from projects.vocabulary import Region, Scope

from .small import EMPTY, REGIONAL, SMALL
from .test_breakdowns import PRINTED, printing

P, D, R = "published", "documented", "reconstruction"
SIX_SUMMED = ["education", "dialogue", "youth", "communications", "communities", "other"]


def of_small(*parts, cube: Cube = SMALL, printed: Published = PRINTED, **wanted) -> Answer:
    """The answer of a given cube, without a query."""
    return Answers(Asked.of(**wanted), cube, printed).of(*parts)


def numbers(answer: Answer) -> tuple:
    """Published, documented, range, and what the rows add up to."""
    return answer.published, answer.documented, str(answer.range or ""), answer.reconstruction


# The register as it ships: what is known does not depend on which entry has which value


@pytest.mark.parametrize(
    ("wanted", "state", "short", "paragraph"),
    [
        # What the report prints, and sums over areas or scopes.
        ({}, P, "223", "22, 24"),
        ({"priority_area": ["youth"]}, P, "27", "24"),
        ({"priority_area": ["youth", "education"]}, P, "58", "24"),  # 27 + 31
        ({"priority_area": SIX_SUMMED}, P, "161", "24"),  # all but 40 and 22
        ({"scope": ["national"]}, P, "75", "25"),
        ({"scope": ["regional", "national"]}, P, "141", "25"),  # 66 + 75
        ({"region": ["africa"]}, P, "61", "25"),
        ({"region": ["americas"]}, P, "3", "25"),
        ({"region": ["africa"], "scope": Scope.values}, P, "61", "25"),
        # Several regions: at most all of them, at least the larger.
        ({"region": ["africa", "mena"]}, R, "61–116", ""),
        ({"region": Region.values}, R, "61–141", ""),  # 153 in all, but 141 are not global
        # Combinations: at most the smaller, at least what does not fit beside it.
        ({"scope": ["national"], "region": ["africa"]}, R, "0–61", ""),
        # No global project has a region, and all others are regional or national.
        ({"scope": ["global"], "region": ["africa"]}, D, "0", ""),
        ({"scope": ["regional", "national"], "region": ["africa"]}, P, "61", "25"),
        # Nothing that narrows what is certain makes it less so.
        ({"scope": ["global"], "region": ["africa"], "status": ["not-stated"]}, D, "0", ""),
        ({"scope": ["global"], "region": ["africa"], "queries": ["project"]}, D, "0", ""),
        ({"priority_area": ["youth"], "scope": ["national"]}, R, "0–27", ""),
        # 161 + 141 - 223
        ({"priority_area": SIX_SUMMED, "scope": ["regional", "national"]}, R, "79–141", ""),
        # The report says nothing of these: what is documented, or not known.
        ({"status": ["ongoing"]}, D, "4", ""),
        ({"status": ["not-stated"]}, D, "219", ""),
        ({"status": ["not-stated"], "scope": ["national"]}, R, "?", ""),
        ({"status": ["not-stated"], "priority_area": ["youth"]}, D, "27", ""),
        ({"queries": ["youth"]}, D, "26", ""),
        ({"queries": ["youth"], "scope": ["national"]}, R, "?", ""),
        ({"entity": ["UNESCO"]}, D, "4", ""),
        ({"entity": ["not-stated"], "scope": ["national"]}, R, "?", ""),
        ({"provenance": ["named"]}, D, "12", ""),
        # Of five described entries the scope was assigned.
        ({"provenance": ["named"], "scope": ["global"]}, R, "?", ""),
        # That no source names a region is known of an entry; the report does not count these.
        ({"region": ["not-stated"]}, D, "3", ""),
        ({"region": ["not-stated"], "scope": ["regional"]}, D, "2", ""),
        ({"region": ["africa", "not-stated"]}, R, "?", ""),
        # Two of the Middle East and North Africa, and the three of no region.
        (
            {"region": ["mena", "not-stated"], "scope_basis": ["stated", "inferred"]},
            *(D, "5", ""),
        ),
        # By a basis: who is asked for as stated belongs there.
        ({"scope": ["national"], "scope_basis": ["stated", "inferred"]}, D, "1", ""),
        ({"scope": ["national"], "scope_basis": ["allocated"]}, R, "?", ""),
        ({"priority_area": ["youth"], "priority_area_basis": ["stated"]}, D, "24", ""),
    ],
    ids=lambda one: "-".join(one) if isinstance(one, dict) else None,
)
def test_every_question_has_one_state_and_number(register, wanted, state, short, paragraph):
    answer = Selection(Asked.of(**wanted)).answer
    assert (answer.state, answer.short, answer.paragraph) == (state, short, paragraph)
    assert not answer.differs


def test_an_edition_is_compared_with_the_same_figures(register):
    edition = Edition.objects.get(slug="reconstruction-2017-12")
    selection = Selection(Asked.of(edition, region=["africa"]))
    assert numbers(selection.answer)[0] == 61
    assert Words(selection).sentence == (
        "In Africa, in the edition “Reconstruction of A/72/621 (December 2017)”: 61 projects, "
        "published in A/72/621, para. 25"
    )
    answer = Selection(Asked.of(edition, region=["africa"], scope=["national"])).answer
    assert (answer.state, answer.short) == (R, "0–61")


def test_one_entry_more_is_said_next_to_the_published_figure(register):
    moved = Cube([*Project.published.cube().combinations, REGIONAL._replace(projects=1)])
    answer = Answers(Asked.of(region=["africa"]), moved, published()).of()
    assert (answer.state, answer.short, answer.differs) == (P, "61", True)
    assert answer.words == "61 published in A/72/621, para. 25, 62 counted here"
    answer = Answers(Asked.of(), moved, published()).of()
    assert answer.words == "223 published in A/72/621, paras. 22 and 24, 224 counted here"


def test_what_the_report_prints_is_read_at_once(register, django_assert_num_queries):
    with django_assert_num_queries(1):
        printed = published()
    assert (printed.symbol, printed.day) == ("A/72/621", "1 December 2017")
    assert printed.figures["", ""] == (223, "22, 24")
    assert printed.figures["region", "asia"] == (22, "25")
    # Of 16 entities, more than 270 projects and 84 countries it says nothing that can be counted.
    assert len(printed.figures) == 17
    assert printed.totals.scopes == {"global": 82, "regional": 66, "national": 75}


# By hand: 17 projects, two of them confirmed


def test_documented_and_reconstructed_counts_are_next_to_the_published_figure():
    assert numbers(of_small()) == (17, 17, "", 17)
    assert numbers(of_small(scope=["regional"])) == (7, 2, "", 7)
    assert numbers(of_small(priority_area=["gender"])) == (9, 9, "", 9)
    assert numbers(of_small(region=["asia"])) == (7, 7, "", 7)
    assert numbers(of_small(region=["africa"])) == (7, 2, "", 7)
    # Seven of gender and five regional ones are left of fifteen, and two are known to be both.
    answer = of_small(priority_area=["gender"], scope=["regional"])
    assert numbers(answer) == (None, 2, "2–7", 2)


def test_who_could_belong_makes_a_number_a_reconstruction():
    # Twelve have a scope that was assigned, and any of them could be global.
    assert of_small(scope=["global"], status=["not-stated"]).state == R
    # Those that are ongoing all have a scope that is stated.
    answer = of_small(scope=["global"], status=["ongoing"])
    assert (answer.state, answer.documented, answer.short) == (D, 3, "3")
    answer = of_small(scope=["national"], status=["ongoing"])
    assert (answer.state, answer.short) == (D, "0")


def test_what_a_search_or_an_entity_found_is_not_what_the_report_counts():
    for wanted in ({"queries": ["a"]}, {"entity": ["OCT"]}):
        answer = of_small(**wanted)
        assert (answer.state, answer.published, answer.range) == (D, None, None)
        answer = of_small(scope=["regional"], **wanted)
        assert (answer.state, answer.published, answer.short) == (R, None, "?")
        assert (answer.documented, answer.reconstruction) == (2, 7)
    of_entity = Answers(Asked(), SMALL, PRINTED).of({"scope": ["regional"]}, base=Cube([REGIONAL]))
    assert (of_entity.state, of_entity.published, of_entity.short) == (D, None, "2")


def test_a_register_that_left_the_totals_lies_within_its_range_all_the_same():
    answer = of_small(region=["mena"], priority_area=["youth"], printed=printing(mena=3))
    assert numbers(answer) == (None, 0, "0–5", 5)
    # No regional one is left beside the two that are confirmed.
    answer = of_small(scope=["regional"], priority_area=["gender"], printed=printing(regional=2))
    assert (answer.state, answer.short) == (D, "2")


def test_without_a_report_nothing_is_published_and_no_range_known():
    answer = of_small(scope=["regional"], printed=Published())
    assert (answer.state, answer.short, answer.source) == (R, "?", "")
    assert of_small(printed=Published()).state == D
    assert of_small(cube=EMPTY, printed=Published()).short == "0"


def test_a_report_that_lacks_a_figure_allows_no_range_and_no_sum_with_it():
    lacking = printing(global_=None)
    assert lacking.totals is None
    assert of_small(scope=["regional"], printed=lacking).published == 7
    assert of_small(scope=["regional", "global"], printed=lacking).state == R
    assert of_small(scope=["regional"], region=["mena"], printed=lacking).short == "?"


# In words


@pytest.mark.parametrize(
    ("date", "day"), [("2017-12-01", "1 December 2017"), ("2017-12", "December 2017"), ("", "")]
)
def test_the_day_of_a_report_is_as_precise_as_it_is_known(date, day):
    assert Published("A/72/621", date).day == day
