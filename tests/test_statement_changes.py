"""What changed in a statement, on its page, and the feed of the register: not who, no drafts."""

import re

import pytest

from projects.history import recording
from projects.models import Project
from reports.models import Statement

from .conftest import member
from .pages import queries_of, text_of
from .test_statement_review import approve, write

pytestmark = pytest.mark.usefixtures("register")
PAGE = "/statements/G34/"


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


def test_the_page_of_a_statement_has_its_changes_with_their_reason(client):
    assert "History" not in text_of(client, PAGE)
    before = Statement.published.get(code="G34").title
    change("Another title")
    html = client.get(PAGE).content.decode()
    assert f"Changed title: {before} → Another title" in text_of(client, PAGE)
    # What the statement cites is linked; its reason is free text, in which nothing is.
    assert '<a class="cited" href="/reports/a-72-621/text/42/?read=G34"' in html
    assert "The heading was misread (A/72/621, para. 39)</td>" in html
    assert "History" not in text_of(client, "/statements/E07/")
    assert "G34" not in client.get("/projects/changes/").content.decode()
    for address in ("/statements/changes/", "/statements/G34/changes/"):
        assert client.get(address).status_code == 404


def test_the_feed_has_what_its_filters_match(client):
    change("Another title")
    project = Project.published.get(reference="PVE-001")
    project.summary = "Another summary"
    with recording(reason="A corrigendum"):
        project.save()

    def titles(address: str) -> list[str]:
        answer = client.get(address)
        assert answer.status_code == 200, address
        return re.findall(r"<title>(.*?)</title>", answer.content.decode())

    whole = titles("/projects/changes.atom")
    assert whole == ["PVE matrix: Changes of the register", "PVE-001: Changed"]
    filtered = "/projects/changes.atom?priority_area"
    assert titles(f"{filtered}=gender") == [
        "PVE matrix: Changes of the register: Projects on gender equality and empowering women"
    ]
    assert titles(f"{filtered}=youth")[1:] == ["PVE-001: Changed"]
    assert titles("/projects/changes.atom?entity=UNESCO")[1:] == ["PVE-001: Changed"]
    refused = client.get(f"{filtered}=space")
    assert (refused.status_code, refused["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert refused.content.decode().startswith("priority_area: “space” is not allowed.")
    for gone in ("projects/PVE-001", "entities/UNESCO", "reports/a-72-621", "elsewhere"):
        assert client.get(f"/{gone}/changes.atom").status_code == 404


def test_a_feed_without_changes_is_valid_and_stays_the_same(client):
    feed = client.get("/projects/changes.atom").content.decode()
    assert "<updated>2017-12-01T00:00:00+00:00</updated>" in feed
    assert "<author><name>PVE matrix</name></author>" in feed
    assert "<entry>" not in feed


@pytest.mark.long
def test_drafts_and_names_never_show(editor, reviewer, client):
    whole = write(editor, code="B90", kind="body", projects="", title="Zephyr council")
    part = write(editor, code="R90", kind="detail", parent=str(whole.pk), projects="")
    approve(reviewer, part)  # which nobody sees before its whole
    assert client.get("/statements/R90/").status_code == 404
    approve(reviewer, whole)
    for page in ("/statements/R90/", "/statements/B90/"):
        text = text_of(client, page)
        assert "History" in text and "Added" in text
        assert not re.search("zanele|yusuf", client.get(page).content.decode())


def test_more_changes_cost_no_more_queries(client):
    change("Title 0")
    first = queries_of(client, PAGE)
    for number in range(1, 6):
        change(f"Title {number}")
    # The first time the process asks for the kinds of records, too.
    assert queries_of(client, PAGE) <= first
