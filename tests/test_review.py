"""Review: drafts are seen by staff only, and nobody publishes their own."""

import itertools
import re

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from projects.editions import publish
from projects.history import Revision, recording, unrecorded
from projects.imports import batches, previews
from projects.models import Edition, Objection, Project
from reports.models import Statement

from .conftest import member
from .files import upload
from .pages import body, submit, text_of, total_of
from .test_admin import form_of

pytestmark = pytest.mark.usefixtures("register")


def review_of(project) -> str:
    return f"/admin/projects/project/{project.pk}/review/"


def sign_off(client, project):
    page = review_of(project)
    return submit(client, page, {"approve": "yes"}, follow=True).content.decode()


def restore(client, revision):
    page = f"/admin/projects/revision/{revision.pk}/"
    return submit(client, f"{page}change/", {"reason": "x"}, to=f"{page}restore/")


PUBLIC = [
    "/",
    "/projects/?per_page=100&page=3",
    "/projects/?q=undertaking",
    "/projects/?entity=ITU",
    "/projects/export.csv",
    "/reports/priority-area.json",
    "/reports/cross-table/?rows=entity&columns=scope",
    "/reports/a-72-621/",
    "/projects/changes/",
    "/projects/changes.atom",
    "/editions/reconstruction-2017-12/changes/live/",
    "/about/",
]


# What differs from one second to the next.
CLOCK = re.compile(r"generated_at[^,]*|Accessed on.*?\.|<updated>.*?<")


def said(client, address) -> str:
    return CLOCK.sub("", body(client.get(address)).decode())


@pytest.mark.long
def test_a_draft_is_on_no_public_page(draft, client):
    with_draft = [said(client, address) for address in PUBLIC]
    for address, text in zip(PUBLIC, with_draft, strict=True):
        assert "Unpublished" not in text, address
        assert "Secret reason" not in text, address
    with unrecorded("the test sets the scene"):
        Project.live.filter(pk=draft.pk).delete()
    assert with_draft == [said(client, address) for address in PUBLIC]


def test_a_draft_has_no_page_of_its_own_and_is_in_no_edition(draft, client):
    for address in ("/projects/PVE-224/", "/projects/PVE-224/changes/"):
        assert client.get(address).status_code == 404
    # Nor does the desk tell its address to who may not see it.
    kind = ContentType.objects.get_for_model(Project)
    bare = Client()
    bare.force_login(User.objects.create_user("bare", is_staff=True))
    for staff in (bare, member("Viewers", "looking")):
        assert staff.get(f"/admin/r/{kind.pk}/{draft.pk}/").status_code == 404
    edition = publish(Edition(slug="second", name="Second", date="2026", note="For a test"))
    assert edition.count == 223


@pytest.mark.long
def test_staff_see_it_and_somebody_else_publishes_it(draft):
    assert "Unpublished" in text_of(member("Viewers", "v"), "/admin/projects/project/?review=draft")
    reviewer = member("Reviewers", "reviewer")
    html = reviewer.get(f"/admin/projects/project/{draft.pk}/change/").content.decode()
    assert f'href="{review_of(draft)}">Review</a>' in html
    assert "View on site" not in html  # the public has no page of it
    assert "Publish this draft" in text_of(reviewer, review_of(draft))
    html = sign_off(reviewer, draft)
    assert "PVE-224 is already reviewed." in sign_off(reviewer, draft)
    assert "PVE-224 is published." in html
    assert "published in A/72/621" not in html  # it took the place of a placeholder
    assert total_of(Client().get("/projects/").content.decode()) == 13
    text = text_of(Client(), "/projects/changes/")
    assert "PVE-224 Added" in text
    assert "Secret reason" not in text
    revision = Revision.objects.filter(key="PVE-224").first()
    assert (revision.by_name, [c.column for c in revision.changes]) == ("reviewer", ["review"])


def chosen(*projects) -> dict:
    return {"action": "review", "_selected_action": [one.pk for one in projects], "index": "0"}


@pytest.mark.long
def test_nobody_publishes_what_changed_since_they_looked(draft):
    reviewer = member("Reviewers", "reviewer")
    listed = reviewer.post("/admin/projects/project/", chosen(draft)).content.decode()
    opened = reviewer.get(review_of(draft)).content.decode()
    draft.title = "Undertaking nobody has read"
    draft.save()
    said = "PVE-224: Somebody has changed it since you opened this page."
    for html, address, data in (
        (listed, "/admin/projects/project/", chosen(draft)),
        (opened, review_of(draft), {}),
        (opened, review_of(draft), {"object": "yes", "sentence": "No"}),
    ):
        (seen, *_rest) = re.findall(rf'name="seen-{draft.pk}" value="([0-9]+)"', html)
        sent = {"approve": "yes", f"seen-{draft.pk}": seen} | data
        if "object" in data:
            del sent["approve"]
        assert said in reviewer.post(address, sent, follow=True).content.decode()
        assert Project.live.get(reference="PVE-224").review == "draft"
    assert not Objection.objects.exists()


