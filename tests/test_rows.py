"""Rows say only what is known: how many there are, and what scripts make of them."""

import io
import re
import zipfile
from collections import Counter
from itertools import combinations
from random import Random

import pytest
from django.core.cache import caches
from django.db.models import QuerySet

from projects.history.data_version import cached_in_process
from projects.models import Edition, Entity, Project
from projects.vocabulary import REGION_COLUMNS

from .conftest import saved, without_triggers
from .declared import COLUMNS
from .pages import body, book_of, csv_rows, objects, text_of
from .ranges_oracle import PUBLISHED
from .test_states import filled_in_again

pytestmark = pytest.mark.usefixtures("register")

NOTHING = {"reference": None, "updated_at": None, "url": None, "html_url": None}


@pytest.fixture(params=["as shipped", "with three outside the matrix"])
def outside(request) -> int:
    """The number of entries that a source says are not in the matrix."""
    if request.param == "as shipped":
        return 0
    known = {"provenance": "confirmed", "in_matrix": "no", "source": "A/73/1, para. 2"}
    for number in (224, 225, 226):
        saved(f"PVE-{number}", regions=["africa"], scope="national", **known)
    return 3


# How many rows there are

QUERIES = {
    f"{dimension}={value}": number
    for dimension, numbers in PUBLISHED.items()
    for value, number in numbers.items()
} | {
    f"{dimension}={one}&{dimension}={other}": numbers[one] + numbers[other]
    for dimension, numbers in PUBLISHED.items()
    if dimension != "region"
    for one, other in combinations(numbers, 2)
}


@pytest.mark.long
@pytest.mark.postgresql
def test_a_published_number_has_as_many_rows(client, settings, outside):
    settings.API_ANSWERS_A_MINUTE = 0
    assert len(QUERIES) == 16 + 28 + 3
    for query, number in QUERIES.items():
        assert len(csv_rows(client.get(f"/projects/export.csv?{query}"))) == number, query
        assert len(objects(client, query)) == number, query
        book = book_of(client.get(f"/projects/export.xlsx?{query}"))
        assert book["Codes"].max_row == book["Projects"].max_row == number + 1, query
        page = client.get(f"/api/v1/projects/?{query}&per_page=500").json()
        rows = page["results"]
        assert (page["rows_of_report"], page["answer"]["state"]) == (number, "published"), query
        assert len(rows) == page["rows"] == number + sum(row["in_matrix"] == "no" for row in rows)
    rows = csv_rows(client.get("/projects/export.csv?sort=-title"))
    assert len(rows) == 223 + outside
    # Whatever the order, those that hold a place come first and those outside last.
    kinds = [(row["provenance"], row["in_matrix"]) for row in rows]
    assert list(dict.fromkeys(kinds)) == [
        *(("named", "not-stated"), ("counted", "yes"), ("confirmed", "no"))[: 3 if outside else 2]
    ]


@pytest.mark.postgresql
def test_a_counted_row_has_nothing_but_what_it_is_counted_by(client):
    first, second, *_others, last = objects(client, "scope=national")
    assert (first["reference"], first["scope_basis"]) == ("PVE-007", "inferred")
    assert second == {
        **{"reference": "", "title": "Project 2 of 75 (national in scope)", "summary": ""},
        **{"priority_area": "not-stated", "priority_area_basis": "not-stated"},
        **{"scope": "national", "scope_basis": "counted-as"},
        **{"regions": ["not-stated"], "regions_basis": "not-stated"},
        **{"countries": [], "entities": [], "status": "not-stated"},
        **{"start_date": "", "end_date": "", "methodology": "", "link": ""},
        **{"provenance": "counted", "source": "A/72/621, para. 25", "updated_at": ""},
        **{"in_matrix": "yes", "licence": "", "attribution": ""},
    }
    assert last["title"] == "Project 75 of 75 (national in scope)"
    # Several scopes one after the other, and the same in every language.
    rows = csv_rows(client.get("/fr/projects/export.csv?scope=regional&scope=national"))
    titles = [row["title"] for row in rows if row["scope_basis"] == "counted-as"]
    assert (len(rows), titles[0], titles[64]) == (
        *(141, "Project 3 of 66 (regional in scope)"),
        "Project 2 of 75 (national in scope)",
    )
    page = client.get("/api/v1/projects/?region=americas").json()
    assert [row | NOTHING for row in page["results"]] == page["results"]
    assert page["results"][2]["title"] == "Project 3 of 3 (in the Americas)"
    assert list(page)[:3] == ["answer", "rows", "rows_of_report"]


