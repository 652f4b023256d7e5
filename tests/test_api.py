"""The API: one answer with the pages, by name, page by page, for anybody's program."""

import json
import os
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from html import unescape
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.test import Client
from hypothesis import given

from projects.history import recording
from projects.models import Project
from projects.vocabulary import PriorityArea

from .conftest import ROOT
from .pages import csv_rows, objects
from .servers import new_database, own_environment, served, serving
from .test_agreement import queries

pytestmark = pytest.mark.usefixtures("register")

V1 = "/api/v1"
OF_EXAMPLES = ROOT / "pvematrix/api/examples.json"
EXAMPLES = json.loads(OF_EXAMPLES.read_text(encoding="utf-8"))
ANALYSTS = (ROOT / "docs/analysts.md").read_text()
# The site that answers in the examples.
SITE = "https://pve.example.org"
LISTS = (
    *("projects", "statements", "paragraphs", "entities"),
    *("countries", "reports", "editions", "changes"),
)
ONES = (
    *("projects/PVE-001", "statements/E07", "entities/UNESCO", "countries/KEN"),
    *("reports/a-72-621", "editions/reconstruction-2017-12"),
)
NUMBERS = ("answers", "answers/scope", "answers/cross-table")
EVERY = [f"{V1}/", *(f"{V1}/{one}/" for one in (*LISTS, *ONES, *NUMBERS))]


@pytest.fixture(autouse=True)
def nobody_has_asked(db):
    caches["limits"].clear()


def every(client, address: str, most: int = 1000) -> list[dict]:
    """All rows of a long answer, by following it to its end."""
    found: list[dict] = []
    following = f"http://testserver{address}"
    while following:
        answer = client.get(following.removeprefix("http://testserver")).json()
        found += answer["results"]
        following = answer["next"]
        assert len(found) <= most
    return found


# One query, one answer


@pytest.mark.postgresql
@pytest.mark.long
@given(query=queries)
def test_it_says_of_a_query_what_the_export_says(query):
    client = Client()
    caches["limits"].clear()
    encoded = urlencode(query, doseq=True)
    page = client.get(f"{V1}/projects/?{encoded}&per_page=500").json()
    is_unknown = (
        page["answer"]["state"] == "range" and page["answer"]["low"] != page["answer"]["high"]
    )
    exported = objects(client, f"{encoded}&described=yes" if is_unknown else encoded)
    assert page["rows"] == len(exported)
    suffix = f"?edition={page['edition']}" if page["edition"] else ""
    counted = dict.fromkeys(("url", "html_url", "reference", "updated_at"))
    assert [
        {name: value for name, value in row.items() if name != "quotations"}
        for row in page["results"]
    ] == [
        row
        | {
            "url": f"http://testserver{V1}/projects/{row['reference']}/{suffix}",
            "html_url": f"http://testserver/projects/{row['reference']}/{suffix}",
        }
        | ({} if row["reference"] else counted)
        for row in exported
    ]
    answer = client.get(f"{V1}/answers/?{encoded}").json()
    same = ("answer", "sentence", "filters", "edition")
    assert [page[name] for name in same] == [answer[name] for name in same]
    for slug in ("priority-area", "region"):
        data = client.get(f"/reports/{slug}.json?{encoded}").json()
        divided = client.get(f"{V1}/answers/{slug}/?{encoded}").json()
        assert [divided[name] for name in ("total", "unit", "rows")] == [
            data[name] for name in ("total", "unit", "rows")
        ]
    numbers = client.get(f"/reports/cross-table.json?{encoded}").json()["numbers"]
    table = client.get(f"{V1}/answers/cross-table/?{encoded}").json()
    for number, cell in zip(numbers, table["cells"], strict=True):
        assert (cell.pop("row") or "", cell.pop("column") or "") == (
            number.pop("priority_area"),
            number.pop("scope"),
        )
        assert cell == number


