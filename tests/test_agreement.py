"""One question, one number: random queries get the same answer by every path."""

import re
from urllib.parse import urlencode

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given
from hypothesis import strategies as st

from projects.cube import VOCABULARIES
from projects.models import Project
from projects.vocabulary import REGION_COLUMNS

from .pages import body, book_of, csv_rows, facet_of, references_in, total_of

pytestmark = [pytest.mark.usefixtures("register"), pytest.mark.postgresql]

VALUES = {
    "priority_area": [*VOCABULARIES["priority_area"].values, "not-stated"],
    "scope": [*VOCABULARIES["scope"].values, "not-stated"],
    "region": [*VOCABULARIES["region"].values, "not-stated"],
    "entity": ["UNESCO", "UNAOC", "CTED", "UNDP", "not-stated"],
    "status": VOCABULARIES["status"].values,
    "provenance": VOCABULARIES["provenance"].values,
    "country": ["KEN", "not-stated"],
    **{"year": ["2017"], "starts": ["2013", "2017"], "ends": ["2017"]},
    "priority_area_basis": ["stated", "inferred", "not-stated"],
    "scope_basis": ["stated", "inferred", "not-stated"],
    "regions_basis": ["stated", "inferred", "not-stated"],
    "q": [
        "youth",
        "project 1",
        "unesco",
        "É",
        "of 27",
        "%",
        "zzz",
        "net med",
        '"of 27"',
        "un-women",
        "a_b c-%",
    ],
    "sort": ["title", "-title", "scope", "-updated", "status", "relevance"],
}
SINGLE = {"sort", "q"}
EDITION = {"edition": ["reconstruction-2017-12"]}
queries = st.fixed_dictionaries(
    {},
    optional={
        name: st.lists(
            st.sampled_from(values), min_size=1, max_size=1 if name in SINGLE else 3, unique=True
        )
        for name, values in VALUES.items()
    },
)


@pytest.mark.long
@example(query={"region": ["mena"], "sort": ["-title"]})
@example(query={"scope": ["national"], "q": ["of 27"], **EDITION})
@given(query=queries)
def test_every_file_and_the_api_have_what_the_list_has(query, register):
    client = Client()
    caches["limits"].clear()
    query = query | {"filled_in": ["yes"]}
    encoded = urlencode(query, doseq=True)
    html = client.get(f"/projects/?{encoded}").content.decode()
    total = total_of(html)
    rows = csv_rows(client.get(f"/projects/export.csv?{encoded}"))
    references = [row["reference"] for row in rows]
    assert len(references) == total
    book = book_of(client.get(f"/projects/export.xlsx?{encoded}"))
    assert [c.value for c in book["Codes"]["A"]] == ["reference", *references]
    assert references_of_api(client, encoded) == references


def references_of_api(client, encoded: str, key: str = "reference") -> list[str]:
    """What the API has, page by page."""
    found, following = [], f"/api/v1/projects/?{encoded}&per_page=100"
    while following:
        page = client.get(following).json()
        found += [row[key] for row in page["results"]]
        following = page["next"]
    return found


def listed(answer: dict) -> int:
    """How many described entries a list has: in the matrix, perhaps there, and others."""
    return answer["in_matrix"] + answer["may_be"] + answer["others"]


@pytest.mark.long
@example(query={"region": ["mena"], "sort": ["-title"]})
@example(query={"scope": ["global", "national"]})
@example(query={"scope": ["not-stated"], "sort": ["scope"]})
@given(query=queries)
def test_rows_are_the_same_everywhere_and_no_list_shows_what_is_only_counted(query, register):
    client = Client()
    caches["limits"].clear()
    encoded = urlencode(query, doseq=True)
    html = client.get(f"/projects/?{encoded}").content.decode()
    of_api = references_of_api(client, encoded, "title")
    first = client.get(f"/api/v1/projects/?{encoded}").json()
    assert first["rows"] == first["rows_of_report"] == len(of_api)
    file = client.get(f"/projects/export.csv?{encoded}")
    if file.status_code == 409:
        assert first["answer"]["state"] == "range"
        assert client.get(f"/projects/export.xlsx?{encoded}").status_code == 409
        rows = csv_rows(client.get(f"/projects/export.csv?{encoded}&described=yes"))
    else:
        rows = csv_rows(file)
        book = book_of(client.get(f"/projects/export.xlsx?{encoded}"))
        assert [c.value for c in book["Codes"]["B"]][1:] == [row["title"] for row in rows]
    assert [row["title"] for row in rows] == of_api
    shown = [row["reference"] for row in rows if row["provenance"] != "counted"]
    if "counted" not in query.get("provenance", ()) and "q" not in query:
        assert total_of(html) == len(shown) == listed(first["answer"])
        assert references_in(html) == shown[:25]


