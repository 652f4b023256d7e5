"""The desk's list: by entity, exported as filtered, and one value set for many entries."""

import re

import pytest

from projects.history import Revision, unrecorded
from projects.models import Batch, Project

from .conftest import describe, member, publish_waiting
from .pages import csv_rows, text_of
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


def test_values_are_set_of_as_many_entries_as_an_import_has_rows(settings):
    settings.IMPORT_LIMITS = settings.IMPORT_LIMITS | {"rows": 2}
    sent = {"action": "set_values", "set": "yes", "status": "ongoing"}
    few, many = (chosen(*Project.published.filter(number__lt=end)) for end in (3, 4))
    editor = member("Editors", "editor")
    refused = editor.post(LIST, many | sent).content.decode()
    assert "Choose at most 2 entries." in refused
    assert editor.post(LIST, few | sent).status_code == 302


@pytest.mark.long
def test_values_of_thirty_entries_are_set_through_the_preview_and_undone():
    editor = member("Editors", "editor")
    describe(30)
    entries = [*Project.published.filter(number__gte=224)]
    sent = chosen(*entries) | {"action": "set_values"}
    assert "Set in 30 entries." in editor.post(LIST, sent).content.decode()
    assert "Enter at least one value." in editor.post(LIST, sent | {"set": "yes"}).content.decode()
    sent |= {"set": "yes", "entities": "un women", "status": "ongoing"}
    page = editor.post(LIST, sent)["Location"]
    text = text_of(editor, page)
    assert "Import projects: entities, status of 30 entries" in text
    assert "To change: 30" in text
    assert not Project.published.filter(status="ongoing", number__gte=224).exists()
    batch = Batch.objects.get()
    assert editor.post(page, {"reason": "x", "digest": "0"}).status_code == 302
    digest = editor.get(page).context["preview"].digest
    editor.post(page, {"reason": "Letter of UN-Women", "digest": digest})
    assert not Project.published.filter(status="ongoing", number__gte=224).exists()
    publish_waiting(page)
    for entry in entries:
        entry.refresh_from_db()
        assert (entry.status, entry.review) == ("ongoing", "reviewed")
        assert [one.acronym for one in entry.entities.all()] == ["UN-Women"]
    reviewer = member("Reviewers", "reviewer")
    reviewer.post(f"/admin/projects/batch/{batch.pk}/undo/", {"reason": "By mistake"})
    assert not Project.published.filter(status="ongoing", number__gte=224).exists()


def test_values_are_judged_as_in_an_import_and_set_by_those_who_may_import():
    editor = member("Editors", "editor")
    entry = Project.published.get(reference="PVE-001")
    # What the form of an entry refuses is refused before a preview is made, at its field.
    sent = chosen(entry) | {"action": "set_values", "set": "yes", "start_date": "soon"}
    html = editor.post(LIST, sent | {"link": "gopher://x.org"}).content.decode()
    assert "“soon” is not a date: write YYYY, YYYY-MM or YYYY-MM-DD, e.g. 2017-06." in html
    assert "Enter a web address that begins with https:// or http://." in html
    assert "maxlength" not in html
    assert re.search(r'<input type="text" name="start_date"[^>]* autofocus', html)
    assert html.count(" autofocus") == 1
    # And what it reads is read: an address without its scheme.
    sent = chosen(entry) | {"action": "set_values", "set": "yes", "link": "www.unodc.org/x"}
    text = text_of(editor, editor.post(LIST, sent)["Location"])
    assert "https://www.unodc.org/x" in text
    # Assigned is never chosen.
    sent = chosen(entry) | {"action": "set_values", "set": "yes", "scope_basis": "allocated"}
    assert (
        "allocated is not one of the available choices" in editor.post(LIST, sent).content.decode()
    )
    viewer = member("Viewers", "viewer")
    Batch.objects.all().delete()
    viewer.post(LIST, sent | {"scope_basis": "stated"})
    assert not Batch.objects.exists()


def test_what_a_sheet_may_name_is_set_added_and_asked_about_once():
    entries = [*Project.published.filter(number__gte=1, number__lt=4)]
    had = {one.pk: [*one.entities.values_list("acronym", flat=True)] for one in entries}
    editor = member("Editors", "editor")
    sent = chosen(*entries) | {"action": "set_values", "set": "yes", "status": "ongoing"}
    wrong = sent | {"entities": "UNICEF; Nobody", "countries": "Africa"}
    html = editor.post(LIST, wrong).content.decode()
    assert html.count("“Nobody” is no entity of the directory.") == 1
    assert html.count("“Africa” is no country of the directory.") == 1
    assert 'value="UNICEF; Nobody"' in html
    sent |= {"entities": "UNICEF; un women", "add-entities": "on", "countries": "Kosovo"}
    page = editor.post(LIST, sent)["Location"]
    # From the preview the values are changed again.
    html = editor.get(page).content.decode()
    back = re.search(r'<form method="post" action="([^"]+)">(.*?)</form>', html, re.DOTALL)
    assert back[1] == LIST
    data = re.findall(r'name="([^"]+)"\s+value="([^"]*)"', back[2])
    again = editor.post(LIST, {name: [v for n, v in data if n == name] for name, _v in data})
    html = again.content.decode()
    assert 'value="UNICEF; un women"' in html
    assert re.search(r'name="add-entities"[^>]* checked', html)
    assert html.count('name="_selected_action"') == 3
    editor.post(page, {"reason": "Letter", "digest": editor.get(page).context["preview"].digest})
    for one in entries:
        found = {*one.entities.values_list("acronym", flat=True)}
        assert found == {*had[one.pk], "UNICEF", "UN-Women"}
        assert [country.code for country in one.countries.all()] == ["XKX"]