def test_the_parts_of_the_report_are_those_of_the_pages(client):
    count = len(csv_rows(client.get("/statements.csv")))
    rows = every(client, f"{V1}/statements/?per_page=100")
    assert len(rows) == len({row["code"] for row in rows}) == count == 292
    # How far one is reviewed only staff see, and it does not move the data version.
    assert {*csv_rows(client.get("/statements.csv"))[0]} == {*rows[0]}
    assert "review" not in rows[0]
    paragraphs = every(client, f"{V1}/paragraphs/")
    assert [row["number"] for row in paragraphs][:3] == ["1", "2", "3"]
    assert len(paragraphs) == 60
    found = client.get(f"{V1}/paragraphs/?q=draft").json()["results"]
    assert [row["number"] for row in found] == ["24", "fn4"]
    figures = client.get(f"{V1}/reports/a-72-621/").json()["figures"]
    assert [figures[0][name] for name in ("value", "register", "agrees")] == [223, 223, True]
    assert len(figures) == 17
    assert len(every(client, f"{V1}/countries/?per_page=100")) == 248
    entities = client.get(f"{V1}/entities/").json()["results"]
    (unesco,) = (one["answer"] for one in entities if one["acronym"] == "UNESCO")
    assert [unesco[name] for name in ("in_matrix", "may_be", "others")] == [0, 4, 0]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["address"])
def test_the_examples_are_what_is_answered(client, example):
    response = client.get(example["address"])
    assert response.status_code == 200
    text = response.content.decode().replace("http://testserver", SITE)
    # Editions are published when the register is loaded.
    answer = json.loads(re.sub('(?<="published_at":")[^"]+', "2026-12-01T00:00:00Z", text))
    if most := example.get("first"):
        shortened = {k: v[:most] for k, v in answer.items() if isinstance(v, list)}
        assert shortened
        answer |= shortened
    if os.environ.get("WRITE"):  # with -n 0
        example["answer"] = answer
        OF_EXAMPLES.write_text(json.dumps(EXAMPLES, ensure_ascii=False, indent=1) + "\n")
    assert answer == example["answer"]


def test_the_recipes_are_those_of_the_analysts_page_and_of_this_site(client):
    blocks = re.findall(r"^```\w*\n(.*?)^```$", ANALYSTS, re.DOTALL | re.MULTILINE)
    section = client.get("/api/").content.decode().partition('id="recipes"')[2].partition("<h2")[0]
    shown = re.findall(r"<pre[^>]*><code>(.*?)</code>", section, re.DOTALL)
    assert len(shown) == 3
    for code in shown:
        assert unescape(code).replace("http://testserver", "http://127.0.0.1:8000") in blocks


# Editions and changes


def change(reference: str, reason: str, **values) -> None:
    project = Project.live.get(reference=reference)
    with recording(reason=reason):
        for name, value in values.items():
            setattr(project, name, value)
        project.save()


@pytest.mark.postgresql
def test_what_changed_since_a_moment(client):
    change("PVE-002", "A letter", title="Another title")
    (row,) = client.get(f"{V1}/changes/?since=2026-01-01").json()["results"]
    assert row["reference"] == "PVE-002"
    assert (row["action"], row["reason"]) == ("changed", "A letter")
    assert row["fields"] == [
        {"column": "title", "old": "Young Peacebuilders", "new": "Another title"}
    ]
    assert client.get(f"{V1}/changes/?since=2999-01-01T00:00:00Z").json()["results"] == []
    assert client.get(f"{V1}/changes/?scope=national&entity=UNDP").json()["results"] == []
    old = client.get(f"{V1}/projects/PVE-002/?edition=reconstruction-2017-12").json()
    assert old["title"] == "Young Peacebuilders"


@pytest.mark.long
@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("sort", "twice", "missing"), [("", [], []), ("&sort=title", ["PVE-101"], ["PVE-150"])]
)
def test_what_changes_its_place_may_come_twice_or_be_missing_in_that_order_alone(
    client, make_project, sort, twice, missing
):
    for number in range(100, 160):
        # No area has more than the report counts: all of them hold a place.
        area = "governance" if number < 130 else "other"
        make_project(f"PVE-{number}", title=f"Title {number}", priority_area=area)
    first = client.get(f"{V1}/projects/?per_page=25{sort}").json()
    Project.live.get(reference="PVE-110").delete()
    make_project("PVE-1010", title="Title between")
    change("PVE-101", "For a test", title="Title Z")
    change("PVE-150", "For a test", title="A title")
    rest = every(client, first["next"].removeprefix("http://testserver"))
    came = Counter(row["reference"] for row in [*first["results"], *rest])
    assert [reference for reference in came if came[reference] == 2] == twice
    known = [*(f"PVE-{number}" for number in range(100, 160)), "PVE-1010"]
    assert [one for one in known if one not in came] == missing


