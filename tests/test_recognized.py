"""What searches mean, and what their page and the suggestions begin with, in six languages."""

import csv
import re
from collections import Counter
from html import unescape

import pytest
from django.utils import translation

from projects.asking.recognized import recognized
from pvematrix.pages import PAGES

from .conftest import ROOT

pytestmark = pytest.mark.usefixtures("register")

with (ROOT / "tests/data/searches.csv").open(encoding="utf-8") as stored:
    SEARCHES = [*csv.DictReader(stored)]
# The note of a search that does not yet begin with what is expected: what it begins with.
MISSED = "today: "
# What the page has before the described activities that have the words.
BEGINNING = re.compile(r'<h1>.*?<div class="register', re.DOTALL)
QUOTED = re.compile("[“«「‘]\\s*[\u2068]?(.+?)[\u2069]?\\s*[”»」’]")


def path(language: str, rest: str) -> str:
    return rest if language == "en" else f"/{language}{rest}"


def first_of(page, query: str) -> str:
    """Return what the page of a search begins with, as `searches.csv` has it."""
    if page.status_code == 302:
        return f"opens {page['Location'].rstrip('/').rpartition('/')[2]}"
    beginning = unescape(BEGINNING.search(page.content.decode())[0])
    address = re.search(r'<section class="card recognized".*?</section>', beginning, re.DOTALL)
    found = re.findall(r'href="([^"]+)"', address[0]) if address else []
    if found and 'class="button"' in address[0]:
        return found[-1].partition("?")[2] or "all"
    if found:
        place = found[0].removeprefix(path(page["Content-Language"][:2], "")).rstrip("/")
        if "#para-" in place:
            return f"paragraph {place.rpartition('-')[2]}"
        if place == "/elsewhere":
            return f"topic {recognized(query)[0].value}"
        if place == "/report" and recognized(query)[0].kind == "report":
            return f"report {recognized(query)[0].value}"
        return f"page {next(one.name for one in PAGES if one.location == found[0])}"
    if "There is no PVE-" in beginning:
        return "reference end"
    if project := re.search(r"/projects/(PVE-\d+)/", beginning):
        return f"project {project[1]}"
    if offers := re.search(r'<section class="offers".*?</section>', beginning, re.DOTALL):
        spelled = QUOTED.search(offers[0])
        return f"spelling {spelled[1]}" if spelled else "filters"
    if lead := re.search('<p class="lead">(.*?)</p>', beginning):
        return f"not in report {QUOTED.search(lead[1])[1]}"
    return "nothing"


def test_there_are_fifty_searches_in_each_language_and_hardly_one_is_missed():
    assert len({(one["query"], one["language"]) for one in SEARCHES}) == len(SEARCHES) == 377
    number = Counter(one["language"] for one in SEARCHES)
    assert number == {"en": 127, "fr": 50, "es": 50, "ru": 50, "ar": 50, "zh": 50}
    missed = Counter(one["language"] for one in SEARCHES if one["note"].startswith(MISSED))
    assert missed == {"en": 1, "fr": 1, "ar": 1, "zh": 2}


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "fr", "es", "ru", "ar", "zh"])
def test_searches_begin_with_what_they_mean(client, language):
    code = "zh-hans" if language == "zh" else language
    asked = [one for one in SEARCHES if one["language"] == language]
    with translation.override(code):
        found = {
            one["query"]: first_of(
                client.get(path(language, "/projects/"), {"q": one["query"]}), one["query"]
            )
            for one in asked
        }
    expected = {one["query"]: one["expected"] for one in asked}
    missed = [one for one in asked if one["note"].startswith(MISSED)]
    today = {one["query"]: one["note"].removeprefix(MISSED) for one in missed}
    assert found == expected | today
    assert not [query for query, first in today.items() if first == expected[query]]


@pytest.mark.parametrize(
    ("typed", "language", "begins"),
    [
        # Another question than how many projects there are.
        ("how many countries", "en", "nothing"),
        ("combien de pays", "fr", "nothing"),
        # There is no filter for what lies between two years, or was completed in one.
        ("from 2016 to 2018", "en", "filters"),
        ("projects completed in 2018", "en", "filters"),
        # Words in capitals are no codes: AND is not Andorra, ARE not the United Arab Emirates.
        ("WOMEN IN ASIA AND AFRICA", "en", "priority_area=gender&region=africa&region=asia"),
        ("HOW MANY PROJECTS ARE IN AFRICA", "en", "region=africa"),
        ("WHO", "en", "nothing"),
        ("24", "en", "paragraph 24"),
        ("24 projects", "en", "nothing"),
        ("youth fund", "en", "filters"),
        ("Нигер", "ru", "nothing"),
        ("a/72/621 youth", "en", "priority_area=youth"),
        ("?", "en", "nothing"),
    ],
)
def test_what_would_be_another_question_is_none(client, typed, language, begins):
    code = "zh-hans" if language == "zh" else language
    with translation.override(code):
        page = client.get(path(language, "/projects/"), {"q": typed})
        assert first_of(page, typed) == begins


@pytest.mark.parametrize(
    ("typed", "language", "offered"),
    [
        # What a click answers, and how that is known.
        ("jeunese", "fr", ["« jeunes » (27, par. 24)"]),
        ("juventut", "es", ["«juventud» (27, párr. 24)"]),
        ("Афирка", "ru", ["«Африка» (61, п. 25)"]),
        # No English word, and none that means nothing.
        ("entre", "fr", []),
        ("enero", "es", []),
        ("описанном", "ru", []),
        # A word of English is no typing error, whatever is near.
        ("retail", "en", []),
        ("nation", "en", []),
        # Three letters of a root: much is near.
        ("الحال", "ar", []),
        # Of other signs another name.
        ("亚洲经济委员会", "zh", []),
    ],
)
def test_a_typing_error_is_corrected_to_what_means_something(client, typed, language, offered):
    html = client.get(path(language, "/projects/"), {"q": typed}).content.decode()
    section = re.search(r'<section class="offers".*?</section>', html, re.DOTALL)
    items = re.findall(r"<li>(.*?)</li>", section[0]) if section else []
    plain = [unescape(re.sub("<[^>]+>", "", one)).replace("\xa0", " ") for one in items]
    assert [one for one in plain if QUOTED.search(one)] == offered


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("don't zzz", "The report does not contain the words “don&#x27;t” or “zzz”."),
        ("Iran", "The report does not contain the word “Iran”."),
        # Printed as “Syria”, “non-violence” and a symbol.
        ("syria", ""),
        ("nonviolence", ""),
        ("A/RES/70/291", ""),
    ],
)
def test_a_word_that_the_report_lacks_is_named_as_it_was_typed(client, typed, said):
    html = client.get("/projects/", {"q": typed}).content.decode()
    lead = re.search('<p class="lead">(.*?)</p>', html)
    assert (lead[1] if lead else "") == said
