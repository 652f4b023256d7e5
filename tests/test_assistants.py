"""The operations of assistants: 120 questions over HTTP, and what careless clients send.

`tests/data/questions.csv` has a question on a line, as a person asks it, and the arguments that an
assistant sends. `must` and `must_not` are texts of the answer, with “ | ” between them. They are
from the report or from docs/contract.md. Only questions that lead to a wrong answer have a
`must_not`.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

import pytest
from django.core.cache import caches

from projects.history import unrecorded
from projects.models import Project
from reports.models import Statement

from .conftest import ROOT
from .pages import queries_of

pytestmark = pytest.mark.usefixtures("register")

V1 = "/api/v1"
OPERATIONS = f"{V1}/assistants"
FACETS = ["priority_area", "scope", "region", "entity", "status", "country", "year"]
# The parameters of each operation, in the order of its messages.
PARAMETERS = {
    "answer": FACETS,
    "breakdown": [*FACETS, "by"],
    "search": ["q", *FACETS, "starts", "ends", "per_page", "cursor"],
    "source": ["q", "number", "per_page", "cursor", "document"],
    "statements": ["q", "kind", "priority_area", "entity", "theme", "per_page", "cursor"],
}
NO_FILTERS = {"by", "document", "per_page", "cursor"}
LACKS = "This register has no money, donors or results of the projects that the report counts."
COUNTED = re.compile("project|activit|entr|placeholder|statement|paragraph|count", re.IGNORECASE)
# What a sentence names besides the numbers that it gives: its report, and where that is printed.
CITED = re.compile(r"A/72/621|paras?\. [\d, and]+")

with open(ROOT / "tests/data/questions.csv", encoding="utf-8", newline="") as file:
    QUESTIONS = list(csv.DictReader(file))


def texts(joined: str) -> list[str]:
    return joined.split(" | ") if joined else []


def objects_in(value: Any) -> Iterator[dict]:
    """Yield every object of an answer, however deep it is."""
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value:
        if isinstance(one, dict | list):
            yield from objects_in(one)


def every(client, address: str) -> list[dict]:
    """Return the rows of all pages that “next” leads to."""
    found, following = [], address
    while following:
        page = client.get(following).json()
        found += page["results"]
        following = page["next"]
    return found


def test_the_file_has_120_questions_and_half_of_them_lead_to_a_wrong_answer():
    assert [*QUESTIONS[0]] == ["question", "operation", "arguments", "status", "must", "must_not"]
    assert len({one["question"] for one in QUESTIONS}) == len(QUESTIONS) == 120
    assert Counter(one["operation"] for one in QUESTIONS) == {
        **{"answer": 48, "breakdown": 17, "search": 25, "source": 15, "statements": 15}
    }
    # Wrong or invented arguments, and arguments that are right of a question that is not.
    refused = [one for one in QUESTIONS if one["status"] == "400"]
    leading = [one for one in QUESTIONS if one["status"] == "200" and one["must_not"]]
    assert (len(refused), len(leading)) == (43, 20)
    # In French, Spanish, Arabic, Russian and Chinese.
    assert sum(not one["question"].isascii() for one in QUESTIONS) == 15
    assert all(one["must"] for one in QUESTIONS)


def problems_of(row: dict, status: int, content: bytes) -> list[str]:
    """Return what is wrong with the answer to a question."""
    text, operation, given = content.decode(), row["operation"], json.loads(row["arguments"])
    answer, problems = json.loads(text), []
    if str(status) != row["status"]:
        return [f"status {status}: {text[:300]}"]
    problems += [f"lacks {part}" for part in texts(row["must"]) if part not in text]
    problems += [f"has {part}" for part in texts(row["must_not"]) if part in text]
    if status == 400:
        unknown = {*given} - {*PARAMETERS[operation]}
        allowed = ", ".join(PARAMETERS[operation]) if unknown else ""
        if f"Allowed: {allowed}" not in answer["detail"]:
            problems.append(f"does not say what is allowed: {answer['detail']}")
        if bool(unknown) != (LACKS in answer["detail"]):
            problems.append("names what the register lacks of an unknown parameter alone")
        return problems
    first = next(iter(answer))
    if first != "filters_in_words" or len(content) > 25_000:
        problems.append(f"begins with {first}, {len(content)} bytes")
    filters = {name: values for name, values in given.items() if name not in NO_FILTERS}
    for name, values in filters.items():
        for value in values if isinstance(values, list) else [values]:
            if f"{name}={value}" not in answer["filters_in_words"]:
                problems.append(f"does not name {name}={value}")
    if not filters and answer["filters_in_words"] != f"Without a filter. {LACKS}":
        problems.append(answer["filters_in_words"])
    if len(answer.get("results", [])) > int(given.get("per_page", "5")):
        problems.append(f"{len(answer['results'])} results")
    return problems + problems_of_numbers(answer)


def problems_of_numbers(answer: dict) -> list[str]:
    problems = []
    for part in objects_in(answer):
        if part.get("state") in ("range", "described") and part["number"] is not None:
            problems.append(f"a number that is not stated: {part}")
        if not (sentence := part.get("sentence")):
            continue
        if "A/72/621" not in sentence or not COUNTED.search(sentence):
            problems.append(f"no source or noun: {sentence}")
        known = part.get("answer", {})
        if known.get("state") == "range" and "total" not in part:
            ends = ("low", "high", "word_for_word_low", "word_for_word_high")
            numbers = {int(number) for number in re.findall(r"\d+", CITED.sub("", sentence))}
            if not {known["low"], known["high"]} <= numbers <= {known[end] for end in ends}:
                problems.append(f"other numbers than its range: {sentence}")
    return problems


@pytest.mark.long
def test_every_question_is_answered_by_what_is_true(live_server):
    def get(address: str) -> tuple[int, bytes]:
        try:
            response = urlopen(f"{live_server.url}{address}", timeout=20)
        except HTTPError as refused:
            response = refused
        with response:
            return response.status, response.read()

    # Other tests asked within this minute, too.
    caches["limits"].clear()
    wrong, compared = {}, 0
    for row in QUESTIONS:
        query = urlencode(json.loads(row["arguments"]), doseq=True)
        status, content = get(f"{OPERATIONS}/{row['operation']}/?{query}")
        problems = problems_of(row, status, content)
        if (row["operation"], status) == ("answer", 200):
            same = json.loads(get(f"{V1}/answers/?{query}")[1])
            answer = json.loads(content)
            if {**answer, **same} != answer:
                problems.append(f"elsewhere: {same['sentence']}")
            compared += 1
        if problems:
            wrong[row["question"]] = problems
    assert not wrong, "\n".join(f"{question} {problems}" for question, problems in wrong.items())
    assert compared == 29


def test_a_search_for_money_donors_or_results_says_that_there_are_none(client):
    for words in ("budget", "donors", "results", "how much money", "budget of NET-MED Youth"):
        answer = client.get(f"{OPERATIONS}/search/", {"q": words}).json()
        assert (answer["notes"], answer["results"]) == ([LACKS], []), words
    text = {"document": "a-72-621", "q": "budget"}
    answer = client.get(f"{OPERATIONS}/source/", text).json()
    assert answer["sentence"] == f"No paragraph of A/72/621 matches. {LACKS}"
    answer = client.get(f"{OPERATIONS}/statements/?q=donors").json()
    assert answer["sentence"] == f"No statement matches. Report: A/72/621. {LACKS}"


def test_several_words_that_find_nothing_are_no_silence_of_the_report(client):
    said = "A search finds what has all of its words: search for fewer."
    asked = {"document": "a-72-621", "q": "what does the report say on women"}
    answer = client.get(f"{OPERATIONS}/source/", asked).json()
    assert answer["sentence"] == f"No paragraph of A/72/621 matches. {said}"
    del asked["document"]
    answer = client.get(f"{OPERATIONS}/statements/", asked).json()
    assert answer["sentence"] == f"No statement matches. Report: A/72/621. {said}"
    assert client.get(f"{OPERATIONS}/search/", asked).json()["notes"] == [said]
    # Words that say nothing, and one that the report lacks, are reasons of their own.
    answer = client.get(f"{OPERATIONS}/statements/?q=women+in+football").json()
    assert answer["sentence"].endswith("The report does not contain the word “football”.")
    meant = client.get(f"{OPERATIONS}/search/?q=how+many+youth+projects").json()
    assert (meant["notes"], len(meant["recognized"])) == ([], 1)


def test_a_value_that_is_given_again_is_named_once(client):
    answer = client.get(f"{OPERATIONS}/answer/?scope=global&region=africa&scope=global").json()
    assert answer["filters_in_words"] == "Filters: scope=global, region=africa."


def test_next_gives_all_described_activities_once(client):
    first = client.get(f"{OPERATIONS}/search/").json()
    assert len(first["results"]) == 5
    rows = every(client, f"{OPERATIONS}/search/")
    assert [row["reference"] for row in rows] == [f"PVE-{n:03}" for n in range(1, 13)]
    rows = every(client, f"{OPERATIONS}/search/?entity=UNESCO&entity=UNAOC")
    assert [row["reference"] for row in rows] == [
        *("PVE-001", "PVE-002", "PVE-004", "PVE-005", "PVE-006", "PVE-008")
    ]
    # A cursor is of its own query and operation.
    cursor = urlsplit(first["next"]).query
    for other in ("search/?scope=global&", "statements/?"):
        wrong = client.get(f"{OPERATIONS}/{other}{cursor}")
        assert wrong.status_code == 400
        assert wrong.json()["detail"].startswith("cursor: “")


def test_no_row_has_a_value_that_no_source_states(client):
    rows = every(client, f"{OPERATIONS}/search/")
    assert {row["in_matrix"] for row in rows} == {"not-stated"}
    known = {row["reference"]: (row["scope"], row["regions"]) for row in rows}
    assert {reference for reference, (scope, _r) in known.items() if scope != "not-stated"} == {
        *("PVE-001", "PVE-002", "PVE-006", "PVE-007", "PVE-010")
    }
    stated = {reference: regions for reference, (_s, regions) in known.items() if regions}
    assert stated.pop("PVE-012") == ["mena", "asia"]
    assert {*map(tuple, stated.values())} == {("not-stated",)}
    assert "Unidentified project" not in str(rows)


@pytest.mark.long
def test_what_is_said_comes_before_bodies_and_documents(client):
    first = client.get(f"{OPERATIONS}/statements/?q=women").json()
    assert (first["count"], [row["code"] for row in first["results"]]) == (
        16,
        ["G24", "G04", "M06", "F21", "F22"],
    )
    kinds = [row["kind"] for row in every(client, f"{OPERATIONS}/statements/?per_page=25")]
    assert " ".join(dict.fromkeys(kinds)) == (
        "practice lesson experience driver finding count fact need measure plan event observance "
        "body document theme step detail"
    )


@pytest.mark.long
def test_quotations_and_paragraphs_are_whole(client):
    statements = every(client, f"{OPERATIONS}/statements/?per_page=25")
    same = every(client, f"{V1}/statements/?per_page=500")
    assert len(statements) == 292
    quoted = {one["code"]: one["quotation"] for one in same}
    assert {one["code"]: one["quotation"] for one in statements} == quoted
    text = (ROOT / "fixtures/a-72-621.json").read_text()
    paragraphs = [one["fields"] for one in json.loads(text) if one["model"] == "reports.paragraph"]
    address = f"{OPERATIONS}/source/?document=a-72-621"
    for one in (paragraphs[23], paragraphs[24], paragraphs[-1]):
        results = client.get(f"{address}&number={one['number']}").json()["results"]
        assert one["text"] in [row["text"] for row in results]


def test_drafts_and_what_is_set_aside_are_in_no_answer(client, draft):
    with unrecorded("the test sets the scene"):
        Project.live.filter(reference="PVE-010").update(review="set-aside")
        Statement.live.filter(code="G19").update(review="draft")
    rows = every(client, f"{OPERATIONS}/search/")
    references = {row["reference"] for row in rows}
    assert len(rows) == 11 and not references & {"PVE-010", "PVE-224"}
    for words in ("Unpublished undertaking", "Tech Against Terrorism", "PVE-224", "PVE-010"):
        assert client.get(f"{OPERATIONS}/search/", {"q": words}).json()["results"] == [], words
    # An entity that only a draft names is not in the directory.
    for name in ("answer/?", "breakdown/?by=scope&", "search/?"):
        wrong = client.get(f"{OPERATIONS}/{name}entity=ITU")
        assert (wrong.status_code, "ITU, " in wrong.json()["detail"]) == (400, False)
        assert "no project of this register names “ITU”" in wrong.json()["detail"]
    answer = client.get(f"{OPERATIONS}/answer/?entity=CTED").json()["answer"]
    assert (answer["state"], answer["may_be"]) == ("described", 1)
    gender = client.get(f"{OPERATIONS}/statements/?priority_area=gender&per_page=25").json()
    assert gender["count"] == 8
    assert "G19" not in {row["code"] for row in gender["results"]}


# What careless and hostile clients send.


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("answer/?priority_area=&scope=", 200, "223 projects (A/72/621, paras. 22 and 24)."),
        ("answer/?utm_source=x", 200, "223 projects (A/72/621, paras. 22 and 24)."),
        ("answer/?scope=global&scope=global", 200, "82 projects are global in scope"),
        ("answer/?donor=", 400, "address: “donor=” is not a parameter."),
        ("answer/?priority_area[]=youth", 400, "Did you mean priority_area=youth?"),
        ("answer/?%00=x", 400, "address: “\\x00=x” is not a parameter."),
        ("answer/?scope=%00", 400, "scope: “\\x00” is not allowed."),
        ("answer/?scope=%FF", 400, "Allowed: global, regional, national, not-stated."),
        ("answer/?country=Kenya&country=KEN", 400, "Did you mean country=KEN?"),
        ("answer/?year=0", 400, "year: “0” is not allowed."),
        (f"answer/?year={'9' * 5000}", 400, "Allowed: a year of four digits."),
        ("breakdown/?by=", 400, "by: not given, needed."),
        ("breakdown/?by=scope&by=", 200, "82 of the 223 projects (37 %) are global in scope"),
        ("breakdown/?by=scope&q=women", 400, "“q=women” is not a parameter."),
        ("breakdown/scope/", 404, "There is nothing at"),
        ("search/?q=%20", 200, "223 projects (A/72/621, paras. 22 and 24)."),
        ("search/?q=%22", 200, "No described activity contains “”."),
        (f"search/?{'&'.join('q=a' for _n in range(11))}", 400, "“a…” has 11 words."),
        ("search/?per_page=5&per_page=25", 400, "per_page: given 2 times, allowed once."),
        (f"search/?cursor={'x' * 5000}", 400, "is not allowed. Allowed: the cursor in"),
        ("source/?document=a-72-621&document=a-72-621&number=24", 400, "given 2 times"),
        ("source/?document=..%2F..%2Fetc%2Fpasswd&number=1", 400, "Allowed: a-72-621."),
        ("source/?document=a-72-621&number=9999", 200, "No paragraph of A/72/621 matches."),
        ("source/?document=a-72-621&number=024", 400, "e.g. 24 or fn3."),
        ("source/?document=a-72-621&number=&q=", 400, "one is needed."),
        ("statements/?theme=T99", 400, "Allowed: T01, T02, T03, T04, T05, T06, T07."),
        ("statements/?q=%1B", 400, "character 1 is a control character (U+001B)"),
        ("donors/", 404, "What there is: http://testserver/api/v1/"),
        ("answer%2F", 200, "223 projects (A/72/621, paras. 22 and 24)."),
        ("answer%2Fyouth/", 404, "There is nothing at"),
        ("answer//", 404, "There is nothing at"),
    ],
)
def test_what_careless_clients_send_is_answered_clearly(client, address, status, said):
    response = client.get(f"{OPERATIONS}/{address}", follow=True)
    answer = response.json()
    assert response.status_code == status
    assert said in answer["sentence" if status == 200 else "detail"]
    kind = "application/json" if status == 200 else "application/problem+json"
    assert response["Content-Type"] == kind


def test_the_operations_only_read_and_are_in_english_alone(client):
    for name, query in {
        **{"answer": "", "breakdown": "by=scope", "search": "", "statements": ""},
        "source": "document=a-72-621&number=24",
    }.items():
        address = f"{OPERATIONS}/{name}/?{query}"
        first = client.get(address)
        assert first.status_code == 200
        assert client.get(address, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
        for method in ("post", "put", "patch", "delete"):
            refused = getattr(client, method)(address)
            assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert client.get(f"/fr{address}").status_code == 404
        assert client.get(address, HTTP_ACCEPT_LANGUAGE="fr").content == first.content


@pytest.mark.postgresql
@pytest.mark.long
def test_queries_do_not_grow_with_rows(client, many_projects, settings):
    settings.API_ANSWERS_A_MINUTE = 0  # the database counts on PostgreSQL alone
    addresses = [
        *("answer/", "answer/?entity=UNESCO", "answer/?priority_area=youth&region=africa"),
        *("breakdown/?by=scope", "breakdown/?by=region&entity=OCT", "search/?per_page=25"),
        *("search/?q=project&per_page=25", "search/?q=drones&entity=UNESCO"),
    ]

    def counts() -> dict[str, int]:
        return {one: queries_of(client, f"{OPERATIONS}/{one}") for one in addresses}

    many_projects(30)  # more than a page
    few = counts()
    many_projects(60, start=2000)
    assert counts() == few
    assert max(few.values()) <= 15


@pytest.mark.postgresql
def test_queries_of_the_report_do_not_grow_with_rows(client, settings):
    settings.API_ANSWERS_A_MINUTE = 0  # the database counts on PostgreSQL alone
    text = "source/?document=a-72-621"
    for warm, few, many in (
        (f"{text}&number=2", f"{text}&number=1", f"{text}&q=violent&per_page=25"),
        ("statements/?kind=plan", "statements/?kind=need", "statements/?per_page=25"),
    ):
        client.get(f"{OPERATIONS}/{warm}")
        counts = [queries_of(client, f"{OPERATIONS}/{one}") for one in (few, many)]
        assert counts[0] == counts[1] <= 8, few