@pytest.mark.postgresql
def test_pages_go_on_behind_long_texts_of_any_script(client, make_project):
    title = "Предупреждение " + "\N{BUSTS IN SILHOUETTE}" * 200
    for number in range(100, 130):
        make_project(f"PVE-{number}", title=title)
    rows = every(client, f"{V1}/projects/?sort=title&per_page=25")
    assert [row["reference"] for row in rows] == [f"PVE-{number}" for number in range(100, 130)]


def test_drafts_and_what_is_set_aside_are_not_there(client, make_project):
    make_project("PVE-001", review="draft", entities=["UNESCO"])
    make_project("PVE-002", review="set-aside")
    make_project("PVE-003")
    page = client.get(f"{V1}/projects/").json()
    assert [row["reference"] for row in page["results"]] == ["PVE-003"]
    assert (page["rows"], page["rows_of_report"]) == (1, 1)
    for reference in ("PVE-001", "PVE-002"):
        assert client.get(f"{V1}/projects/{reference}/").status_code == 404
    # Nothing public refers to an entity that only a draft names.
    assert client.get(f"{V1}/entities/UNESCO/").status_code == 404
    changed = client.get(f"{V1}/changes/").json()["results"]
    assert "PVE-001" not in {row["reference"] for row in changed}


# Refusals


@pytest.mark.parametrize(
    ("address", "parameter", "says", "meant"),
    [
        (
            "projects/?scope=natoinal",
            "scope",
            "scope: “natoinal” is not allowed. Allowed: global, regional, national, not-stated.",
            f"{V1}/projects/?scope=national",
        ),
        ("projects/?page=2", "page", "“page=2” is not a parameter.", None),
        (
            "projects/?cursor=WzFd:x",
            "cursor",
            "cursor: “WzFd:x…” is of another query, or was changed. Allowed: the cursor in the",
            None,
        ),
        (
            "changes/?since=2026-02-30",
            "since",
            "“2026-02-30” is not allowed. Allowed: a day or a second in UTC: 2026-11-25 or",
            None,
        ),
        (
            "paragraphs/?number=x",
            "number",
            "Allowed: the number of a paragraph or a footnote, e.g. 24 or fn3.",
            None,
        ),
    ],
)
def test_a_wrong_parameter_is_named(client, address, parameter, says, meant):
    response = client.get(f"{V1}/{address}")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    problem = response.json()
    assert (problem["type"], problem["title"]) == ("about:blank", "Bad Request")
    assert problem["status"] == 400
    (error,) = problem["errors"]
    assert error["parameter"] == parameter
    assert says in error["detail"]
    assert says in problem["detail"]
    assert error.get("address") == meant
    if meant:
        assert client.get(meant).status_code == 200


def test_a_cursor_is_of_one_query(client):
    following = client.get(f"{V1}/projects/?scope=national&per_page=25").json()["next"]
    assert client.get(following).status_code == 200
    other = following.replace("scope=national", "scope=global")
    assert client.get(other).json()["errors"][0]["parameter"] == "cursor"
    statements = following.replace("/projects/?scope=national&", "/statements/?")
    assert client.get(statements).status_code == 400


@pytest.mark.parametrize(
    ("address", "says"),
    [
        (
            "projects/PVE-999/",
            "There is nothing at /api/v1/projects/PVE-999/. What there is: @projects/",
        ),
        ("nothing/", "There is nothing at /api/v1/nothing/. What there is: @"),
        (
            "answers/country/",
            "There is no breakdown by “country”. Allowed: priority-area, scope, region.",
        ),
        ("%0A/", "There is nothing at %%0A/. What there is: @"),
    ],
)
def test_what_is_not_there_is_said_as_data(client, address, says):
    response = client.get(f"{V1}/{address}")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    says = says.replace("@", "http://testserver/api/v1/").replace("%", "/api/v1/", 1)
    assert response.json()["detail"] == says
    assert response["Cache-Control"].endswith("no-store, must-revalidate, private")


