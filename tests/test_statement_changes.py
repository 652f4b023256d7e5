"""The public log of statements: what changed and why, not who, and nothing of drafts."""

import re

import pytest

from projects.history import recording
from projects.models import Entity, Project
from reports.models import Figure, Statement

from .conftest import member
from .pages import queries_of, text_of
from .test_statement_review import approve, write

pytestmark = pytest.mark.usefixtures("register")
LOG = "/statements/changes/"
SINCE = "No change has been recorded here since this register was set up."


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
    assert SINCE in text_of(client, LOG)
    before = Statement.published.get(code="G34").title
    change("Another title")
    text = text_of(client, LOG)
    assert f"G34 Another title Changed title: {before} → Another title" in text
    # What the statement cites is linked; its reason is free text, in which nothing is.
    link = '<a class="cited" href="/reports/a-72-621/text/42/?read=G34"'
    assert link in client.get("/statements/G34/").content.decode()
    for page in (LOG, "/statements/G34/changes/"):
        html = client.get(page).content.decode()
        assert "The heading was misread (A/72/621, para. 39)</td>" in html
        assert 'class="cited"' not in html
    assert text_of(client, "/statements/G34/changes/").count("The heading was misread") == 1
    assert SINCE in text_of(client, "/statements/E07/changes/")
    assert "Atom feed" not in text_of(client, LOG)
    assert "G34" not in client.get("/projects/changes/").content.decode()
    assert f'href="{LOG}"' in client.get("/projects/changes/").content.decode()
    assert client.get("/statements/X1/changes/").status_code == 404
    assert client.get(f"{LOG}?page=2").status_code == 404


def test_each_feed_has_what_it_is_about(client):
    change("Another title")
    unesco, other = (Entity.objects.get(acronym=one) for one in ("UNESCO", "DPI"))
    for one in (unesco, other):
        one.kind = "made up"
        with recording(reason=f"Of {one.acronym}"):
            one.save()
    figure = Figure.objects.get(report__slug="a-72-621", query="scope=global")
    figure.value = 83
    project = Project.published.get(reference="PVE-001")
    project.summary = "Another summary"
    with recording(reason="A corrigendum"):
        figure.save()
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
    assert titles("/projects/PVE-001/changes.atom") == [
        "PVE matrix: Changes to PVE-001",
        "PVE-001: Changed",
    ]
    assert titles("/projects/PVE-002/changes.atom") == ["PVE matrix: Changes to PVE-002"]
    of_entity = titles("/entities/UNESCO/changes.atom")
    assert of_entity[:2] == ["PVE matrix: Changes to UNESCO", "PVE-001: Changed"]
    assert any(one.startswith("UNESCO: Changed") for one in of_entity)
    assert not any("DPI" in one for one in of_entity)
    assert len(titles("/reports/a-72-621/changes.atom")) == 2
    assert titles("/reports/mya-2019/changes.atom")[1:] == []
    for nothing in ("projects/PVE-999", "entities/XX", "reports/x"):
        assert client.get(f"/{nothing}/changes.atom").status_code == 404
    refused = client.get(f"{filtered}=space")
    assert (refused.status_code, refused["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert refused.content.decode().startswith("priority_area: “space” is not allowed.")


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
    assert not re.search("Zephyr|R90|B90", client.get(LOG).content.decode())
    for page in ("/statements/R90/", "/statements/R90/changes/"):
        assert client.get(page).status_code == 404
    approve(reviewer, whole)
    assert client.get("/statements/R90/").status_code == 200
    text = text_of(client, LOG)
    assert "B90 Zephyr council Added" in text and "R90" in text
    for page in (LOG, "/statements/B90/changes/"):
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
