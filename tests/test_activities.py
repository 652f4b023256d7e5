"""The activities that the report names, as a reader of its contents meets them."""

import re
from html import unescape

import pytest

from projects.history import unrecorded
from projects.models import Project
from reports.library.activities import activities_read
from reports.models import Statement

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


def test_a_row_links_to_what_it_names(client):
    row = rows(client)["Preventing violent extremism through strategic communications"]
    assert seen(row) == [
        "Project: PVE-011; Step of a project: Project of the Office of Counter-Terrorism, in three "
        "phases",
        "paras. 44–46 and 52",
    ]
    assert linked(row) == [
        *("/projects/PVE-011/", "/statements/S01/"),
        *(f"/reports/a-72-621/text/#para-{place}" for place in (44, 46, 52)),
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
