"""Corrections that say that a field should be empty: reported, shown and applied as such."""

import pytest
from django.core.cache import cache

from projects.models import Correction, Project
from reports.models import Statement

from .conftest import publish_waiting
from .pages import submit, text_of

pytestmark = pytest.mark.usefixtures("register")
PAGE = "/projects/PVE-001/correct/"
LINK = "https://www.unesco.org/net-med"
EMPTY = {"column": "link", "value": LINK, "empty": "on", "source": "unesco.org"}


@pytest.fixture(autouse=True)
def entry(register):
    cache.clear()
    project = Project.published.get(reference="PVE-001")
    project.link, project.in_mena, project.regions_basis = LINK, True, "stated"
    project.save()
    return project


def test_a_reporter_ticks_that_the_field_should_be_empty(client):
    form = client.get(f"{PAGE}?column=link").content.decode()
    assert '<input type="checkbox" name="empty" id="id_empty"> It should be empty' in form
    assert "maxlength" not in form.partition('class="report"')[2]
    # A browser would ask for a value, or for a box to be ticked, before it sends the form.
    assert form.count(" required") == 1 and '<textarea name="source"' in form
    receipt = client.post(PAGE, EMPTY)["Location"]
    assert Correction.objects.get().value == ""
    text = text_of(client, receipt)
    assert f"Link What it says now {LINK} What it should say empty " in text


@pytest.mark.parametrize("column", ["title", "provenance", "source"])
def test_what_an_entry_cannot_do_without_is_never_empty(client, column):
    assert 'name="empty"' not in client.get(f"{PAGE}?column={column}").content.decode()
    answer = client.post(PAGE, {"column": column, "empty": "on", "source": "x"})
    assert (answer.status_code, "This field is required." in answer.content.decode()) == (400, True)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"empty": ""}, "This is what it says now: write what it should say."),
        (
            {"value": "https://www.unesco.org/other"},
            "Either write what it should say or tick “It should be empty”.",
        ),
    ],
)
def test_a_report_that_says_both_or_neither_is_asked_again(client, sent, said):
    answer = client.post(PAGE, EMPTY | sent)
    assert (answer.status_code, said in answer.content.decode()) == (400, True)
    assert "unesco.org</textarea>" in answer.content.decode()
    assert not Correction.objects.exists()


def test_a_field_that_is_empty_now_has_no_box(client):
    assert 'name="empty"' not in client.get(f"{PAGE}?column=end_date").content.decode()


@pytest.mark.long
@pytest.mark.parametrize(
    ("column", "present", "emptied"),
    [
        ("regions", "Middle East and North Africa", {"in_mena": False, "regions_basis": ""}),
        ("entities", "UNESCO", {"entities": []}),
    ],
)
def test_the_desk_shows_it_as_empty_and_fills_it_in(
    client, editor, entry, column, present, emptied
):
    receipt = client.post(PAGE, {"column": column, "empty": "on", "source": "unesco.org"}).url
    number = Correction.objects.get().pk
    page = f"/admin/projects/correction/{number}/change/"
    text = text_of(editor, page)
    assert f"Now: {present}" in text and "Proposed: empty" in text
    assert "empty unesco.org" in text_of(editor, "/admin/projects/correction/")
    apply = f"/admin/projects/project/{entry.pk}/change/?correction={number}"
    assert f"{present} empty unesco.org" in text_of(editor, apply)
    form = editor.get(apply).context["adminform"].form
    assert {name: form[name].value() for name in emptied} == emptied
    sent = {name: form[name].value() for name in form.fields if form[name].value()}
    inlines = {"quotations-TOTAL_FORMS": 0, "quotations-INITIAL_FORMS": 0}
    saved = submit(editor, apply, {**sent, **inlines, "reason": "As reported"})["Location"]
    if saved.endswith("/preview/"):
        assert Correction.objects.get().state == "open"
        publish_waiting(saved)
    assert Correction.objects.get().state == "applied"
    text = text_of(client, receipt)
    assert "What it says now nothing What it should say empty" in text
    assert "the correction was made." in text


@pytest.mark.long
def test_a_statement_is_said_to_belong_to_no_document(client, editor):
    about = {"column": "document", "empty": "on", "source": "x"}
    receipt = client.post("/statements/G34/correct/", about).url
    assert "Document What it says now a-72-621 What it should say empty" in text_of(client, receipt)
    one = Statement.published.get(code="G34")
    apply = f"/admin/reports/statement/{one.pk}/change/?correction={Correction.objects.get().pk}"
    assert editor.get(apply).context["adminform"].form["document"].value() == ""
