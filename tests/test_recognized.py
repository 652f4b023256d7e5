"""What searches mean, and what their page and the suggestions begin with, in six languages."""

import csv
import re
from html import unescape

import pytest
from django.utils import translation

from projects.asking.recognized import recognized
from pvematrix.pages import PAGES

from .conftest import ROOT

pytestmark = pytest.mark.usefixtures("register")

with (ROOT / "tests/data/searches.csv").open(encoding="utf-8") as stored:
    SEARCHES = [*csv.DictReader(stored)]
# What the page has before the described activities that have the words.
BEGINNING = re.compile(r'<h1>.*?<div class="register', re.DOTALL)
QUOTED = re.compile("[“«「‘](.+?)[”»」’]")


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
    if "Did you mean:" in beginning:
        spelled = QUOTED.search(beginning)
        return f"spelling {spelled[1]}" if spelled else "filters"
    if lead := re.search('<p class="lead">(.*?)</p>', beginning):
        return f"not in report {QUOTED.search(lead[1])[1]}"
    return "nothing"


def test_there_are_many_searches_in_all_languages():
    assert len({(one["query"], one["language"]) for one in SEARCHES}) == len(SEARCHES) == 174
    others = [one for one in SEARCHES if one["language"] != "en"]
    assert (len(others), {one["language"] for one in others}) == (
        74,
        {"fr", "es", "ru", "ar", "zh"},
    )


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
    assert found == {one["query"]: one["expected"] for one in asked}


@pytest.mark.parametrize(
    ("typed", "language", "begins"),
    [
        # Another question than how many projects there are.
        ("how many countries", "en", "nothing"),
        ("projects by country", "en", "nothing"),
        ("combien de pays", "fr", "nothing"),
        # There is no filter for what lies between two years, or was completed in one.
        ("from 2016 to 2018", "en", "filters"),
        ("projects starting 2016 ending 2018", "en", "filters"),
        ("ended by 2018", "en", "filters"),
        ("projects completed in 2018", "en", "filters"),
        # Words in capitals are no codes: AND is not Andorra, ARE not the United Arab Emirates.
        ("WOMEN IN ASIA AND AFRICA", "en", "priority_area=gender&region=africa&region=asia"),
        ("HOW MANY PROJECTS ARE IN AFRICA", "en", "region=africa"),
        ("WHO", "en", "nothing"),
        ("other countries", "en", "nothing"),
        ("other areas", "en", "priority_area=other"),
        ("24", "en", "paragraph 24"),
        ("24 projects", "en", "nothing"),
        ("youth fund", "en", "filters"),
        ("Нигер", "ru", "nothing"),
        ("a/72/621 youth", "en", "priority_area=youth"),
        ("Turkey", "en", "country=TUR"),
        ("?", "en", "nothing"),
    ],
)
def test_what_would_be_another_question_is_none(client, typed, language, begins):
    code = "zh-hans" if language == "zh" else language
    with translation.override(code):
        page = client.get(path(language, "/projects/"), {"q": typed})
        assert first_of(page, typed) == begins


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