@pytest.mark.long
@given(query=queries, facet=st.sampled_from([name for name in VALUES if name not in SINGLE]))
def test_a_facets_counts_are_what_the_list_shows(query, facet):
    client = Client()
    opened = urlencode(query | {"open": [facet]}, doseq=True)
    html = client.get(f"/projects/?{opened}").content.decode()
    counts = facet_of(html, facet)
    # Of countries and years only those that occur are shown.
    assert facet in ("country", "year", "starts", "ends") or counts.keys() >= {*VALUES[facet]}
    for slug, count in counts.items():
        if slug in VALUES[facet]:
            assert str(count) == number_of(answer_of(client, query | {facet: [slug]}))


@pytest.mark.long
@given(query=queries)
def test_every_bar_links_to_as_many_projects_as_it_counts(query):
    client = Client()
    encoded = urlencode(query, doseq=True)
    for slug in ("priority-area", "scope", "region"):
        html = client.get(f"/reports/{slug}/?{encoded}").content.decode()
        data = client.get(f"/reports/{slug}.json?{encoded}").json()
        numbers = {row["label"]: number_of(row) for row in data["rows"]}
        links = re.findall(
            r'<th scope="row"><a href="([^"]+)">([^<]+)</a>.*?<td class="number (\w+)"><b><bdi>'
            r"([^<]+)</bdi>",
            html,
            re.DOTALL,
        )
        chosen = query.get(slug.replace("-", "_"))
        # What is not stated is no value, so it has no row.
        assert len(links) == (len({*chosen} - {"not-stated"}) if chosen else len(numbers))
        for address, label, state, shown in links[::3]:
            assert numbers[label.replace("&amp;", "&")] == shown
            if state == "published":
                (query_string,) = re.findall(r"\?(.*)", address.replace("&amp;", "&"))
                answer = client.get(f"/api/v1/projects/?{query_string}").json()
                assert answer["rows_of_report"] == int(shown), address
            elif state == "described":
                listed = client.get(address.replace("&amp;", "&")).content.decode()
                assert total_of(listed) == int(shown), address


# How a number is known

questions = st.one_of(
    queries,
    *(
        st.fixed_dictionaries(
            {},
            optional={
                name: st.lists(st.sampled_from(VALUES[name]), min_size=1, max_size=8, unique=True)
                for name in names
            },
        )
        for names in (
            ["priority_area"],
            ["scope"],
            ["region"],
            ["priority_area", "scope", "region"],
        )
    ),
)


def answer_of(client, query) -> dict:
    """How the number of a query is known, as the API has it."""
    caches["limits"].clear()
    return client.get(f"/api/v1/answers/?{urlencode(query, doseq=True)}").json()["answer"]


def number_of(answer) -> str:
    """The number or range as pages show it."""
    if answer["state"] == "published":
        return str(answer["number"])
    if answer["state"] == "described":
        return str(listed(answer))
    if answer["state"] == "entries":
        return "?" if answer["entries"] is None else str(answer["entries"])
    low, high = answer["low"], answer["high"]
    return str(low) if low == high else f"{low}–{high}"


def is_printed(query) -> bool:
    """Whether the report prints it: all, a set of areas or of scopes, or one region alone."""
    conditions = {
        name: values
        for name, values in query.items()
        # All areas and all scopes leave nothing out; not every project has a region.
        if name != "sort"
        and not (name in ("priority_area", "scope") and {*values} >= {*VOCABULARIES[name].values})
        # Nor do the scopes that a project with a region can have.
        and not (name == "scope" and "region" in query and {*values} >= {"regional", "national"})
    }
    if not conditions:
        return True
    ((name, values), *others) = conditions.items()
    single = name in ("priority_area", "scope") or (
        name == "region" and len(values) == 1 and values != ["not-stated"]
    )
    return single and not others and "not-stated" not in values


@pytest.mark.long
@example(query={"scope": ["global", "regional", "national"], "region": ["africa"]})
@example(query={"region": ["mena"], "scope": ["national", "regional"]})
@example(query={"region": ["africa", "mena"]})
@given(query=questions)
def test_every_answer_is_of_one_state_and_within_its_range(query):
    client = Client()
    answer = answer_of(client, query)
    assert (answer["state"] == "published") == is_printed(query) == (answer["number"] is not None)
    if answer["state"] == "range":
        assert 0 <= answer["low"] <= answer["high"] <= 223
        assert (answer["low"] == answer["high"]) == (answer["why"] is not None)
    if answer["state"] == "entries" and answer["entries"] is not None:
        assert listed(answer) + answer["placeholders"] == answer["entries"]
    html = client.get(f"/projects/?{urlencode(query, doseq=True)}").content.decode()
    assert f'<div class="answered {answer["state"]}">' in html
    rows = client.get(f"/api/v1/projects/?{urlencode(query, doseq=True)}").json()
    if answer["state"] == "published":
        assert rows["rows_of_report"] == int(number_of(answer))  # as the register ships
    if "counted" not in query.get("provenance", ()) and "q" not in query:
        assert total_of(html) == listed(answer)


