"""An entry that is set aside: it keeps its page and its history, and is counted nowhere."""

import pytest

from projects.history import Revision, recording, unrecorded
from projects.models import Project

from .conftest import member, publish_waiting
from .pages import body, objects, text_of


@pytest.fixture
def aside(register) -> Project:
    """PVE-001, set aside as an import does it."""
    project = Project.live.get(reference="PVE-001")
    with recording(reason="A complete annex lacks it") as recorder:
        recorder.touch(project, project.snapshot())
        with unrecorded("the recording that is open writes the revision"):
            Project.live.filter(pk=project.pk).update(review="set-aside")
    return project


def test_it_keeps_its_page_and_its_changes(aside, client):
    page = client.get("/projects/PVE-001/").content.decode()
    assert aside.title in page
    assert "This entry is set aside: it is in no list and no total." in page
    log = client.get("/projects/PVE-001/changes/").content.decode()
    assert "A complete annex lacks it" in log
    assert "no longer in the register" not in log
    assert client.get("/projects/PVE-001/correct/").status_code == 200
    # The edition has it as it was.
    edition = client.get("/projects/PVE-001/?edition=reconstruction-2017-12").content.decode()
    assert "This entry is set aside" not in edition


@pytest.mark.postgresql
def test_no_list_no_total_and_no_export_has_it(aside, client):
    # A placeholder more is left over, the first that the register did not have.
    rows = objects(client)
    assert (len(rows), rows[-1]["reference"]) == (223, "PVE-224")
    assert "PVE-001," not in body(client.get("/projects/export.csv")).decode()
    assert client.get("/reports/priority-area.json").json()["total"]["number"] == 223
    assert "This register now has" not in client.get("/projects/").content.decode()
    assert "PVE-001" not in client.get("/projects/?q=NET-MED").content.decode()


@pytest.mark.long
def test_it_waits_for_no_reviewer_and_is_counted_again_by_one(aside):
    client = member("Reviewers", "reviewer")
    assert "NET-MED" not in client.get("/admin/").content.decode()
    address = "/admin/projects/project/"
    seen = Revision.objects.of(aside).last().pk
    sent = {"approve": "yes", f"seen-{aside.pk}": seen}
    answer = client.post(f"{address}{aside.pk}/review/", sent, follow=True)
    assert "PVE-001 is set aside." in answer.content.decode()
    other = Project.published.get(reference="PVE-002")
    sent = {"action": "count_again", "_selected_action": [aside.pk, other.pk]}
    page = client.post(address, sent)["Location"]
    text = text_of(client, page)
    assert "PVE-001 · Networks of Mediterranean Youth (NET-MED Youth)" in text
    assert "PVE-002" not in text
    assert Project.live.get(pk=aside.pk).review == "set-aside"
    publish_waiting(page)
    again = Project.published.get(reference="PVE-001")
    assert (again.review, Project.published.count()) == ("reviewed", 223)
    assert Revision.objects.of(aside).last().by_name == "second"
