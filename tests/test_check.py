"""A pasted text is checked: which of its numbers hold, and that nothing of it is stored."""

import csv
import time

import pytest
from django.utils import translation

from projects.models import data_version, reading_at
from reports.check.verdicts import MOST, Checker

from .conftest import ROOT

pytestmark = pytest.mark.usefixtures("register")
with (ROOT / "tests/data/claims.csv").open(encoding="utf-8", newline="") as file:
    CLAIMS = [*csv.DictReader(file)]
SURE = ("printed", "follows")
TRUE = [one for one in CLAIMS if {*one["expected"].split(";")} <= {*SURE, "other-source"}]
TRUE = [one for one in TRUE if not one["made_from"]]
FALSE = [one for one in CLAIMS if one["made_from"]]
UNKNOWN = [one for one in CLAIMS if one["expected"].endswith("cannot-be-known")]
OTHERS = [one for one in CLAIMS if one not in (*TRUE, *FALSE, *UNKNOWN)]


@pytest.fixture
def checker():
    with reading_at(data_version()):
        yield Checker()


def marks(checker, claim) -> list[str]:
    with translation.override(claim["language"]):
        return [one.mark.value for one in checker.check(claim["text"])]


def sure(found) -> int:
    return sum(one in SURE for one in found)


def test_the_sentences_are_of_four_kinds_with_their_places():
    assert [len(one) for one in (TRUE, FALSE, UNKNOWN, OTHERS)] == [50, 50, 25, 25]
    assert all(one["from"] for one in (*TRUE, *FALSE, *UNKNOWN))
    assert all(CLAIMS[int(one["made_from"]) - 1] in TRUE for one in FALSE)
    assert sum("by accident" in one["why"] for one in CLAIMS) >= 15


def test_no_false_sentence_is_sure_and_no_true_one_differs(checker):
    for claim in TRUE:
        assert "differs" not in marks(checker, claim), claim["text"]
    for claim in (*FALSE, *UNKNOWN):
        expected = claim["expected"].split(";")
        assert sure(marks(checker, claim)) <= sure(expected), claim["text"]
    for claim in OTHERS:
        assert {*marks(checker, claim)} <= {"not-recognised"}, claim["text"]


def test_most_sentences_get_the_expected_mark(checker):
    hits = [marks(checker, one) == one["expected"].split(";") for one in CLAIMS[:125]]
    assert sum(hits) >= 115, "80 are required"


# What must never be claimed: by words that change what is counted, and by those that are apart.
NOTHING_SURE = [
    "27 projects do not focus on youth.",
    "27 new projects focus on youth.",
    "27 projects focus on youth, all of them in Kenya.",
    "27 projects address unemployed youth.",
    "40 projects on human rights.",
    "55 projects in the Arab States.",
    "3 projects in Latin America.",
    "The European Union has 66 regional projects.",
    "In 2019, 27 projects focused on youth.",
    "27 youth in Africa joined projects.",
    "27 young people run projects.",
    "61 countries in Africa have projects.",
    "There are 49 projects.",
    "27 per cent of the projects are in Africa.",
    "12 per cent of the projects in Africa are on youth.",
]


@pytest.mark.parametrize("text", NOTHING_SURE)
def test_a_number_that_merely_fits_is_nothing(checker, text):
    found = [one.mark.value for one in checker.check(text)]
    assert {*found} <= {"not-recognised", "cannot-be-known"}, text


NOTHING_WRONG = [
    "Youth and women have 27 and 22 projects, respectively.",
    "Youth and women have 27 and 22 projects.",
    "Governance, education and dialogue have 40, 31 and 29 projects.",
    "There are 40, 31 and 29 projects on governance, education and dialogue.",
    "A total of 49 projects: 27 on youth and 22 on gender.",
    "Of 223 projects, 82 (37 per cent) are global, 66 (30 per cent) regional.",
    "Twenty-seven (27) projects focus on youth.",
    "5 projects on social media.",
    "Some 30 projects focus on youth.",
    "The Office has 12 staff for 27 projects on youth.",
    "UNDP runs 40 projects.",
    "There are 12 projects.",
]


