"""Corrections of statements: reported by anybody, listed and applied at the desk, answered."""

import pytest

from reports.models import Statement

from .pages import text_of
from .test_statement_review import filled

pytestmark = pytest.mark.usefixtures("register")


@pytest.mark.long
def test_a_correction_of_a_statement_is_reported_listed_and_applied(editor, client):
    assert 'href="/statements/G34/correct/"' in client.get("/statements/G34/").content.decode()
    page = "/statements/G34/correct/"
    title = Statement.published.get(code="G34").title
    text = text_of(client, page)
    assert f"Title{title}" in text.replace("Title ", "Title")
    assert "Priority areas" in text and "Kind Fact or position" in text
    said = {"column": "kind", "value": "rumour", "source": "A/72/621, para. 40"}
    refused = client.post(page, said)
    assert (refused.status_code, b"is not allowed. Allowed: " in refused.content) == (400, True)
    assert client.post(page, {**said, "column": "basis"}).status_code == 400
    said |= {"column": "title", "value": "A truer title", "contact": "reader@example.org"}
    receipt = client.post(page, said).url
    assert receipt.startswith("/statements/G34/correct/")
    assert "Staff will check the source." in text_of(client, receipt)
    number = receipt.rstrip("/").rpartition("/")[2]
    desk = f"/admin/projects/correction/{number}/change/"
    assert title in text_of(editor, desk) and "reader@example.org" in text_of(editor, desk)
    one = Statement.published.get(code="G34")
    apply = f"/admin/reports/statement/{one.pk}/change/?correction={number}"
    assert apply in editor.get(desk).content.decode()
    sent = filled(editor, apply)
    assert sent["title"] == "A truer title"
    editor.post(apply, sent)
    one.refresh_from_db()
    assert (one.title, one.review) == ("A truer title", "changed")
    assert "the correction was made" in text_of(client, receipt)
    credit = f"Correction {number}, reported from its page. Source: A/72/621, para. 40"
    assert credit in text_of(client, "/statements/G34/")


def test_areas_are_named_as_the_form_names_them_with_commas_within_and_between(client):
    def answered(value: str) -> int:
        said = {"column": "areas", "value": value, "source": "x"}
        return client.post("/statements/G35/correct/", said).status_code

    assert answered("Education, skills development and employment facilitation; sport") == 400
    assert answered("education, skills") == 400
    assert answered("Education, skills development and employment facilitation; youth") == 302
    assert answered("education, youth") == 302


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("projects", "PVE-001, the other", "References separated by semicolons, e.g. PVE-001;PVE"),
        ("date", "in June", "“in June” is not a date: write YYYY, YYYY-MM or YYYY-MM-DD"),
    ],
)
def test_what_a_field_can_never_have_is_refused_with_what_it_can(client, column, value, said):
    sent = {"column": column, "value": value, "source": "x"}
    answer = client.post("/statements/G35/correct/", sent)
    assert (answer.status_code, said in answer.content.decode()) == (400, True)


@pytest.mark.long
def test_areas_are_chosen_from_boxes_and_filled_in_as_the_desk_writes_them(editor, client):
    page = client.get("/statements/G34/correct/?column=areas").content.decode()
    assert page.count('type="checkbox" name="value"') == 8
    said = {"column": "areas", "value": ["youth", "gender"], "source": "A/72/621, para. 34"}
    receipt = client.post("/statements/G34/correct/", said).url
    number = receipt.rstrip("/").rpartition("/")[2]
    one = Statement.published.get(code="G34")
    apply = f"/admin/reports/statement/{one.pk}/change/?correction={number}"
    assert "Empowering youth; Gender equality and empowering women" in text_of(editor, apply)
    form = editor.get(apply).context["adminform"].form
    assert form["areas"].value() == "youth;gender"