def test_what_cannot_be_answered_now_and_what_fails_is_said_as_data(client, monkeypatch):
    def fail(error):
        def raising(*args, **kwargs):
            raise error

        monkeypatch.setattr("pvematrix.api.register.asked_for", raising)

    fail(DatabaseError("database is locked"))
    response = client.get(f"{V1}/answers/")
    assert (response.status_code, response["Content-Type"]) == (503, "application/problem+json")
    assert (response["Retry-After"], response["Access-Control-Allow-Origin"]) == ("5", "*")
    fail(RuntimeError("a fault of ours"))
    client.raise_request_exception = False
    response = client.get(f"{V1}/answers/")
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert response.json()["title"] == "Internal Server Error"


# HTTP


@pytest.mark.parametrize("address", EVERY)
def test_every_address_reads_only_and_brings_no_cookie(client, address):
    response = client.get(address, HTTP_ACCEPT="text/html")
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert not response.cookies
    assert "cookie" not in response.get("Vary", "").lower()
    tag = response["ETag"]
    again = client.get(address, HTTP_IF_NONE_MATCH=tag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    head = client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    options = client.options(address)
    assert (options.status_code, options["Allow"]) == (200, "GET, HEAD, OPTIONS")
    assert options["Access-Control-Allow-Headers"] == "*"
    strict = Client(enforce_csrf_checks=True)
    for method in ("post", "put", "patch", "delete"):
        refused = getattr(strict, method)(address)
        assert (refused.status_code, refused["Content-Type"]) == (405, "application/problem+json")
    for one in (response, again, head, options):
        assert one["Access-Control-Allow-Origin"] == "*"
        assert one["Access-Control-Expose-Headers"] == "*"


@pytest.mark.parametrize("address", ["", "/projects", "/check", "/nothing", "/a%3Fb"])
def test_an_address_without_its_slash_redirects_who_reads_and_loses_nothing_that_is_sent(
    client, address
):
    for method in (client.get, client.head):
        response = method(f"{V1}{address}?scope=global")
        assert (response.status_code, response["Location"]) == (301, f"{V1}{address}/?scope=global")
        assert response["Access-Control-Allow-Origin"] == "*"
    strict = Client(enforce_csrf_checks=True)
    for method in ("post", "put", "patch", "delete", "options"):
        refused = getattr(strict, method)(f"{V1}{address}")
        assert (refused.status_code, refused["Content-Type"]) == (404, "application/problem+json")
        detail = f"There is nothing at {V1}{address}. What there is: http://testserver{V1}/"
        assert refused.json()["detail"] == detail


def test_answers_link_to_the_next_page_and_the_first(client):
    response = client.get(f"{V1}/projects/?scope=national&per_page=50")
    links = dict(re.findall(r'<([^>]+)>; rel="(\w+)"', response["Link"]))
    named = {rel: address for address, rel in links.items()}
    assert named["first"] == "http://testserver/api/v1/projects/?scope=national&per_page=50"
    assert named["next"] == response.json()["next"]
    last = client.get(named["next"])
    assert last.json()["next"] is None
    assert 'rel="next"' not in last["Link"]


@pytest.mark.postgresql
@pytest.mark.long
def test_queries_are_few_however_many_rows(client, settings, django_assert_max_num_queries):
    settings.API_ANSWERS_A_MINUTE = 0  # the database counts on PostgreSQL alone
    for address, most in {
        "projects/": 13,
        "projects/?entity=UNESCO&sort=-title": 14,
        "projects/PVE-001/": 8,
        "answers/?entity=UNESCO": 6,
        "answers/cross-table/": 6,
        "entities/": 7,
        "statements/": 5,
        "changes/?since=2020-01-01": 5,
    }.items():
        with django_assert_max_num_queries(most):
            assert client.get(f"{V1}/{address}").status_code == 200
        # Cached by now, or on its way there: one query, that for the version.
        client.get(f"{V1}/{address}")
        with django_assert_max_num_queries(1):
            assert client.get(f"{V1}/{address}").status_code == 200


# Limits


@pytest.mark.postgresql
def test_above_the_rate_limit_the_answer_has_retry_after(client, settings):
    settings.API_ANSWERS_A_MINUTE = 2
    first = client.get(f"{V1}/answers/?scope=global")
    assert (first["RateLimit-Policy"], first["RateLimit"]) == (
        '"address";q=2;w=60',
        '"address";r=1;t=60',
    )
    assert first["X-Accel-Expires"] == "0"  # or nginx would say it to others
    assert client.get(f"{V1}/answers/?scope=regional").status_code == 200
    refused = client.get(f"{V1}/answers/?scope=national")
    assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused["RateLimit"].startswith('"address";r=0;t=')
    assert refused["Access-Control-Allow-Origin"] == "*"
    assert "Try again in" in refused.json()["detail"]
    # What has not changed costs nothing, and a page for people is no answer of the API.
    same = client.get(f"{V1}/answers/?scope=global", HTTP_IF_NONE_MATCH=first["ETag"])
    assert same.status_code == 304
    assert "RateLimit" not in same
    assert client.get("/projects/?scope=national").status_code == 200
    other = client.get(f"{V1}/answers/?scope=national", REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 200


# The page


def test_the_text_for_assistants_has_every_address_and_a_question_with_its_answer(client):
    text = client.get("/llms.txt").content.decode()
    assert "- GET http://testserver/api/v1/answers/ How many projects match" in text
    assert "- POST http://testserver/api/v1/check/" in text
    paths = client.get(f"{V1}/openapi.json").json()["paths"]
    assert [path for path in paths if f"http://testserver{path} " not in text] == []
    assert text.endswith(
        "How many projects are on empowering youth in Africa?\n"
        "GET http://testserver/api/v1/answers/?priority_area=youth&region=africa\n"
        "“sentence”: Projects on empowering youth in Africa: not stated; A/72/621's totals allow "
        "0 to 27.\n"
    )


def test_paragraphs_are_found_by_their_number(client):
    address = f"{V1}/paragraphs/?document=a-72-621"
    found = client.get(f"{address}&number=24").json()["results"]
    assert [(one["document"], one["number"]) for one in found] == [
        ("a-72-621", "24"),
        ("a-72-621", "fn4"),
    ]
    assert client.get(f"{address}&number=24&q=youth").json()["count"] == 2
    assert client.get(f"{address}&number=999").json()["count"] == 0


@pytest.mark.long
def test_the_page_describes_every_address_parameter_and_shape(client):
    html = client.get("/api/").content.decode()
    schema = client.get(f"{V1}/openapi.json").json()
    paths = schema["paths"]
    assert len(paths) == 21
    for path in paths:
        assert f"<code>{path}</code>" in html
    for anchor in set(re.findall(r'href="#([^"]+)"', html)):
        assert f'id="{anchor}"' in html, anchor


def asked_from(visitor: str, address: str) -> tuple[int, str]:
    """Ask a server behind a proxy that says who asks it; gives the status and what is left."""
    try:
        with urlopen(Request(address, headers={"X-Forwarded-For": visitor})) as response:
            return response.status, response.headers["RateLimit"]
    except HTTPError as error:
        with error:
            return error.code, error.headers["RateLimit"]


@pytest.mark.long
@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor == "sqlite", reason="there each process counts for itself")
def test_two_sites_count_who_asks_the_api_together(tmp_path):
    own = {"API_ANSWERS_A_MINUTE": "5", "BEHIND_PROXY": "on"}
    with (
        new_database(tmp_path, filled=True) as url,
        served(tmp_path, DATABASE_URL=url, **own) as first,
        serving(own_environment(tmp_path) | own | {"DATABASE_URL": url}) as second,
    ):
        said = []
        # None is asked for twice: what is kept would not count.
        for site, area in zip([first, second] * 3, PriorityArea.values, strict=False):
            said.append(asked_from("192.0.2.1", f"{site}/api/v1/answers/?priority_area={area}"))
        # Now all at the same moment.
        addresses = [
            f"{site}/api/v1/answers/?status=planned&year={year}"
            for year in range(2001, 2011)
            for site in (first, second)
        ]
        with ThreadPoolExecutor(20) as readers:
            statuses = [
                status for status, _left in readers.map(partial(asked_from, "192.0.2.2"), addresses)
            ]
    assert sorted(statuses) == [200] * 5 + [429] * 15
    assert [(status, re.match(r'"address";r=(\d);t=\d+\Z', left)[1]) for status, left in said] == [
        *((200, "4"), (200, "3"), (200, "2"), (200, "1"), (200, "0"), (429, "0"))
    ]