@pytest.mark.parametrize("text", NOTHING_WRONG)
def test_what_may_be_true_never_differs(checker, text):
    assert "differs" not in [one.mark.value for one in checker.check(text)], text


def test_what_is_said_of_a_part_is_no_number_of_all(checker):
    for text in ("{} 27 of these are on youth.", "{} of which 27 are on youth."):
        said = text.format("61 projects are in Africa,")
        assert [one.mark.value for one in checker.check(said)] == ["printed", "cannot-be-known"]
    said = "61 projects are in Africa. Of these, 27 projects focus on youth."
    assert [one.mark.value for one in checker.check(said)] == ["printed", "not-recognised"]
    said = "223 projects were mapped. Of these, 27 projects focus on youth."
    assert [one.mark.value for one in checker.check(said)] == ["printed", "printed"]


def test_a_finding_has_its_reason_its_source_and_what_to_say_instead(checker):
    [one] = checker.check("The matrix has 72 national projects.")
    assert (one.said, one.mark.value) == ("The matrix has 72 national projects", "differs")
    assert (one.reason, one.source) == ("The report prints another number.", "A/72/621, para. 25")
    assert one.instead == "75 projects are national in scope (A/72/621, para. 25)."
    [one] = checker.check("19 youth projects in Africa")
    assert one.reason == "The report’s totals allow several numbers."
    assert one.instead == (
        "Projects on empowering youth in Africa: not stated; A/72/621's totals allow 0 to 27."
    )
    [one] = checker.check("Youth and gender account for 49 projects.")
    assert one.reason == (
        "49 projects on empowering youth or on gender equality and empowering women: 27 + 22, both "
        "in A/72/621, para. 24."
    )
    one, _whole = checker.check("12 per cent of the 223 projects are on youth.")
    assert one.reason == (
        "27 of the 223 projects (12 %) are on empowering youth (A/72/621, para. 24)."
    )
    [one] = checker.check("The UN has more than 270 projects on preventing violent extremism.")
    assert (
        one.mark.value == "other-source" and one.source == "the page of the High-level Conference"
    )


def test_quotations_are_compared_word_for_word(checker):
    said = "“There is no single driver or set of drivers” (A/72/621, para. {})"
    [one] = checker.check(said.format(9))
    assert (one.mark.value, one.source) == ("printed", "A/72/621, para. 9")
    [one] = checker.check(said.format(8))
    assert (one.mark.value, one.source) == ("differs", "A/72/621, para. 9")
    assert one.reason == "These words are not in A/72/621, para. 8."
    [one] = checker.check("The report says: “There is no single cause or set of drivers”.")
    assert (one.mark.value, one.reason) == ("differs", "These words are not in A/72/621.")
    assert one.instead.startswith("“There is no single driver or set of drivers that push or pull")
    # Of another document, or of nobody.
    assert not checker.check("“There is no single cause or set of causes” (A/70/674, para. 9)")
    assert not checker.check("He said: “There is no single cause or set of causes”.")


HOSTILE = {
    "numbers": "27 " * 6_600,
    "numbers with commas": "27, " * 5_000,
    "one digit": "1" * 20_000,
    "lines": "\n27 youth projects" * 1_100,
    "one sentence": "projects on youth 27, in Africa 61, " * 550,
    "quotations": "“the projects focus on youth” " * 600 + "(A/72/621)",
    "open quotations": "“" * 20_000,
    "words": "projects 27 and " * 1_250,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_takes_more_than_a_second(checker, text):
    checker.check("27 youth projects in Africa")
    start = time.process_time()
    assert len(checker.check(text)) <= MOST
    assert time.process_time() - start < 1


def test_queries_do_not_grow_with_the_text(checker, django_assert_max_num_queries):
    checker.check("Kenya has 3 projects. UNESCO has 4 projects.")
    with django_assert_max_num_queries(1):
        checker.check("Somalia has 5 projects. UNDP has 9 projects. Mali has 2. " * 40)
