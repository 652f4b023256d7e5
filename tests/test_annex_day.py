"""The day on which a matrix comes: the whole site is read once sources describe all 223 projects.

The sheet is made up (`tests/annex_truth.py`); it adds up to the 17 totals. The twelve activities
that the report describes are not in it, so nobody knows whether they are among the 223.
"""

import csv
import json
import re
from collections import Counter
from html import unescape

import pytest
from django.db import transaction

from projects.models import Batch

from .annex import PUBLISHED, Walk, figures
from .annex_truth import FILE
from .conftest import member
from .pages import csv_rows, text_of
from .test_contract import EACH
from .test_second_report import API, BELOW, below, text_at

pytestmark = pytest.mark.long

OPENAPI = "/api/v1/openapi.json"

ROWS = [*csv.DictReader(FILE.read_text(encoding="utf-8").splitlines())]
# The two that begin after the report, of 1 December 2017: somebody says that they are in all the
# same.
LATE = (38, 146)
# What is described by a filter on an area, scope or region: the number that the report prints,
# and how many of the twelve activities may be among them.
COUNTED = {
    "priority_area=governance": (40, 0),
    "priority_area=education": (31, 2),
    "priority_area=dialogue": (29, 2),
    "priority_area=youth": (27, 3),
    "priority_area=communications": (23, 4),
    "priority_area=gender": (22, 0),
    "priority_area=communities": (18, 1),
    "priority_area=other": (33, 0),
    "scope=global": (82, 2),
    "scope=regional": (66, 2),
    "scope=national": (75, 1),
    "region=africa": (61, 0),
    "region=mena": (55, 1),
    "region=asia": (22, 1),
    "region=europe": (12, 0),
    "region=americas": (3, 0),
}
TWELVE = [f"/projects/PVE-{number:03}/" for number in range(1, 13)]
# Some of the 223: an entry's number is its row's, after the 223 that were there.
SOME = [f"/projects/PVE-{223 + row}/" for row in (1, 40, 103, 151, 223)]
QUERIES = [
    *COUNTED,
    *("entity=UNDP", "entity=UNESCO", "entity=IOM", "entity=not-stated", "country=NGA"),
    *("country=KEN&country=NGA", "status=ongoing", "year=2016", "q=youth", "in_matrix=yes"),
    *("in_matrix=no", "in_matrix=not-stated", "provenance=confirmed", "provenance=named"),
    *("provenance=counted", "priority_area=youth&region=africa", "scope=national&region=asia"),
    *("priority_area=youth&scope=national&region=africa", "region=africa&region=mena"),
    *("scope=not-stated", "region=not-stated", "entity=UNDP&region=africa", "filled_in=yes"),
]
MORE = [
    *(f"/projects/?{query}" for query in QUERIES),
    *(f"/projects/export.csv?{query}" for query in QUERIES if query != "filled_in=yes"),
    *("/projects/PVE-111/", "/entities/UNDP/", "/entities/IOM/"),
    *("/reports/region/?priority_area=youth", "/reports/scope/?region=africa"),
    *("/reports/priority-area/?entity=UNDP", "/reports/cross-table/?rows=region&columns=scope"),
    *("/projects/export.docx?region=africa", "/projects/export.docx?entity=UNDP"),
    *("/projects/export.xlsx?region=africa", OPENAPI),
    *("/api/v1/changes/", "/api/v1/answers/region/?priority_area=youth"),
    *("/api/v1/projects/?region=africa", "/api/v1/projects/PVE-224/"),
]
# Every page, file and answer of the API but those of editions, which never change.
ADDRESSES = [
    one
    for one in dict.fromkeys([*(one[0] for one in EACH), *API, *MORE, *TWELVE])
    if "edition" not in one
]


def take_in(editor, reviewer, rows: int = 223) -> Batch:
    """Let an editor send the first rows of the sheet as the matrix, and a reviewer publish them."""
    content = b"".join(FILE.read_bytes().splitlines(keepends=True)[: rows + 1])
    walk = Walk(editor, "annex.csv", content, mapped="on")
    # Its columns are the register's: nothing is asked of them, nor of their values.
    walk.map()
    assert walk.step == "match"
    late = [one.place for one in walk.page.context["matching"].matches if one.is_late]
    assert late == [one for one in LATE if one < rows]
    walk.post({f"in-matrix-{place}": "yes" for place in late})
    assert walk.page.context["differences"] == []
    walk.match()
    assert not walk.send().applied_at
    walk.client = reviewer
    walk.go(reviewer.get(walk.address))
    batch = walk.send()
    assert (batch.added, batch.changed, batch.by_name) == (rows, 0, "reviewer")
    assert figures() == PUBLISHED
    return batch


# Examples of answers are of the register as it ships.
EXAMPLES = re.compile(r"<pre.*?</pre>", re.DOTALL)


def words_in(text: str) -> str:
    """Everything that a page or file says: also its descriptions for machines and its names."""
    text = EXAMPLES.sub("", text)
    named = " ".join(re.findall(r'(?:content|alt|title|aria-label)="([^"]*)"', text))
    plain = re.sub(r"</t[dh]>", " ", text)
    return re.sub(r"\s+", " ", unescape(f"{named} {re.sub('<[^>]+>', '', plain)}"))


def without_examples(pairs: list[tuple[str, object]]) -> dict[str, object]:
    return {name: value for name, value in pairs if name not in ("example", "examples")}


def all_words(client, addresses=ADDRESSES) -> dict[str, str]:
    found = {one: text_at(client, one) for one in addresses}
    if OPENAPI in found:
        # Its examples are answers of the register as it ships.
        schema = json.loads(below(found[OPENAPI]), object_pairs_hook=without_examples)
        found[OPENAPI] = f"200{BELOW}{json.dumps(schema)}"
    assert [one for one, text in found.items() if text[:3] not in ("200", "302")] == []
    return {one: words_in(below(text)) for one, text in found.items()}