def test_an_error_of_many_rows_is_named_once():
    editor = member("Editors", "editor")
    entries = Project.published.filter(number__lt=4)
    sent = chosen(*entries) | {"action": "set_values", "set": "yes"}
    sent |= {"start_date": "2018", "end_date": "2017"}
    text = text_of(editor, editor.post(LIST, sent)["Location"])
    assert re.findall(r"2, 3, 4 (\w+)", text) == ["end_date"]


def test_placeholders_are_neither_set_nor_put_back():
    editor = member("Editors", "editor")
    some = Project.live.filter(reference__in=["PVE-001", "PVE-131", "PVE-132"])
    sent = chosen(*some) | {"action": "set_values"}
    assert "Set in 1 entry." in editor.post(LIST, sent).content.decode()
    page = editor.post(LIST, sent | {"set": "yes", "status": "ongoing"})["Location"]
    assert "To change: 1" in text_of(editor, page)
    none = chosen(*some.exclude(number=1)) | {"action": "set_values"}
    html = editor.post(LIST, none, follow=True).content.decode()
    assert "Placeholders have no values to set." in html
    describe(4)  # on youth: fewer are left over
    reviewer = member("Reviewers", "reviewer")
    assert [one.review for one in some.order_by("number")] == [
        *("reviewed", "set-aside", "set-aside")
    ]
    back = chosen(*some.exclude(number=1)) | {"action": "count_again"}
    html = reviewer.post(LIST, back, follow=True).content.decode()
    assert "0 entries are counted again." in html
    assert not Revision.objects.of_model(Project).exists()
    # There is no action that deletes.
    actions = re.search('<select name="action".*?</select>', html, re.DOTALL)[0]
    assert "set_values" in actions and "delete" not in actions


@pytest.mark.long
def test_values_of_what_only_the_totals_count_need_a_source():
    describe(2, source="A/72/621, para. 24", provenance="named", priority_area_basis="inferred")
    describe(1, first=226, source="https://undp.org/226")
    counted = [*Project.published.filter(number__in=(224, 225))]
    own = Project.published.get(reference="PVE-226")
    editor = member("Editors", "editor")
    sent = chosen(*counted, own) | {"action": "set_values", "set": "yes", "countries": "Kenya"}
    refusal = "Name a source: PVE-224, PVE-225%s have none but the paragraph that counts them."
    totals = {"source": "A/72/621, para. 25"}
    for source, more in (({}, ""), (totals | {"add-source": "on"}, ""), (totals, ", PVE-226")):
        html = editor.post(LIST, sent | source).content.decode()
        assert html.count(refusal % more) == 1
    # One that has a source of its own needs no other.
    assert editor.post(LIST, chosen(own) | {**sent, "_selected_action": [own.pk]})["Location"]
    letter = "Letter of UNDP, 3 March 2026"
    page = editor.post(LIST, sent | {"source": letter, "add-source": "on"})["Location"]
    digest = editor.get(page).context["preview"].digest
    editor.post(page, {"reason": "The letter names Kenya", "digest": digest})
    found = Project.published.filter(countries__code="KEN").order_by("number")
    assert [(one.reference, one.source) for one in found] == [
        ("PVE-224", f"A/72/621, para. 24; {letter}"),
        ("PVE-225", f"A/72/621, para. 24; {letter}"),
        ("PVE-226", f"https://undp.org/226; {letter}"),
    ]
    # Without the tick it replaces the present one.
    sent = chosen(own) | {"action": "set_values", "set": "yes", "source": "https://undp.org/x"}
    assert "https://undp.org/x" in text_of(editor, editor.post(LIST, sent)["Location"])


def test_a_source_is_added_to_the_present_one_unless_somebody_unticks_that():
    entry = Project.published.get(reference="PVE-001")
    sent = chosen(entry) | {"action": "set_values"}
    html = member("Editors", "editor").post(LIST, sent).content.decode()
    assert re.findall(r'name="add-(\w+)"[^>]*( checked)', html) == [("source", " checked")]
    assert "Where the values are from" in html


def test_a_country_outside_the_regions_is_named_in_the_preview_and_may_be_set():
    entries = Project.published.filter(reference__in=["PVE-001", "PVE-012"])
    assert [one.regions for one in entries.order_by("number")] == [[], ["mena", "asia"]]
    editor = member("Editors", "editor")
    sent = chosen(*entries) | {"action": "set_values", "set": "yes", "countries": "Kenya; Jordan"}
    page = editor.post(LIST, sent)["Location"]
    text = text_of(editor, page)
    assert "A country is in none of the entry’s regions: PVE-012: KEN" in text
    assert "PVE-001: " not in text
    editor.post(page, {"reason": "x", "digest": editor.get(page).context["preview"].digest})
    assert entries.filter(countries__code="KEN").count() == 2
