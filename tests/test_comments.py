"""Comments on an entry: staff see them on its pages and beside its history, the public never."""

import re

import pytest
from django.contrib.auth.models import User

from projects.history import Revision, recording
from projects.models import Comment, Project

from .conftest import saved
from .pages import queries_of, submit, text_of
from .test_admin import form_of
from .test_review import chosen, member, restore

pytestmark = pytest.mark.usefixtures("register")


@pytest.fixture
def project() -> Project:
    return Project.published.get(reference="PVE-002")


def page_of(project, name: str) -> str:
    return f"/admin/projects/project/{project.pk}/{name}/"


def comment(client, project, text: str, page="review", **extra):
    return client.post(page_of(project, "comments"), {"text": text, "page": page}, **extra)


@pytest.mark.parametrize("name", ["change", "history", "review", "comments"])
def test_a_comment_is_added_with_one_post_that_redirects_to_its_page(name, project):
    editor = member("Editors", "ed")
    assert f'<input type="hidden" name="page" value="{name}"' in (
        editor.get(page_of(project, name)).content.decode()
    )
    response = comment(editor, project, "Is the <b>year</b> right?\r\nSee https://x.org/p.", name)
    assert response["Location"] == page_of(project, name)
    html = editor.get(page_of(project, name)).content.decode()
    assert "Your comment is saved." in html
    assert "<strong>ed</strong>, " in html
    assert "Is the &lt;b&gt;year&lt;/b&gt; right?<br>See <a href=" in html
    kept = Comment.objects.get()
    assert (kept.reference, kept.by_name) == ("PVE-002", "ed")
    assert kept.text == "Is the <b>year</b> right?\nSee https://x.org/p."


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "Write the comment."),
        ("x" * 1001, "at most 1000 characters (it has 1001)"),
        ("turn\u202eed", "Character 5 is invisible (U+202E)"),
        ("a\x00b", "Null characters are not allowed."),
    ],
)
def test_what_is_no_comment_is_refused_and_nothing_typed_is_lost(text, problem, project):
    response = comment(member("Editors", "ed"), project, text)
    assert response.status_code == 200
    html = response.content.decode()
    assert problem in html
    assert re.search(r"<title>Error: PVE-002: [^|]+ \| Comments \| ", html)
    assert text.strip().replace("\x00", "\ufffd")[:900] in html.replace("\x00", "\ufffd")
    assert not Comment.objects.exists()


def test_the_end_of_a_line_is_one_character_as_browsers_count_it(project):
    editor = member("Editors", "ed")
    # Where it was written is a page of the entry.
    assert comment(editor, project, "x", page="delete").status_code == 200
    comment(editor, project, "\r\n".join(["x" * 499, "y" * 500]))
    assert len(Comment.objects.get().text) == 1000
    # The entry stays reviewed.
    again = Project.published.get(reference="PVE-002")
    assert (again.review, again.updated_at) == ("reviewed", project.updated_at)


def test_viewers_read_comments_and_write_none(project):
    comment(member("Editors", "ed"), project, "Read this")
    viewer = member("Viewers", "v")
    for name in ("change", "history", "review", "comments"):
        text = text_of(viewer, page_of(project, name))
        assert "Read this" in text
        assert "Add the comment" not in text
    assert comment(viewer, project, "x").status_code == 403
    assert Comment.objects.count() == 1


def test_comments_on_a_deleted_entry_are_shown_with_its_history_and_restored_with_it():
    reviewer, project = member("Reviewers", "r"), saved("PVE-224", title="Youth clubs")
    comment(reviewer, project, "It was never held")
    page = page_of(project, "delete")
    submit(reviewer, page, {"reason": "Never held", "post": "yes"})
    assert not Project.live.filter(reference="PVE-224").exists()
    assert reviewer.get(page_of(project, "comments")).status_code == 404
    last = Revision.objects.of(project).last()
    text = text_of(reviewer, f"/admin/projects/revision/{last.pk}/change/")
    assert "It was never held" in text
    restore(reviewer, last)
    assert "It was never held" in text_of(reviewer, page_of(project, "comments"))


def test_many_changes_on_one_page_each_have_their_comments(draft, project):
    reviewer = member("Reviewers", "r")
    member("Editors", "ed").post(page_of(project, "change"), form_of(project, title="New"))
    comment(reviewer, draft, "On the draft")
    comment(reviewer, project, "On the change")
    text = " ".join(
        reviewer.post("/admin/projects/project/", chosen(draft, project)).content.decode().split()
    )
    assert text.index("New") < text.index("On the change") < text.index("Unpublished undertaking")
    assert text.index("Unpublished undertaking") < text.index("On the draft")


@pytest.mark.long
def test_the_author_finds_what_was_said_until_there_is_an_answer(draft):
    writer = User.objects.get(username="writer")
    other = member("Reviewers", "r")
    with recording(by=writer):
        draft.title = "An undertaking"
        draft.save()
    author = member("Editors", "second")
    author.force_login(writer)
    writer.groups.set(User.objects.get(username="r").groups.all())
    assert "Comments: " not in text_of(author, "/admin/")
    comment(other, draft, "Which year?")
    comment(other, draft, "And who?")
    text = text_of(author, "/admin/")
    assert "Comments: 2 PVE-224 r: Which year? PVE-224 r: And who?" in text
    # Not of others, nor to whom it is said by himself.
    assert "Comments: " not in text_of(other, "/admin/")
    comment(author, draft, "2016")
    assert "Comments: " not in text_of(author, "/admin/")
    comment(other, draft, "Thanks")
    assert "Comments: 1" in text_of(author, "/admin/")
    with recording(by=writer):
        draft.title = "The undertaking"
        draft.save()
    assert "Comments: " not in text_of(author, "/admin/")


@pytest.mark.postgresql
@pytest.mark.long
def test_a_hundred_comments_cost_as_many_queries_as_one(project):
    reviewer = member("Reviewers", "r")
    by = User.objects.get(username="r")
    pages = [page_of(project, name) for name in ("change", "history", "review", "comments")]
    pages.append("/admin/")

    def queries() -> list[int]:
        for page in pages:
            reviewer.get(page)
        return [queries_of(reviewer, page) for page in pages]

    def say(number: int) -> None:
        Comment.objects.bulk_create(
            Comment(project=project, reference="PVE-002", text="x", by=by, by_name="r")
            for _one in range(number)
        )

    say(1)
    with_one = queries()
    say(99)
    assert queries() == with_one
