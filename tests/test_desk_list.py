"""The desk's list: by entity, exported as filtered, and imported again with other values."""

import re

import pytest

from projects.history import Revision, unrecorded
from projects.models import Project

from .conftest import describe, member
from .pages import csv_rows, text_of
from .test_gate import DESCRIBED, upload
from .test_review import chosen

pytestmark = pytest.mark.usefixtures("register")

LIST = "/admin/projects/project/"


def test_the_list_has_the_entities_and_is_narrowed_by_one():
    viewer = member("Viewers", "viewer")
    text = text_of(viewer, f"{LIST}?entity=UNAOC")
    assert "PVE-002" in text
    assert "PVE-001" not in text
    assert "211 results" in text_of(viewer, f"{LIST}?entity=not-stated")


def test_what_is_filtered_is_exported_drafts_too():
    with unrecorded("the test sets the scene"):
        Project.published.filter(reference="PVE-002").update(review="draft")
    viewer = member("Viewers", "viewer")
    sent = {"action": "export", "_selected_action": ["2"], "select_across": "1", "index": "0"}
    response = viewer.post(f"{LIST}?entity=UNAOC", sent)
    assert response["Content-Disposition"] == 'attachment; filename="pve-projects-desk.csv"'
    rows = csv_rows(response)
    named = Project.live.filter(entities__acronym="UNAOC").order_by("number")
    assert [row["reference"] for row in rows] == [one.reference for one in named]
    assert "PVE-002" in [row["reference"] for row in rows]


def test_a_value_of_many_entries_is_exported_edited_and_imported():
    entries = Project.published.filter(reference__in=DESCRIBED[:10]).order_by("number")
    editor = member("Editors", "editor")
    sent = chosen(*entries) | {"action": "export", "select_across": "0"}
    rows = csv_rows(editor.post(LIST, sent))
    assert [row["reference"] for row in rows] == DESCRIBED[:10]
    values = {"status": "ongoing", "entities": "UN-Women"}
    page = upload(editor, *(row | values for row in rows))
    assert "To change: 10" in text_of(editor, page)
    digest = editor.get(page).context["preview"].digest
    editor.post(page, {"reason": "Letter of UN-Women", "digest": digest})
    for entry in entries.all():
        assert (entry.status, entry.entities.get().acronym) == ("ongoing", "UN-Women")


def test_placeholders_are_not_put_back():
    some = Project.live.filter(reference__in=["PVE-131", "PVE-132"])
    describe(4)  # on youth: fewer are left over
    reviewer = member("Reviewers", "reviewer")
    assert {one.review for one in some} == {"set-aside"}
    html = reviewer.post(LIST, chosen(*some) | {"action": "count_again"}, follow=True)
    assert "0 entries are counted again." in html.content.decode()
    assert not Revision.objects.of_model(Project).exists()
    # There is no action that deletes.
    actions = re.search('<select name="action".*?</select>', html.content.decode(), re.DOTALL)[0]
    assert "merge" in actions and "delete" not in actions


def test_a_country_outside_the_regions_is_named_in_the_preview_and_may_be_imported():
    entries = Project.published.filter(reference__in=["PVE-001", "PVE-012"])
    assert [one.regions for one in entries.order_by("number")] == [[], ["mena", "asia"]]
    editor = member("Editors", "editor")
    page = upload(
        editor, *({"reference": one, "countries": "KEN;JOR"} for one in ("PVE-001", "PVE-012"))
    )
    text = text_of(editor, page)
    assert "A country is in none of the entry’s regions: PVE-012: KEN" in text
    assert "PVE-001: " not in text
    editor.post(page, {"reason": "x", "digest": editor.get(page).context["preview"].digest})
    assert entries.filter(countries__code="KEN").count() == 2