def test_the_page_of_a_review_is_the_change():
    project = Project.published.get(reference="PVE-002")
    writer = User.objects.create_user("writer", is_staff=True)
    with recording(
        by=writer, reason="Para. 9 of https://www.un.org/letter, <b> and A/72/621, para. 40"
    ):
        project.title = "Network"
        project.scope = "global"
        project.save()
    with recording(by=writer, reason="Typing"):
        project.title = "Networks"
        project.save()
    reviewer = member("Reviewers", "reviewer")
    response = reviewer.get(review_of(project))
    (one,) = response.context["waiting"]
    assert [(c.column, c.old, c.new) for c in one.changes][:2] == [
        ("Title", "Young Peacebuilders", "Networks"),
        ("Scope", "Regional", "Global"),
    ]
    assert [revision.reason for revision in one.revisions] == [
        "Para. 9 of https://www.un.org/letter, <b> and A/72/621, para. 40",
        "Typing",
    ]
    html = response.content.decode()
    assert 'href="https://www.un.org/letter"' in html
    assert "&lt;b&gt; and A/72/621, para. 40<" in html
    # The entry's source is a citation; the reason is free text, which is not searched for any.
    cited = re.findall(r'<a class="cited" href="[^"]*(#para-\d+)"[^>]*>([^<]*)</a>', html)
    assert cited == [("#para-34", "A/72/621, para.\xa034")]
    assert "No figure of the report changes." in html
    # Once it is reviewed nothing of that is to be judged again.
    assert " is signed off." in sign_off(reviewer, project)
    text = text_of(reviewer, review_of(project))
    assert "Nothing waits for review." in text
    assert "Networks" in text
    assert "letter" not in text


@pytest.mark.long
def test_a_change_is_sent_back_with_a_sentence_that_only_staff_see(draft):
    reviewer = member("Reviewers", "reviewer")
    data = {"object": "yes", "sentence": ""}
    html = submit(reviewer, review_of(draft), data).content.decode()
    assert "Say what is missing or wrong." in html
    assert "<title>Error: PVE-224: " in html
    assert re.search('<input[^>]* name="sentence"[^>]* autofocus', html)
    data["sentence"] = "Name the page of the source."
    html = submit(reviewer, review_of(draft), data, follow=True).content.decode()
    assert "PVE-224 is sent back." in html
    assert "Nothing else waits for your review." in html
    writer = User.objects.get(username="writer")
    author = member("Editors", "writer")
    said = "Sent back by reviewer: Name the page of the source."
    pages = ("review", "change", "history")
    for page in pages:
        assert said in text_of(author, f"/admin/projects/project/{draft.pk}/{page}/")
    html = submit(reviewer, review_of(draft), data, follow=True).content.decode()
    assert "PVE-224 was already sent back." in html
    # What its author then changes waits for review again, and the sentence stays in history.
    draft.source = "A/70/674, para. 2, p. 4"
    with recording(by=writer):
        draft.save()
    for page, there in zip(pages, (False, False, True), strict=True):
        shown = text_of(author, f"/admin/projects/project/{draft.pk}/{page}/")
        assert (said in shown) is there, page
    assert " is published." in sign_off(reviewer, draft)
    assert "Name the page" not in text_of(Client(), "/projects/PVE-224/changes/")


@pytest.mark.long
def test_many_are_approved_only_after_their_changes_were_shown(draft):
    other = Project.published.get(reference="PVE-001")
    other.title = "NET-MED"
    other.save()
    own = Project.published.get(reference="PVE-002")
    reviewer = member("Reviewers", "reviewer")
    with recording(by=User.objects.get(username="reviewer")):
        own.title = "Mine"
        own.save()
    listed = text_of(reviewer, "/admin/projects/project/?review__exact=draft")
    assert re.search(r"writer, \d+ [A-Z][a-z]+ \d{4} ", listed)
    html = reviewer.post("/admin/projects/project/", chosen(draft, other, own)).content.decode()
    for title in ("Unpublished undertaking", "NET-MED", "Mine"):
        assert f"<ins>{title}</ins>" in html
    assert "published in A/72/621" not in html
    assert "Approve the changes ticked" in html
    assert Project.live.get(reference="PVE-224").review == "draft"
    seen = dict(re.findall(r'name="(seen-[0-9]+)" value="([0-9]+)"', html))
    sent = chosen(draft, other) | seen | {"approve": "yes"}
    html = reviewer.post("/admin/projects/project/", sent, follow=True).content.decode()
    assert "2 entries are reviewed." in html


