"""Statements are reviewed as projects are, and only staff see a draft."""

import re

import pytest

from projects.history import Revision
from projects.models import data_version
from reports.models import Statement

from .conftest import member
from .pages import body, submit, text_of

pytestmark = pytest.mark.usefixtures("register")
ADD = "/admin/reports/statement/add/"
DRAFT = {
    "code": "G48",
    "kind": "practice",
    "title": "Zephyr circles of listening",
    "quotation": "Circles of listening were held in May.",
    "source": "A/74/677, para. 5",
    "date": "2019-05",
    "projects": "PVE-001",
    "reason": "From the report of 2019",
}
# Where it would stand, were it published.
PUBLIC = [
    *("/statements/?kind=practice", "/statements/?q=zephyr", "/statements/?page=3"),
    *("/statements.csv", "/api/v1/statements/", "/suggestions.json?q=zephyr"),
    *("/projects/PVE-001/", "/projects/?q=zephyr", "/report/", "/sitemap.xml"),
    *("/reports/a-72-621/text/", "/entities/UNESCO/"),
]


def filled(client, page: str) -> dict:
    """What the browser would send for the form of a page."""
    form = client.get(page).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not None}


def write(editor, **changed) -> Statement:
    """Let an editor write a statement at the desk."""
    editor.post(ADD, filled(editor, ADD) | DRAFT | changed)
    code, title = (DRAFT | changed)["code"], (DRAFT | changed)["title"]
    return Statement.live.get(code=code) if code else Statement.live.get(title=title)


def rows_of(client, page: str, data: dict | None = None) -> list[str]:
    """The labels of the rows that a browser shows of a statement's form, in their order."""
    response = client.post(page, data) if data else client.get(page)
    rows = re.split(r'<div class="form-row', response.content.decode())[1:]
    shown = [one for one in rows if "data-of-others" not in one and one[:7] != " hidden"]
    return [re.search(r"<label[^>]*>([^<]+):</label>", one)[1] for one in shown]


@pytest.mark.long
def test_a_form_has_the_fields_of_its_kind_and_gives_the_next_code(editor, client):
    for page in ("/statements/", "/statements/G34/"):
        assert "/admin/reports/" not in client.get(page).content.decode(), page
    practice = [
        *("Document", "Paragraphs", "Source", "Quotation", "Kind", "Title", "Priority areas"),
        *("Entities", "Projects", "Code", "Reason for the change"),
    ]
    assert rows_of(editor, f"{ADD}?kind=practice") == practice
    # The kind first: each is a link, also without scripts.
    assert "Choose a kind." in text_of(editor, ADD)
    assert '<a href="?kind=event">Event</a>' in editor.get(ADD).content.decode()
    # Another kind brings its fields, and what was typed comes along.
    typed = filled(editor, f"{ADD}?kind=practice") | DRAFT | {"kind": "event", "_kind": "yes"}
    assert {"Date", "Timing", "Place"} < {*rows_of(editor, ADD, typed)}
    assert 'value="Zephyr circles of listening"' in editor.post(ADD, typed).content.decode()
    assert not Statement.live.filter(title=DRAFT["title"]).exists()
    # What a deleted one was called is not given again.
    write(editor, code="").delete()
    assert write(editor, code="", title="Another").code == "G49"
    # A field with a value is shown, whatever the kind.
    assert "Date" in rows_of(editor, address(Statement.live.get(title="Another"), "change"))


def test_areas_are_typed_by_their_names_too_and_a_code_of_a_draft_is_taken(editor):
    areas = {"areas": "Youth; empowering youth;Education", "areas_basis": "inferred"}
    assert write(editor, **areas).areas == "education;youth"
    form = filled(editor, ADD) | DRAFT
    page = editor.post(ADD, form | {"code": "G49", "areas": "sports"})
    assert "“sports” is no priority area." in page.content.decode()
    page = editor.post(ADD, form | {"title": "Another"})
    assert "Statement with this Code already exists." in page.content.decode()


def address(record, page="review") -> str:
    return f"/admin/reports/{record._meta.model_name}/{record.pk}/{page}/"


def change(client, record, **changed):
    page = address(record, "change")
    return client.post(page, filled(client, page) | changed)


def approve(client, record):
    return submit(client, address(record), {"approve": "yes"}, follow=True)


@pytest.mark.long
def test_a_new_statement_is_a_draft_that_nobody_else_sees(editor, client):
    for page in PUBLIC:
        assert client.get(page).status_code == 200, page
    before = data_version()
    one = write(editor)
    assert (one.review, data_version()) == ("draft", before)
    for page in PUBLIC:
        found = body(client.get(page)).decode()
        assert "Zephyr circles" not in found and "G48" not in found, page
    assert client.get("/statements/G48/").status_code == 404
    assert client.get("/statements/G48/correct/").status_code == 404
    assert "292 statements of 292" in text_of(client, "/statements/")
    assert not Revision.objects.get(key="G48").is_public


@pytest.mark.long
def test_somebody_else_publishes_it_from_the_page_of_the_review(editor, reviewer, client):
    one = write(editor)
    assert "Your drafts: 1 G48: Zephyr circles of listening" in text_of(editor, "/admin/")
    assert "Waiting for you: 1 G48: Zephyr circles of listening editor" in text_of(
        reviewer, "/admin/"
    )
    text = text_of(reviewer, address(one))
    assert "A draft, not public yet." in text
    assert "Kind Practice" in text and "Quotation Circles of listening were held in May." in text
    assert "From the report of 2019" in text and "Source: A/74/677, para. 5" in text
    assert editor.post(address(one), {"approve": "yes"}).status_code == 403
    before = data_version()
    approve(reviewer, one)
    one.refresh_from_db()
    assert (one.review, data_version() != before) == ("reviewed", True)
    assert "Zephyr circles of listening" in text_of(client, "/statements/G48/")
    assert "293 statements of 293" in text_of(client, "/statements/")
    assert Revision.objects.filter(key="G48", is_public=True).count() == 1
    assert "What other sources say of it Zephyr circles" in text_of(client, "/projects/PVE-001/")
    found = text_of(client, "/projects/?q=listening+circles+zephyr")
    assert "1 statement of another source mentions it." in found


@pytest.mark.long
def test_a_change_of_a_published_one_shows_and_waits(reviewer, client):
    one = Statement.published.get(code="G34")
    change(member("Editors", "editor"), one, title="Another title", reason="As printed")
    one.refresh_from_db()
    assert (one.review, one.title) == ("changed", "Another title")
    assert "Another title" in text_of(client, "/statements/G34/")
    text = text_of(reviewer, address(one))
    assert "This change is public already." in text
    assert "Before Now Title" in text and "Another title" in text
    version = data_version()
    approve(reviewer, one)
    one.refresh_from_db()
    # That somebody signed it off is nothing that the public sees.
    assert (one.review, data_version()) == ("reviewed", version)