def places_of(sentences, pages: dict[str, str]) -> dict[str, list[str]]:
    """Where these patterns are found, without those that are nowhere."""
    found = {
        one: [page for page, text in pages.items() if re.search(one, text)] for one in sentences
    }
    return {one: pages for one, pages in found.items() if pages}


# What must be nowhere on that day.
FALSE = [
    r"(?<!began as a table of 223 entries )made to fit",
    *("used to build this table", "counted under", "Do you know"),
    r"\b[1-9]\d* placeholders?\b",
    r"not stated; A/72/621's totals allow",
    "0–27",
    "How many are (both|all of these) is not stated",
    "each range is what its totals allow",
    "In the filled-in table every placeholder has",
    "one of many that the totals allow",
    "how many projects they are is not stated",
    "Outlined: not stated",
    "Placeholders are not searched",
    "^Yes, says its source|(?<!223[?]) Yes, says its source",
    "^A placeholder for one|[)][.] A placeholder for one",
]


MAY_BE = {"1", "2", "3", "4", "12"}


@pytest.fixture(scope="module")
def that_day(django_db_setup, django_db_blocker):
    """The published sheet; each test undoes what it does besides."""
    with django_db_blocker.unblock(), transaction.atomic():
        take_in(member("Editors", "editor"), member("Reviewers", "reviewer"))
        yield
        transaction.set_rollback(True)


def test_no_page_file_or_answer_says_what_is_false_on_that_day(that_day, register, client):
    pages = all_words(client, [*ADDRESSES, *SOME])
    assert places_of(FALSE, pages) == {}
    # Of an area, or of all, nothing that a source says to be in the matrix only may be in it.
    may_be = re.compile(r"(\d+) described activit(?:y|ies) may be")
    assert {one for text in pages.values() for one in may_be.findall(text)} == MAY_BE
    # Of the 223 a source says it; of the twelve the report does not.
    unsaid = "The report does not say whether it is one of the 223."
    assert places_of([unsaid], {page: pages[page] for page in SOME}) == {}
    assert [page for page in TWELVE if unsaid not in pages[page]] == []


def test_each_page_says_what_is_described_on_that_day(that_day, register, client):
    overview = text_of(client, "/")
    assert (
        "It also describes 12 activities, and does not say whether they are among the 223. "
        "All 223 are described here."
    ) in overview
    verdict = "All 223 are described. 17 of 17 totals agree with the report."
    for page in ("/", "/reports/a-72-621/"):
        assert verdict in text_of(client, page), page
    for query, (number, may_be) in COUNTED.items():
        paragraph = 24 if query.startswith("priority_area") else 25
        said = f"para. {paragraph}). All {number} are described here"
        more = {0: "", 1: " 1 described activity may be the same as one of them"}
        said += more.get(may_be, f" {may_be} described activities may be the same as some of them")
        listed = text_of(client, f"/projects/?{query}")
        assert said in listed, query
        if query.startswith("priority_area"):
            assert said.partition("). ")[2] in overview, query
        answer = client.get(f"/api/v1/answers/?{query}").json()["answer"]
        kinds = [answer[one] for one in ("state", "number", "in_matrix", "may_be", "others")]
        assert kinds == ["published", number, number, may_be, 0], query
    listed = {
        "entity=UNESCO": "10 described activities of UNESCO (6 are in the matrix, 4 may be). 6 of "
        "the 223 projects, counted from the confirmed entries.",
        "status=ongoing": "55 described activities are ongoing (51 are in the matrix, 4 may be).",
        "priority_area=youth&region=africa": "Projects on empowering youth in Africa: 6, counted "
        "from the confirmed entries.",
        "in_matrix=yes": "223 entries are in the matrix. Of 12 entries no source says whether they "
        "are in the matrix.",
    }
    for query, said in listed.items():
        assert said in text_of(client, f"/projects/?{query}"), query
    said = "Is it one of the 223? Yes, says its source: Annex made up for tests, row {}."
    for page, row in zip(SOME, (1, 40, 103, 151, 223), strict=True):
        assert said.format(row) in text_of(client, page), page
    # A placeholder that stands for no project any more keeps its page.
    said = "A/72/621 counts 27 projects on empowering youth. This number stands for none now."
    assert said in text_of(client, "/projects/PVE-111/")


def test_the_files_of_that_day_have_the_rows_of_the_sheet(that_day, register, client):
    rows = csv_rows(client.get("/projects/export.csv"))
    known = Counter((row["provenance"], row["in_matrix"]) for row in rows)
    assert known == {("confirmed", "yes"): 223, ("named", "not-stated"): 12}
    columns = [one for one in ROWS[0] if one not in ("reference", "regions_basis")]
    there = [tuple(row[one] for one in columns) for row in rows if row["provenance"] == "confirmed"]
    assert there == [tuple(row[one] for one in columns) for row in ROWS]
    # What both an area and a region have is counted from the entries, cell by cell.
    table = client.get("/api/v1/answers/cross-table/?rows=priority_area&columns=region").json()
    cells = {(one["row"], one["column"]): (one["low"], one["high"]) for one in table["cells"]}
    pairs = [(row["priority_area"], one) for row in ROWS for one in row["regions"].split(";")]
    counts = Counter(pairs)
    for area in {row["priority_area"] for row in ROWS}:
        for region in ("africa", "mena", "asia", "europe", "americas"):
            number = counts[area, region]
            assert cells[area, region] == (number, number), (area, region)
    assert (counts["youth", "africa"], counts["youth", "americas"]) == (6, 0)
