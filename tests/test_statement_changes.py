"""The public log of statements and plans: what changed and why, not who, and nothing of drafts."""

import re

import pytest

from projects.history import recording
from reports.models import Statement

from .conftest import member
from .pages import queries_of, text_of
from .test_plans import KENYA, imported
from .test_statement_review import approve, write

pytestmark = pytest.mark.usefixtures("register")
LOG, FEED = "/statements/changes/", "/statements/changes.atom"


@pytest.fixture
def editor(register):
    return member("Editors", "zanele")


@pytest.fixture
def reviewer(register):
    return member("Reviewers", "yusuf")


def change(title: str) -> None:
    one = Statement.published.get(code="G34")
    one.title = title
    with recording(reason="The heading was misread (A/72/621, para. 39)"):
        one.save()


def test_changes_are_public_with_their_reason(client):
    assert "Nothing has been changed since the register was set up." in text_of(client, LOG)
    before = Statement.published.get(code="G34").title
    change("Another title")
    text = text_of(client, LOG)
    assert f"G34 Another title Changed title: {before} → Another title" in text
    assert "The heading was misread" in text
    for page in (LOG, "/statements/G34/", "/statements/G34/changes/"):
        assert (
            '<a class="cited" href="/reports/a-72-621/text/#para-39"'
            in client.get(page).content.decode()
        )
    assert text_of(client, "/statements/G34/changes/").count("The heading was misread") == 1
    assert "Nothing has been changed" in text_of(client, "/statements/E07/changes/")
    feed = client.get(FEED).content.decode()
    assert "<title>G34: Changed: Another title</title>" in feed
    assert re.search(r'href="http://testserver/statements/G34/changes/"', feed)
    assert "G34" not in client.get("/projects/changes/").content.decode()
    assert f'href="{LOG}"' in client.get("/projects/changes/").content.decode()
    assert client.get("/statements/X1/changes/").status_code == 404
    assert client.get(f"{LOG}?page=2").status_code == 404


@pytest.mark.long
def test_drafts_and_names_never_show(editor, reviewer, client):
    imported(editor, [KENYA])
    whole = write(editor, code="B90", kind="body", projects="", title="Zephyr council")
    part = write(editor, code="R90", kind="detail", parent=str(whole.pk), projects="")
    approve(reviewer, part)  # which nobody sees before its whole
    for page in (LOG, FEED):
        html = client.get(page).content.decode()
        assert not re.search("Zephyr|R90|B90|kenya", html), page
    for page in ("/statements/R90/", "/statements/R90/changes/"):
        assert client.get(page).status_code == 404
    approve(reviewer, whole)
    assert client.get("/statements/R90/").status_code == 200
    text = text_of(client, LOG)
    assert "B90 Zephyr council Added" in text and "R90" in text
    for page in (LOG, FEED, "/statements/B90/changes/"):
        html = client.get(page).content.decode()
        assert "B90" in html and not re.search("zanele|yusuf", html)


def test_one_that_was_deleted_keeps_its_log(client):
    change("Another title")
    Statement.live.get(code="G34").delete()
    text = text_of(client, "/statements/G34/changes/")
    assert "It is no longer in the register." in text and "Deleted" in text
    assert "G34 Another title Deleted" in text_of(client, LOG)


def test_more_changes_cost_no_more_queries(client):
    change("Title 0")
    first = queries_of(client, LOG)
    for number in range(1, 6):
        change(f"Title {number}")
    # The first time the process asks for the kinds of records, too.
    assert queries_of(client, LOG) <= first
