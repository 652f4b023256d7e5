"""The activities that the report names, as a reader of its contents meets them."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.history import unrecorded
from projects.models import Project
from reports.library.activities import NOTES, activities_read, named_activities
from reports.models import PLACES, Paragraph, Statement

pytestmark = pytest.mark.usefixtures("register")


def rows(client) -> dict[str, str]:
    """The markup of each row of the table, by the name of its activity."""
    html = client.get("/report/").content.decode().partition('id="activities"')[2]
    found = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', html, re.DOTALL)
    return {unescape(name): unescape(row) for name, row in found}


def seen(row: str) -> list[str]:
    """What a reader sees in each cell of a row."""
    cells = re.findall("<td>(.*?)</td>", row, re.DOTALL)
    return [" ".join(re.sub("<[^>]+>", "", cell).split()) for cell in cells]


def linked(row: str) -> list[str]:
    """Where the links in a row lead."""
    return re.findall('href="([^"]+)"', row)


def test_every_activity_has_a_row_with_what_it_is_connected_with(client):
    found = rows(client)
    assert len(found) == 44
    assert all(all(seen(row)) for row in found.values())
    assert sum("/projects/PVE-0" in row for row in found.values()) == 12
    for row in activities_read():
        links = linked(found[row["name"]])
        codes = re.findall("[A-Z][0-9]+", row["statements"])
        assert [one for one in links if "/statements/" in one] == [
            f"/statements/{code}/" for code in codes
        ]


@pytest.mark.parametrize(
    ("name", "cells", "links"),
    [
        (
            "Preventing violent extremism through strategic communications",
            [
                "Project: PVE-011; Step of a project: Project of the Office of Counter-Terrorism, "
                "in three phases",
                "paras. 44–46 and 52",
            ],
            [
                "/projects/PVE-011/",
                "/statements/S01/",
                *(f"/reports/a-72-621/text/#para-{place}" for place in (44, 46, 52)),
            ],
        ),
        (
            "Support for national or regional plans of action to prevent violent extremism",
            [
                "Plan or strategy: National or regional plans of action to prevent violent "
                "extremism; Number of projects: Other areas. "
                "The report counts it among the projects in other areas.",
                "paras. 19 and 24",
            ],
            [
                "/statements/L10/",
                "/statements/M08/",
                "/reports/a-72-621/text/#para-19",
                "/reports/a-72-621/text/#para-24",
            ],
        ),
    ],
)
def test_a_row_links_to_what_it_names(client, name, cells, links):
    row = rows(client)[name]
    assert (seen(row), linked(row)) == (cells, links)


def test_it_is_said_how_the_activities_are_known_and_which_are_projects(client):
    html = client.get("/report/").content.decode()
    assert "<summary>Activities that the report names (44)</summary>" in html
    said = re.search('<p id="activities">.*?</p>', html, re.DOTALL)[0]
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", said))
    assert "The names and connections are our reading of the report." in text
    assert "Most of these activities are not projects." in text
    shown = {one for row in rows(client).values() for one in linked(row) if "/projects/" in one}
    assert sorted(shown) == [f"/projects/PVE-{number:03}/" for number in range(1, 13)]


def test_what_the_file_names_is_there():
    read = activities_read()
    places = {place for row in read for place in PLACES.findall(row["paragraphs"])}
    assert places <= {*Paragraph.objects.values_list("number", flat=True)}
    codes = {code for row in read for code in re.findall("[A-Z][0-9]+", row["statements"])}
    assert codes <= {*Statement.published.of_report().values_list("code", flat=True)}
    assert len({row["project"] for row in read} - {""}) == 12
    assert {row["note"] for row in read} - {""} == {*NOTES}


def test_neither_the_phases_of_a_project_nor_publications_are_counted():
    kinds = {row["name"]: row["statements"] for row in activities_read()}
    of = dict(Statement.published.of_report().values_list("code", "kind"))
    named = {name: [of[one] for one in re.findall("[A-Z][0-9]+", kinds[name])] for name in kinds}
    # The project itself, and the matrix, whose draft is a document.
    assert [name for name, one in named.items() if "step" in one] == [
        "Preventing violent extremism through strategic communications"
    ]
    assert [name for name, one in named.items() if "document" in one] == [
        "Mapping / matrix of United Nations projects on preventing violent extremism"
    ]


@pytest.mark.parametrize("review", ["draft", "set-aside"])
def test_what_the_public_does_not_see_is_not_linked(client, review):
    assert "/projects/PVE-010/" in rows(client)["Tech Against Terrorism"]
    with unrecorded("the test sets the scene"):
        Project.live.filter(reference="PVE-010").update(review=review)
        Statement.live.filter(code="E09").update(review="draft")
    row = rows(client)["Tech Against Terrorism"]
    aim = "Tech Against Terrorism aims at the adoption and sharing of good practices"
    assert seen(row)[0] == f"Fact or position: {aim}"
    assert "/projects/PVE-010/" not in row


def test_without_the_statements_of_the_report_no_activity_is_shown(client):
    with unrecorded("the test sets the scene"):
        Statement.live.update(review="draft")
    assert 'id="activities"' not in client.get("/report/").content.decode()


def test_the_activities_cost_three_queries():
    with CaptureQueriesContext(connection) as asked:
        assert len(named_activities("en")) == 44
    assert len(asked) == 3
