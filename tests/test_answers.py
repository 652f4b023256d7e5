"""The four states of a number: published, a range, described activities, or entries."""

import pytest

from projects.asking import Asked, Selection
from projects.asking.answer import Answer
from projects.asking.answers import Answers
from projects.asking.published import Published, published
from projects.cube import Cube
from projects.vocabulary import Region, Scope

from .small import SMALL, combination
from .test_breakdowns import PRINTED, printing

P, R, D, E = "published", "range", "described", "entries"
SIX_SUMMED = ["education", "dialogue", "youth", "communications", "communities", "other"]
CONFIRMED = Cube([one._replace(in_matrix="yes") for one in SMALL.combinations])
OUTSIDE = Cube([one._replace(in_matrix="no") for one in SMALL.combinations])


def of_small(*parts, cube: Cube = SMALL, printed: Published = PRINTED, **wanted) -> Answer:
    """The answer of a given cube, without a query."""
    return Answers(Asked.of(**wanted), cube, printed).of(*parts)


@pytest.mark.parametrize(
    ("wanted", "state", "short", "basis"),
    [
        # What the report prints, and sums over areas or scopes.
        ({}, P, "223", "paras. 22 and 24"),
        ({"priority_area": ["youth"]}, P, "27", "para. 24"),
        ({"priority_area": SIX_SUMMED}, P, "161", "para. 24"),  # all but 40 and 22
        ({"scope": ["regional", "national"]}, P, "141", "para. 25"),  # 66 + 75
        ({"region": ["americas"]}, P, "3", "para. 25"),
        ({"region": ["africa"], "scope": Scope.values}, P, "61", "para. 25"),
        ({"scope": ["regional", "national"], "region": ["africa"]}, P, "61", "para. 25"),
        # Several regions: at most all of them, at least the larger.
        ({"region": ["africa", "mena"]}, R, "61–116", "not stated"),
        ({"region": Region.values}, R, "61–141", "not stated"),
        # Combinations: at most the smaller, at least what does not fit next to it.
        ({"scope": ["national"], "region": ["africa"]}, R, "0–61", "not stated"),
        (
            {"priority_area": SIX_SUMMED, "scope": ["regional", "national"]},
            R,
            "79–141",
            "not stated",
        ),
        # By a rule of this register.
        ({"scope": ["global"], "region": ["africa"]}, R, "0", "by rule"),
        # Of status, entity, country and year the report says nothing.
        ({"status": ["ongoing"]}, D, "4", "described"),
        ({"entity": ["UNESCO"], "scope": ["national"]}, D, "0", "described"),
        ({"entity": ["UNESCO"], "region": ["mena"]}, D, "0", "described"),
        ({"entity": ["CTC"], "region": ["mena"]}, D, "1", "described"),
        ({"country": ["KEN"]}, D, "0", "described"),
        # Facts about the register's own records.
        ({"status": ["not-stated"]}, E, "219", "entries"),
        ({"status": ["ongoing", "not-stated"]}, E, "223", "entries"),
        ({"entity": ["not-stated"], "priority_area": ["youth"]}, E, "24", "entries"),
        ({"provenance": ["named"], "scope": ["global"]}, E, "2", "entries"),
        ({"provenance": ["counted"], "scope": ["global"]}, E, "?", "not stated"),
        ({"region": ["not-stated"]}, E, "220", "entries"),
        ({"queries": ["youth"]}, E, "2", "entries"),
        ({"scope_basis": ["stated", "inferred"]}, E, "5", "entries"),
        ({"in_matrix": ["yes"], "status": ["ongoing"]}, E, "?", "not stated"),
        # Provenance before entity before the report.
        ({"provenance": ["named"], "entity": ["UNESCO"]}, E, "4", "entries"),
    ],
    ids=lambda one: "-".join(one) if isinstance(one, dict) else None,
)
def test_every_question_has_one_state_and_number(register, wanted, state, short, basis):
    answer = Selection(Asked.of(**wanted)).answer
    assert (answer.state, answer.short, answer.basis) == (state, short, basis)
    assert not answer.differs


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


def kinds(answer: Answer) -> tuple[int, int, int]:
    """How many described entries are in the matrix, may be, and are not."""
    return answer.in_matrix, answer.may_be, answer.others


def test_only_confirmed_entries_that_are_in_the_matrix_limit_a_range():
    gender = {"priority_area": ["gender"], "scope": ["regional"]}
    answer = of_small(**gender)
    assert (str(answer.range), *kinds(answer)) == ("0–7", 0, 2, 0)
    answer = of_small(**gender, cube=CONFIRMED)
    assert (str(answer.range), *kinds(answer)) == ("2–7", 2, 0, 0)
    answer = of_small(**gender, cube=OUTSIDE)
    assert (str(answer.range), *kinds(answer)) == ("0–7", 0, 0, 2)
    # Of the others one is asked for by what its source states.
    some = combination(1, priority_area="gender", provenance="confirmed", in_matrix="yes")
    blank = some._replace(scope_basis="allocated")
    answer = of_small(**gender, cube=Cube([*SMALL.combinations, blank]))
    assert (str(answer.range), *kinds(answer)) == ("0–7", 0, 2, 0)


def test_of_an_entity_the_least_is_what_is_confirmed_and_nothing_limits_the_most():
    for cube, in_matrix, may_be, others in (
        (SMALL, 0, 2, 0),
        (CONFIRMED, 2, 0, 0),
        (OUTSIDE, 0, 0, 2),
    ):
        answer = of_small(status=["completed"], cube=cube)
        assert (answer.state, answer.activities) == (D, 2)
        assert kinds(answer) == (in_matrix, may_be, others)
        assert (answer.low, answer.high) == (in_matrix, None)


def test_edits_do_not_widen_a_range_and_the_published_number_stays():
    answer = of_small(priority_area=["youth"], region=["mena"], printed=printing(mena=3))
    assert (str(answer.range), answer.filed) == ("0–3", 5)
    answer = of_small(scope=["global"], printed=printing(global_=5))
    assert (answer.state, answer.number, answer.filed, answer.differs) == (P, 5, 3, True)


def test_without_a_report_nothing_is_published_and_no_range_known():
    answer = of_small(scope=["regional"], printed=Published())
    assert (answer.state, answer.short) == (R, "?")
    lacking = printing(global_=None)
    assert lacking.totals is None
    assert of_small(scope=["regional"], printed=lacking).number == 7
    assert of_small(scope=["regional", "global"], printed=lacking).short == "?"


# In words


@pytest.mark.parametrize(
    ("date", "day"), [("2017-12-01", "1 December 2017"), ("2017-12", "December 2017"), ("", "")]
)
def test_the_day_of_a_report_is_as_precise_as_it_is_known(date, day):
    assert Published("A/72/621", date).day == day