@pytest.mark.long
@example(query={"region": ["africa", "mena"]}, pair=["scope", "region"])
@example(query={"region": [*VALUES["region"]]}, pair=["priority_area", "region"])
@example(query={"region": ["not-stated"]}, pair=["scope", "region"])
@example(query={"region": ["americas", "not-stated"]}, pair=["scope", "region"])
@example(query={}, pair=["priority_area", "scope"])
@example(query={"scope": ["national"], "entity": ["UNDP"]}, pair=["priority_area", "scope"])
@example(query={"region": ["mena"]}, pair=["region", "priority_area"])
@example(query=EDITION, pair=["region", "scope"])
@given(query=questions, pair=st.permutations(["priority_area", "scope", "region"]))
def test_breakdown_and_cross_table_say_of_a_number_what_the_list_says_of_it(query, pair):
    client = Client()
    query = {name: values for name, values in query.items() if name != "sort"}
    rows, columns = pair[:2]

    def asked_for(**places: str) -> dict | None:
        """The query of a cell; None where the list cannot ask for both of two regions."""
        asked = dict(query)
        for name, value in places.items():
            if value and value not in query.get(name, [value]):
                return None
            if value:
                asked[name] = [value]
            elif name == "region":
                # No table counts those without a region.
                if query.get(name) == ["not-stated"]:
                    return None
                chosen = [one for one in query.get(name, []) if one != "not-stated"]
                asked[name] = chosen or [one for one in VALUES[name] if one != "not-stated"]
        return asked

    def compare(number: dict, **places: str) -> None:
        asked = asked_for(**places)
        if asked is not None:
            answer = answer_of(client, asked)
            assert answer == {name: number[name] for name in answer}, asked

    encoded = urlencode(query, doseq=True)
    for slug in ("scope", "region"):
        data = client.get(f"/reports/{slug}.json?{encoded}").json()
        for row in data["rows"][:2]:
            compare(row, **{slug: row["slug"]})
    layout = {"rows": rows, "columns": columns, **query}
    encoded = urlencode(layout, doseq=True)
    numbers = client.get(f"/reports/cross-table.json?{encoded}").json()["numbers"]
    for number in [*numbers[:: max(1, len(numbers) // 3)], numbers[-2], numbers[-1]]:
        compare(number, **{name: number[name] for name in (rows, columns)})


@example(text="q=\ufdfa", address="/projects/")
@example(text="q=%CC%81", address="/projects/")
@example(text="q=%1F&q=x", address="/projects/export.csv")
@example(text="page=²", address="/projects/")
@given(
    text=st.one_of(
        st.text(max_size=60),
        st.lists(
            st.tuples(st.sampled_from([*VALUES, "page", "per_page", "x"]), st.text(max_size=20)),
            max_size=5,
        ).map(urlencode),
    ),
    address=st.sampled_from(
        [
            *("/", "/projects/", "/projects/PVE-001/", "/projects/export.csv", "/about/"),
            "/projects/export.xlsx",
            *("/reports/region/", "/reports/region.json", "/reports/cross-table/"),
        ]
    ),
)
def test_no_query_string_whatsoever_gives_a_500(text, address):
    raw = text.encode("utf-8", "surrogatepass").decode("latin-1")
    response = Client().get(address, QUERY_STRING=raw)
    assert response.status_code in (200, 400, 404)
    body(response)


@given(query=queries)
def test_the_cube_equals_plain_counts_and_takes_one_query(query):
    conditions = {
        name: values for name, values in query.items() if name in ("entity", *VOCABULARIES)
    }
    projects = Project.published.in_facets(conditions)
    with CaptureQueriesContext(connection) as captured:
        cube = projects.cube()
        by_dimension = {dimension: cube.counts(dimension) for dimension in VOCABULARIES}
    assert len(captured) == 1
    assert cube.total == projects.count()
    for dimension, counts in by_dimension.items():
        for value, count in counts.items():
            if dimension == "region":
                assert count == projects.filter(**{REGION_COLUMNS[value]: True}).count()
            else:
                assert count == projects.filter(**{dimension: value}).count()
    vocabulary = {name: values for name, values in conditions.items() if name in VOCABULARIES}
    narrowed = Project.published.cube().where(vocabulary)
    found = Project.published.in_facets(vocabulary, filled_in=True)
    assert narrowed.total == found.count()
    unstated = found.in_facets({"region": ["not-stated"]})
    assert narrowed.where({"region": ["not-stated"]}).total == unstated.count()
    # By what is stated.
    stated = Project.published.cube().stated([{one: vocabulary[one]} for one in vocabulary])
    assert stated.sure == Project.published.in_facets(vocabulary).count()