def test_what_was_sent_back_is_not_ticked_and_equal_changes_of_one_import_are_one(draft):
    lines = b"reference,start_date\nPVE-002,2015\nPVE-001,2015\nPVE-003,2016\n"
    batch = upload("file.csv", lines, {"only": None, "ignored": []})
    batches.apply(batch, previews.preview(batch).digest, User.objects.get(username="writer"))
    reviewer = member("Reviewers", "reviewer")
    objection = {"object": "yes", "sentence": "Name the page."}
    submit(reviewer, review_of(draft), objection)
    some = [Project.published.get(reference=f"PVE-00{n}") for n in (1, 2, 3)]
    data = chosen(draft, *some)
    html = reviewer.post("/admin/projects/project/", data).content.decode()
    titles = re.findall(r'<h2 id="title-\d+">(.*?)[ :]', html)
    assert titles == ["The", "PVE-003", "PVE-224"]
    assert "The same change of 2 entries" in html
    # However many they are, their names, boxes and sources are folded.
    folded = re.findall(r"<details>\s*<summary>(.*?)</summary>(.*?)</details>", html, re.DOTALL)
    assert [one[0] for one in folded] == ["The 2 entries", "Their sources and files"]
    assert [one[1].count("PVE-00") for one in folded] == [4, 2]
    boxes = re.findall(r'name="_selected_action" value="(\d+)"( checked)?', html)
    assert boxes == [*((str(one.pk), " checked") for one in some), (str(draft.pk), "")]


@pytest.mark.long
def test_the_next_thing_to_review_may_be_of_another_kind(draft):
    first, other = Statement.published.all()[:2]
    for one in (first, other):
        one.title = "Another title"
        one.save()
    reviewer = member("Reviewers", "reviewer")
    page = f"/admin/reports/statement/{first.pk}/review/"
    pages = [page, f"/admin/reports/statement/{other.pk}/review/", review_of(draft), "/admin/"]
    for page, following in itertools.pairwise(pages):
        assert submit(reviewer, page, {"approve": "yes"})["Location"] == following


@pytest.mark.long
def test_nobody_publishes_their_own_draft(draft):
    client = member("Reviewers", "writer")
    assert "PVE-224: You wrote this yourself: somebody else reviews it." in sign_off(client, draft)
    draft.refresh_from_db()
    assert draft.review == "draft"
    # Neither by restoring a version, nor by bringing it back.
    revision = Revision.objects.filter(key="PVE-224").first()
    draft.title = "Another"
    draft.save()
    restore(client, revision)
    assert Project.live.get(reference="PVE-224").review == "draft"
    Project.live.get(reference="PVE-224").delete()
    deleted = Revision.objects.filter(key="PVE-224").first()
    restore(client, deleted)
    assert Project.live.get(reference="PVE-224").review == "draft"


@pytest.mark.long
def test_who_undid_an_import_is_not_the_author_of_the_values_before(client):
    project = Project.published.get(reference="PVE-001")
    reviewer = member("Reviewers", "reviewer")
    with recording(by=User.objects.create_user("writer"), reason="A letter"):
        project.title = "NET-MED"
        project.save()
    content = b"reference,title\nPVE-001,Wrong\n"
    batch = upload("file.csv", content, {"only": None, "ignored": []})
    clerk, undoer = (User.objects.get_or_create(username=name)[0] for name in ("clerk", "reviewer"))
    batches.apply(batch, previews.preview(batch).digest, clerk)
    assert not Project.live.waiting().not_written_by(clerk)
    batches.undo(batch, undoer, "Wrong file")
    (waits,) = Project.live.waiting().with_last_revision()
    assert (waits.title, waits.last_by) == ("NET-MED", "writer")
    mine = {one.username: Project.live.written_by(one).count() for one in User.objects.all()}
    assert mine == {"writer": 1, "reviewer": 0, "clerk": 0}
    assert " is signed off." in sign_off(reviewer, project)
    assert Revision.objects.of(project).count() == 4