@pytest.mark.postgresql
def test_a_project_that_a_source_makes_global_has_no_region(client):
    (row,) = objects(client, "q=PVE-006")
    assert (row["scope"], row["regions"], row["regions_basis"]) == ("global", [], "")
    (row,) = objects(client, "q=PVE-003")
    assert (row["scope"], row["regions"], row["regions_basis"]) == (
        *("not-stated", ["not-stated"]),
        "not-stated",
    )
    counted = client.get("/api/v1/projects/PVE-150/").json()
    assert (counted["priority_area"], counted["scope"]) == ("communications", "not-stated")


def test_the_files_of_a_range_are_refused_with_two_ways_on(client):
    query = "priority_area=youth&region=africa"
    said = (
        "Projects on empowering youth in Africa: not stated; A/72/621's totals allow 0 to 27. "
        "There are no rows to list. Add described=yes for the described activities that match "
        "(0), or filled_in=yes for an example table.\n"
    )
    for extension in ("csv", "xlsx"):
        address = f"/projects/export.{extension}"
        response = client.get(f"{address}?{query}")
        assert (response.status_code, response["Content-Type"]) == (
            *(409, "text/plain; charset=utf-8"),
        )
        assert response.content.decode() == said
        assert response["Link"] == (
            f'<{address}?{query}&described=yes>; rel="alternate", '
            f'<{address}?{query}&filled_in=yes>; rel="alternate"'
        )
        assert client.head(f"{address}?{query}").status_code == 409
        for way in ("described", "filled_in"):
            assert client.get(f"{address}?{query}&{way}=yes").status_code == 200
    assert client.get(f"/projects/export.docx?{query}").status_code == 200
    page = client.get(f"/projects/?{query}").content.decode()
    assert "How many projects match is not stated, so there are no rows to list." in page
    for way in ("described", "filled_in"):
        assert f'href="/projects/export.csv?{query.replace("&", "&amp;")}&amp;{way}=yes"' in page
    both = client.get(f"/projects/?{query}&described=yes&filled_in=yes").content.decode()
    # Not "Allowed: yes", which is what was asked for.
    assert "described: filled_in=yes asks for the whole filled-in table." in both
    assert "Allowed" not in both


def test_what_is_only_counted_is_one_closed_line(client, outside):
    address = "/projects/?region=africa&sort=-title&columns=status"
    # Below the rows it begins with its subject, which is just above it where there are none.
    subject = "61 projects in Africa (A/72/621, para. 25). " if outside else ""
    assert (
        f"{subject}The report does not say which projects they are. The report does not say what "
        "they work on. The report does not give their scope. An example table"
    ) in text_of(client, address)
    html = client.get(address).content.decode()
    assert html.count('<td class="reference">') == outside
    assert ("Other entries, which the totals do not count" in html) == bool(outside)
    html = " ".join(client.get("/projects/?scope=not-stated").content.decode().split())
    assert html.count('<td class="reference">') == 7
    assert (
        '<a href="?scope=not-stated&amp;provenance=counted"> 211 entries are placeholders: the '
        "report counts the projects, and does not describe them. </a>"
    ) in html


