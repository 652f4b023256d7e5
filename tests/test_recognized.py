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
        return f"spelling {QUOTED.search(beginning)[1]}"
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