@pytest.mark.long
@pytest.mark.postgresql
def test_a_review_blocks_no_undo_and_the_rest_of_an_import_can_be_undone(reviewer, draft):
    writer, clerk = User.objects.get(username="writer"), User.objects.create_user("clerk")
    titles = {one.reference: one.title for one in Project.published.filter(number__lte=3)}
    with recording(by=writer, reason="A letter"):
        one = Project.published.get(reference="PVE-002")
        one.title = "Written before"
        one.save()
    lines = b"reference,title\nPVE-001,A\nPVE-002,B\nPVE-003,C\nPVE-224,D\n"
    batch = upload("file.csv", lines, {"only": None, "ignored": []})
    batches.apply(batch, previews.preview(batch).digest, clerk)
    some = Project.live.filter(reference__in=["PVE-001", "PVE-002", "PVE-224"])
    html = reviewer.post("/admin/projects/project/", chosen(*some)).content.decode()
    seen = dict(re.findall(r'name="(seen-[0-9]+)" value="([0-9]+)"', html))
    reviewer.post("/admin/projects/project/", chosen(*some) | seen | {"approve": "yes"})
    assert {one.review for one in some.all()} == {"reviewed"}
    page = f"/admin/projects/batch/{batch.pk}/change/"
    assert 'value="Undo the whole import"' in reviewer.get(page).content.decode()
    with recording(by=writer, reason="Better"):
        third = Project.published.get(reference="PVE-003")
        third.title = "Changed since"
        third.save()
    text = text_of(reviewer, page)
    assert "1 row was changed since: PVE-003." in text
    undo = page.replace("change/", "undo/")
    reviewer.post(undo, {"reason": "Wrong file"})
    assert Project.published.get(reference="PVE-001").title == "A"
    reviewer.post(undo, {"reason": "Wrong file", "rest": "Undo the rest"})
    now = {
        one.reference: (one.title, one.review)
        for one in Project.live.filter(reference__in=[*titles, "PVE-224"])
    }
    assert now == {
        "PVE-001": (titles["PVE-001"], "reviewed"),
        "PVE-002": ("Written before", "changed"),
        "PVE-003": ("Changed since", "changed"),
        "PVE-224": ("Unpublished undertaking", "draft"),
    }
    # Each waits as the work of those who wrote it.
    authors = [Project.live.waiting().written_by(one).count() for one in (writer, clerk)]
    assert authors == [3, 1]
    assert "You wrote this yourself" in sign_off(member("Reviewers", "writer"), one)


@pytest.mark.long
@pytest.mark.postgresql
def test_a_change_shows_at_once_and_waits_for_somebody_else(client):
    project = Project.published.get(reference="PVE-001")
    chief = member("Reviewers", "chief")
    address = f"/admin/projects/project/{project.pk}/change/"
    chief.post(address, form_of(project, title="NET-MED"))
    assert "NET-MED" in text_of(client, "/projects/PVE-001/")
    project.refresh_from_db()
    assert project.review == "changed"
    last_changed = project.updated_at
    assert "You wrote this yourself" in sign_off(chief, project)
    assert "Somebody else reviews what you wrote." in text_of(chief, review_of(project))
    assert " is signed off." in sign_off(member("Reviewers", "other"), project)
    project.refresh_from_db()
    assert (project.review, project.updated_at) == ("reviewed", last_changed)
    # A mere signing off is nothing that the public log shows.
    assert text_of(client, "/projects/PVE-001/changes/").count("Changed") == 1
    # After a review, the earlier author may review what others change.
    third = member("Editors", "third")
    third.post(address, form_of(project, title="NET-MED Youth"))
    assert " is signed off." in sign_off(chief, project)


def test_managers_keep_accounts_but_neither_give_nor_take_over_rights_they_lack(admin_user):
    manager = member("Managers", "manager")
    accounts = "/admin/pvematrix/account"
    above = Group.objects.create(name="Above")
    above.permissions.set(Permission.objects.filter(codename="change_group"))
    known = {"Viewers", "Editors", "Reviewers", "Managers"}
    new = manager.get(f"{accounts}/add/").context["adminform"].form
    assert {*new.fields} == {"username", "first_name", "last_name", "email", "role"}
    assert {group.name for group in new.fields["role"].queryset} == known
    own = User.objects.get(username="manager")
    form = manager.get(f"{accounts}/{own.pk}/change/").context["adminform"].form
    assert {group.name for group in form.fields["groups"].queryset} == known
    assert not {"is_superuser", "user_permissions"} & {*form.fields}
    data = {"username": "manager", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    data |= {"groups": [Group.objects.get(name="Managers").pk]}
    assert manager.post(f"{accounts}/{own.pk}/change/", data).status_code == 302
    own.refresh_from_db()
    assert not own.is_superuser
    other = User.objects.create_user("other", is_staff=True, is_active=False)
    other.groups.add(above)
    for higher in (other, admin_user):
        assert manager.get(f"{accounts}/{higher.pk}/password/").status_code == 403
        assert manager.post(f"{accounts}/{higher.pk}/change/", data).status_code == 403
        assert manager.post(f"{accounts}/{higher.pk}/delete/", {"post": "yes"}).status_code == 403
    member("Reviewers", "reviewer")
    reviewer = User.objects.get(username="reviewer")
    assert manager.get(f"{accounts}/{reviewer.pk}/password/").status_code == 200