@pytest.mark.long
@pytest.mark.postgresql
def test_what_no_source_states_is_last_in_each_order(client, settings):
    settings.API_ANSWERS_A_MINUTE = 0
    saved("PVE-224", scope="", scope_basis="", in_matrix="no", provenance="confirmed")
    for sort in ("scope", "-scope"):
        rows = csv_rows(client.get(f"/projects/export.csv?sort={sort}"))
        assert [row["scope"] for row in rows[:12]][5:] == ["not-stated"] * 7
        # Nor is a row lost where one has no scope at all.
        following, found = f"/api/v1/projects/?sort={sort}&filled_in=yes&per_page=25", []
        while following:
            page = client.get(following).json()
            found += page["results"]
            following = page["next"]
        assert len(found) == 224
        assert client.get(f"/projects/PVE-224/?sort={sort}&filled_in=yes").status_code == 200


def test_never_more_rows_than_the_report_counts(client):
    known = {"in_matrix": "yes", "provenance": "confirmed", "source": "A/73/1, para. 2"}
    saved("PVE-224", scope="national", **known)
    for query, number in (("priority_area=youth", 27), ("", 223), ("scope=national", 75)):
        rows = csv_rows(client.get(f"/projects/export.csv?{query}"))
        page = client.get(f"/api/v1/projects/?{query}").json()
        assert (len(rows), page["rows_of_report"]) == (number, number), query
        assert "PVE-224" in {row["reference"] for row in rows}


def test_no_region_says_nothing_of_a_scope(client):
    page = client.get("/api/v1/projects/?region=not-stated&scope=regional&scope=national").json()
    assert (page["rows"], page["answer"]["state"]) == (3, "entries")


def test_the_rows_of_an_organization_have_no_filled_in_region(client):
    project = Project.published.get(reference="PVE-003")
    project.entities.set(Entity.objects.filter(acronym="UNDP"))
    assert (project.scope, project.scope_basis) == ("global", "allocated")
    page = client.get("/entities/UNDP/").content.decode()
    assert '<td class="short">Not stated</td>' in page


def test_an_organization_is_titled_by_its_acronym_and_has_each_event_once(client):
    page = client.get("/entities/UNESCO/").content.decode()
    assert "<h1>UNESCO</h1>" in page
    # The report's words on it are an event and an observance.
    assert page.count("<summary>International Decade for the Rapprochement of Cultures<") == 1


@pytest.mark.parametrize("read", ["csv", "codes"])
def test_what_a_script_counts_of_two_columns_is_not_stated(client, read):
    if read == "csv":
        rows = objects(client)
    else:
        lines = book_of(client.get("/projects/export.xlsx"))["Codes"].iter_rows(values_only=True)
        rows = [dict(zip(COLUMNS, line, strict=True)) for line in [*lines][1:]]
        rows = [row | {"regions": (row["regions"] or "").split(";")} for row in rows]
    gender = [row["scope"] for row in rows if row["priority_area"] == "gender"]
    assert Counter(gender) == {"not-stated": 22}
    youth = [row["regions"] for row in rows if row["priority_area"] == "youth"]
    assert youth == [["not-stated"]] * 27
    assert sum(len(row["regions"]) > 1 for row in rows) == 1


# Another filled-in table changes no byte

IN_ALL = [
    *("priority_area=youth", "scope=national", "region=africa", "scope=regional&scope=national"),
    *("priority_area=youth&region=africa", "region=africa&region=mena&sort=-title", ""),
    *("scope=not-stated&sort=scope", "regions_basis=not-stated", "provenance=counted&page=2"),
    *("entity=UNESCO", "entity=not-stated&priority_area=other&sort=scope", "q=workshops"),
    *("status=ongoing&region=asia", "scope=global&columns=regions&columns=scope", "q=PVE-150"),
    *("provenance=counted&region=africa", "edition=reconstruction-2017-12&scope=national"),
    *("described=yes&region=mena", "edition=reconstruction-2026-11&sort=scope&per_page=100"),
]
OF_FILTERS = """
/projects/ /fr/projects/ /ar/projects/ /projects/export.csv /projects/export.xlsx
/projects/export.docx /projects/changes/ /projects/changes.atom
/projects/PVE-003/ /reports/scope/ /reports/region.csv /reports/priority-area.json
/reports/scope/figure.json /reports/region/picture.svg /reports/cross-table/
/reports/cross-table.csv /reports/cross-table.xlsx /reports/cross-table.json
/entities.csv /countries.csv /api/v1/projects/ /api/v1/answers/
/api/v1/answers/scope/ /api/v1/answers/cross-table/ /api/v1/changes/
"""
OTHERS = """
/ /fr/ /zh/ /ru/ /es/ /ar/ /reports/ /reports/a-72-621/ /reports/compare/
/reports/compare.csv /reports/compare/figure.json
/reports/compare/?a=scope%3Dnational&b=region%3Dasia
/report/
/about/ /api/ /llms.txt /datapackage.json
/figures.csv /statements.csv
/suggestions.json?q=afr /suggestions.json?q=PVE-150 /entities/
/entities/UNESCO/ /entities/UNODC/ /api/v1/entities/ /api/v1/countries/ /api/v1/reports/a-72-621/
/editions/ /editions/reconstruction-2017-12/ /editions/reconstruction-2026-11/
/editions/reconstruction-2017-12/changes/reconstruction-2026-11/
/editions/reconstruction-2026-11/changes/live/
/editions/reconstruction-2017-12/quotations.csv
/sitemap.xml /api/v1/openapi.json
/projects/export.xlsx?edition=reconstruction-2017-12
/projects/PVE-150/?edition=reconstruction-2017-12 /projects/PVE-150/correct/?column=scope
/projects/PVE-004/correct/?column=regions /projects/PVE-004/correct/?column=scope
"""
# When it was made, and the form's token.
MADE = re.compile(
    rb'generated_at": "[^"]*|\d{4}-\d\d-\d\d \d\d:\d\d UTC|csrfmiddlewaretoken" value="[^"]*'
)
# Parts of a workbook or document with the second in which it was made.
DATED = "docProps/core.xml"


def answered(client, address: str) -> tuple[int, dict[str, bytes] | bytes]:
    response = client.get(address)
    content = body(response)
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            parts = {name: MADE.sub(b"", file.read(name)) for name in file.namelist()}
        return response.status_code, {name: parts[name] for name in parts if name != DATED}
    return response.status_code, MADE.sub(b"", content)


def put(table: list[Project]) -> None:
    columns = ["scope", "regions_basis", *REGION_COLUMNS.values()]
    for one in table:
        values = {name: getattr(one, name) for name in columns}
        QuerySet(Project).filter(pk=one.pk).update(**values)


ADDRESSES = [
    *(f"{path}?{query}" if query else path for path in OF_FILTERS.split() for query in IN_ALL),
    *OTHERS.split(),
    *(f"/projects/PVE-{number:03}/" for number in range(1, 224, 9)),
    *(f"/api/v1/projects/PVE-{number:03}/" for number in range(1, 224, 9)),
]


# Each half has every path, with half of the queries.
@pytest.mark.long
@pytest.mark.parametrize(
    "some", [ADDRESSES[::2], ADDRESSES[1::2]], ids=["first half", "second half"]
)
def test_another_filled_in_table_changes_no_byte(client, settings, some):
    settings.API_ANSWERS_A_MINUTE = 0
    example = "/projects/export.csv?filled_in=yes"
    before = {address: answered(client, address) for address in [*some, example]}
    assert {status for status, _content in before.values()} <= {200, 302, 400, 404, 409}
    assert sum(status == 200 for status, _content in before.values()) > 270
    random = Random(20261201)
    with without_triggers():
        # Of the editions only the whole CSV and the zip have filled-in values.
        for edition in (None, *Edition.objects.all()):
            put(filled_in_again(list(Project.every.of_edition(edition)), random))
    cached_in_process.cache_clear()
    for cache in caches.all():
        cache.clear()
    assert [one for one in before if answered(client, one) != before[one]] == [example]
