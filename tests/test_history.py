"""History: every change with who, when, what and why; two people at once."""

import re
from html import unescape
from threading import Event, Thread

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client

from projects.editions import publish
from projects.history import Revision, recording, unrecorded
from projects.imports import batches, previews
from projects.models import Batch, Country, Edition, Entity, Project, Quotation
from pvematrix.desk.forms import last_revision
from pvematrix.models import Account
from reports.models import Report

from .conftest import member, publish_waiting, saved
from .files import upload
from .pages import queries_of, submit, text_of
from .test_admin import form_of

pytestmark = pytest.mark.postgresql


@pytest.fixture(autouse=True)
def nothing_kept_yet(register):
    """The shipped register has one revision: its first edition was published."""
    Revision.objects.all().delete()


def change_address(project) -> str:
    return f"/admin/projects/project/{project.pk}/change/"


def all_at_once(act, many: int) -> None:
    """Let superusers act at the same time: `act` takes the number of one, and its client."""
    clients = [Client() for _one in range(many)]
    for n, client in enumerate(clients):
        client.force_login(User.objects.create_superuser(f"user{n}", password="x"))

    def act_and_close(n):
        act(n, clients[n])
        connection.close()

    threads = [Thread(target=act_and_close, args=(n,)) for n in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# The list of all revisions


LIST = "/admin/projects/revision/"


def imported(name: str, lines: bytes, by: str) -> Batch:
    """Import a file at once, as somebody."""
    batch = upload(name, lines, {"only": None, "ignored": []})
    user, _made = User.objects.get_or_create(username=by)
    return batches.apply(batch, previews.preview(batch).digest, user, "Letters of May")


def rows_of(client, query: str) -> list[tuple[str, ...]]:
    """The lines of the list, without their times."""
    html = client.get(f"{LIST}?{query}").content.decode()
    rows = html.split('id="result_list"')[1].split("<tbody>")[1].split("</tr>")[:-1]
    cells = [re.findall(r"<t[dh][^>]*>(?:<a[^>]*>)?([^<]*)", row) for row in rows]
    return [tuple(one[1:]) for one in cells]


def test_an_import_is_one_line_which_opens_its_rows(editor, admin_client):
    lines = b"reference,title\nPVE-001,One\nPVE-002,Two\nPVE-003,Three\n"
    batch = imported("letters.csv", lines, "ed")
    with recording(by=User.objects.create_user("rob"), reason="Typing error"):
        project = Project.published.get(reference="PVE-001")
        project.title = "Once"
        project.save()
    of_import = f"Import {batch.pk}: letters.csv"
    line = ("3 records", "Project", "Changed", "ed", "Letters of May", of_import)
    assert rows_of(editor, "") == [
        ("PVE-001", "Project", "Changed", "rob", "Typing error", "-"),
        line,
    ]
    # What an editor did last week takes two clicks; the search finds an import by its file.
    html = editor.get(LIST).content.decode()
    assert re.findall(r'href="(\?by_name=[^"]*)"', html) == ["?by_name=ed", "?by_name=rob"]
    assert f'href="?batch__id__exact={batch.pk}"' in html
    week = re.search(r'href="(\?at__gte[^"]*)">\s*Past 7 days', html)[1]
    assert rows_of(editor, f"by_name=ed&{unescape(week)[1:]}") == [line]
    assert rows_of(editor, "q=letters") == [line]
    assert rows_of(editor, "q=PVE-002") == [("PVE-002", *line[1:])]
    filtered = editor.get(f"{LIST}?by_name=ed").content.decode()
    address = re.search('href="([^"]*)">3 records', filtered)[1]
    opened = rows_of(editor, unescape(address)[1:])
    assert [one[0] for one in opened] == ["PVE-003", "PVE-002", "PVE-001"]
    assert {one[1:] for one in opened} == {line[1:]}


def test_the_list_calls_kinds_what_the_desk_calls_them(editor, admin_client):
    with recording():
        Account.objects.create(username="carol")
        Entity.objects.create(acronym="EU", name="European Union")
    html = admin_client.get(LIST).content.decode()
    kinds = re.findall(r'\?content_type__id__exact=\d+"[^>]*>\s*([^<]*?)\s*<', html)
    assert kinds == ["Account", "Entity"]
    assert "Register |" not in html
    # These were saved at once, and are of two kinds.
    assert rows_of(admin_client, "") == [("2 records", "-", "Added", "-", "-", "-")]
    assert rows_of(editor, "") == [("EU", "Entity", "Added", "-", "-", "-")]


def test_the_list_costs_the_same_however_many_lines_and_rows_it_has(editor):
    imported("a.csv", b"reference,title\nPVE-001,One\nPVE-002,Two\n", "ed")
    queries_of(editor, LIST)
    few = queries_of(editor, LIST)
    for number in range(5):
        lines = "".join(f"PVE-00{n},Title {number}\n" for n in range(1, 9))
        imported(f"{number}.csv", f"reference,title\n{lines}".encode(), f"ed{number}")
    assert queries_of(editor, LIST) == few <= 20


# What is kept


def test_an_edit_at_the_desk_keeps_who_what_and_why_links_included(editor):
    project = Project.published.get(reference="PVE-001")
    assert editor.post(change_address(project), form_of(project)).status_code == 302
    assert not Revision.objects.exists()
    undp, kenya = Entity.objects.get(acronym="UNDP"), Country.objects.get(code="KEN")
    data = form_of(project, title="NET-MED", entities=[undp.pk], countries=[kenya.pk])
    assert editor.post(change_address(project), data | {"reason": "Letter"}).status_code == 302
    revision = Revision.objects.get()
    assert (revision.key, revision.action, revision.by_name) == ("PVE-001", "changed", "editor")
    assert (revision.reason, revision.batch) == ("Letter", None)
    assert [(c.column, c.old, c.new) for c in revision.changes] == [
        ("title", "Networks of Mediterranean Youth (NET-MED Youth)", "NET-MED"),
        ("countries", "", "KEN"),
        ("entities", "UNESCO", "UNDP"),
        ("review", "reviewed", "changed"),
    ]


@pytest.mark.long
def test_a_deletion_needs_a_reason(admin_client):
    project = saved("PVE-224", title="Youth clubs")
    address = f"/admin/projects/project/{project.pk}/delete/"
    for reason, said in ((" ", "Enter a reason."), ("b\x0bad", "(U+000B): remove it")):
        sent = {"post": "yes", "reason": reason}
        response = submit(admin_client, address, sent, follow=True)
        assert said in response.content.decode()
    assert Project.published.filter(pk=project.pk).exists()
    submit(admin_client, address, {"post": "yes", "reason": "Counted twice"})
    revision = Revision.objects.get(action="deleted")
    assert (revision.key, revision.reason) == ("PVE-224", "Counted twice")
    assert revision.by_name == "admin"
    assert revision.old["priority_area"] == "youth"


@pytest.mark.long
@pytest.mark.parametrize("state", ["reviewed", "changed", "set-aside"])
def test_any_change_of_what_is_public_needs_a_reason(editor, state):
    with unrecorded("the test sets the scene"):
        Project.live.filter(reference="PVE-002").update(review=state)
    project = Project.live.get(reference="PVE-002")
    page, words = change_address(project), "quotations-0-words"
    changes = [{"summary": "Lessons"}, {"scope_basis": "inferred"}]
    for change in changes:
        form = editor.post(page, form_of(project, reason="", **change)).context["adminform"].form
        assert form.errors == {"reason": ["Enter a reason."]}
    data = form_of(project, reason="")
    response = editor.post(page, data | {words: data[words].split()[0]})
    assert "Enter a reason." in response.content.decode()
    assert not Revision.objects.of(project).exists()
    assert editor.post(page, form_of(project, reason="Letter", **changes[0])).status_code == 302
    assert Revision.objects.of(project).get().reason == "Letter"


def test_a_draft_changes_without_a_reason(editor):
    with unrecorded("the test sets the scene"):
        Project.live.filter(reference="PVE-002").update(review="draft")
    project = Project.live.get(reference="PVE-002")
    data = form_of(project, reason="", summary="Lessons", scope_basis="inferred")
    assert editor.post(change_address(project), data).status_code == 302


def test_every_model_and_every_way_to_save_is_recorded(register):
    with recording(reason="By a command"):
        Country.objects.get(code="KEN").delete()
        entity = Entity(acronym="ITU", name="International Telecommunication Union")
        entity.save()
        project = Project.published.get(reference="PVE-002")
        project.status = "completed"
        project.save()
        project.entities.add(entity)
    Report.published.get(symbol="HLC 2018").delete()
    publish(Edition(slug="second", name="Second", date="2026", note="For a test"))
    columns = ("content_type__model", "key", "action", "reason")
    assert list(Revision.objects.order_by("pk").values_list(*columns)) == [
        ("country", "KEN", "deleted", "By a command"),
        ("entity", "ITU", "added", "By a command"),
        ("project", "PVE-002", "changed", "By a command"),
        ("figure", "HLC 2018: all, entities", "deleted", ""),
        ("figure", "HLC 2018: all, projects", "deleted", ""),
        ("figure", "HLC 2018: all, countries", "deleted", ""),
        ("report", "HLC 2018", "deleted", ""),
        ("edition", "second", "added", ""),
    ]
    changed = Revision.objects.get(key="PVE-002")
    assert [(c.column, c.old, c.new) for c in changed.changes] == [
        ("entities", "UNAOC", "ITU;UNAOC"),
        ("status", "not-stated", "completed"),
        ("review", "reviewed", "changed"),
    ]


# Versions


def test_a_version_is_restored_with_its_links(admin_client, register):
    project = Project.published.get(reference="PVE-001")
    address = change_address(project)
    first = form_of(project, title="First", entities=[], reason="One")
    admin_client.post(address, first)
    project.refresh_from_db()
    undp = Entity.objects.get(acronym="UNDP")
    admin_client.post(address, form_of(project, title="Second", entities=[undp.pk], reason="Two"))
    one, _two = Revision.objects.order_by("pk")
    history = f"/admin/projects/project/{project.pk}/history/"
    assert "Title: First → Second" in text_of(admin_client, history)
    page = f"/admin/projects/revision/{one.pk}/change/"
    restoring = f"/admin/projects/revision/{one.pk}/restore/"
    submit(admin_client, page, {"side": "old", "reason": ""}, to=restoring)
    project.refresh_from_db()
    assert project.title == "Second"
    data = {"side": "old", "reason": "Back to the report"}
    submit(admin_client, page, data, to=restoring)
    project = Project.published.get(pk=project.pk)
    assert project.title == "Networks of Mediterranean Youth (NET-MED Youth)"
    assert [e.acronym for e in project.entities.all()] == ["UNESCO"]
    last = Revision.objects.first()
    assert (last.action, last.reason, last.by_name) == ("changed", "Back to the report", "admin")


def test_a_deleted_project_is_brought_back_with_its_links(admin_client, register):
    project = Project.published.get(reference="PVE-001")
    before = project.snapshot()
    project.delete()  # as one could before entries that hold a place were set aside instead
    assert Quotation.objects.filter(project=project.pk).count() == 0
    deleted = Revision.objects.get(key="PVE-001")
    assert "no longer in the register" in text_of(Client(), "/projects/PVE-001/changes/")
    assert "Bring back" in text_of(admin_client, f"/admin/projects/revision/{deleted.pk}/change/")
    page = f"/admin/projects/revision/{deleted.pk}/"
    held = submit(admin_client, f"{page}change/", {"reason": "Undo"}, to=f"{page}restore/")
    assert not Project.live.filter(reference="PVE-001").exists()
    publish_waiting(held["Location"])
    assert Project.published.get(reference="PVE-001").snapshot() == before
    kept = Revision.objects.filter(key="PVE-001").order_by("pk")
    assert [revision.action for revision in kept] == ["deleted", "added"]
    assert [*Project.published.get(reference="PVE-001").quoted] == [
        *("title", "priority_area", "scope")
    ]


def test_neither_deleting_nor_restoring_touches_what_nobody_looked_at(admin_client, register):
    project = Project.published.get(reference="PVE-001")
    project.title = "First"
    project.save()
    one = Revision.objects.get()
    project.title = "Second"
    stale = {"reason": "x", "post": "yes", "side": "old", "seen": one.pk}
    project.save()
    said = "Somebody has changed it since you opened this page. Look at it again."
    for address in (
        f"/admin/projects/project/{project.pk}/delete/",
        f"/admin/projects/revision/{one.pk}/restore/",
    ):
        html = admin_client.post(address, stale, follow=True).content.decode()
        assert said in html
        assert Project.published.get(reference="PVE-001").title == "Second"
    assert Revision.objects.filter(key="PVE-001").count() == 2


@pytest.mark.parametrize("reason", ["b\x0bad", "b\0ad", "b\ufffead"])
def test_no_text_breaks_the_feed(admin_client, register, reason):
    project = Project.published.get(reference="PVE-001")
    project.title = "Another"
    project.save()
    revision = Revision.objects.get()
    page = f"/admin/projects/revision/{revision.pk}/"
    data = {"reason": reason, "side": "old"}
    response = submit(admin_client, f"{page}change/", data, to=f"{page}restore/", follow=True)
    assert "is invisible" in response.content.decode()
    data = form_of(project, link="https://example.org/\x01x", title="x\ufffe", reason="x")
    form = admin_client.post(change_address(project), data).context["adminform"].form
    assert form.errors.keys() == {"link", "title"}
    assert Client().get("/projects/changes.atom").status_code == 200


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_of_many_who_restore_a_record_at_once_all_but_one_get_an_error(register):
    project = saved("PVE-224")
    key = project.pk
    project.delete()
    deleted = Revision.objects.get(key="PVE-224", action="deleted")
    answers = []

    def bring_back(_n, client):
        address = f"/admin/projects/revision/{deleted.pk}/restore/"
        data = {"reason": "Back", "seen": deleted.pk}
        answers.append(client.post(address, data)["Location"].partition("?")[0])

    all_at_once(bring_back, 4)
    refused = f"/admin/projects/revision/{deleted.pk}/change/"
    assert sorted(answers) == [f"/admin/projects/project/{key}/change/", *[refused] * 3]
    assert Revision.objects.filter(key="PVE-224").count() == 3


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_who_has_to_wait_too_long_gets_503(register, admin_client):
    """SQLite has one lock; PostgreSQL's on a project, and on the counters of attempts."""
    project = Project.published.get(reference="PVE-001")
    admin_client.get("/admin/")  # begins the session, which is written down as well
    holding, done = Event(), Event()
    postgresql = connection.vendor == "postgresql"

    def hold():
        with transaction.atomic(), connection.cursor() as cursor:
            Project.live.select_for_update().get(pk=project.pk)
            if postgresql:
                cursor.execute("LOCK TABLE cache IN EXCLUSIVE MODE")
            holding.set()
            done.wait(30)
        connection.close()

    thread = Thread(target=hold)
    thread.start()
    assert holding.wait(30)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 100" if postgresql else "PRAGMA busy_timeout = 100")
    try:
        saved = admin_client.post(change_address(project), form_of(project, reason="x"))
        # Who only looks does not wait.
        assert admin_client.get("/admin/projects/project/").status_code == 200
        searched = text_of(Client(), "/projects/?q=media+africa")
        assert "not stated; A/72/621's totals allow 0 to 23." in searched
        report = {"column": "title", "value": "x", "source": "y"}
        others = [
            Client().post("/accounts/login/", {"login": "nobody", "password": "x"}),
            Client().post("/projects/PVE-001/correct/", report),
        ]
    finally:
        done.set()
        thread.join()
        connection.close()
    for response in (saved, *others):
        assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "Nothing was saved." in saved.content.decode()


def test_restoring_takes_the_permission_to_change(editor, client):
    entity = Entity.objects.get(acronym="UNDP")
    entity.name = "Another"
    entity.save()
    report = Report.published.get(symbol="HLC 2018")
    report.title = "Another"
    report.save()
    for_entity, for_report = Revision.objects.order_by("pk")
    data = {"side": "old", "reason": "Back", "seen": for_entity.pk}
    restore_address = "/admin/projects/revision/{}/restore/"
    assert editor.post(restore_address.format(for_report.pk), data).status_code == 403
    assert editor.get(restore_address.format(for_entity.pk)).status_code == 405
    assert editor.post(restore_address.format(for_entity.pk), data).status_code == 302
    assert Entity.objects.get(acronym="UNDP").name == "United Nations Development Programme"


# What the public sees

SINCE = "No change has been recorded here since this register was set up."


def test_the_log_names_what_changed_between_the_two_newest_editions(register, client):
    between = "Between the two newest editions 5 described entries changed. What changed"
    compared = "/editions/reconstruction-2017-12/changes/reconstruction-2026-11/"
    text = text_of(client, "/projects/changes/")
    assert between in text
    assert SINCE in text
    html = client.get("/projects/changes/").content.decode()
    assert f'<a href="{compared}">What changed</a>' in html
    # The page of that difference has the same number.
    differences = text_of(client, compared)
    assert "3 Reclassified" in differences and "2 Changed" in differences
    # An entry that was corrected says since when, and where it changed.
    assert "Unchanged since 28 November 2026" in text_of(client, "/projects/PVE-001/")
    text = text_of(client, "/projects/PVE-001/changes/")
    assert "This entry differs between the two newest editions. What changed" in text
    assert SINCE in text
    assert "editions" not in text_of(client, "/projects/PVE-002/changes/")
    # With filters only what matches now is listed.
    assert "Between" not in text_of(client, "/projects/changes/?scope=national")
    publish(Edition(slug="same", name="The same", date="2026-12", report="a-72-621"))
    assert "Between" not in text_of(client, "/projects/changes/")


def test_the_log_costs_no_more_queries_with_more_changes(register, client):
    def queries_after(*numbers):
        for project in Project.published.filter(number__in=numbers):
            project.title = f"{project.title}, again"
            with recording(reason="Letter of the Organization"):
                project.save()
        return queries_of(client, "/projects/changes/")

    assert queries_after(*range(2, 12)) == queries_after(1)


def test_with_filters_the_log_has_what_changed_in_the_entries_that_match_now(register, client):
    assert SINCE in text_of(client, "/projects/changes/?scope=national")
    for reference, area, reason in (
        ("PVE-001", "youth", "Another name"),
        ("PVE-003", "youth", "It is on youth"),
        ("PVE-002", "education", "It is not on youth"),
    ):
        project = Project.published.get(reference=reference)
        with recording(reason=reason):
            project.priority_area = area
            project.title = f"{project.title}, again"
            project.save()

    def logged(query):
        html = client.get(f"/projects/changes/{query}").content.decode()
        return re.findall(r'href="/projects/(PVE-\d+)/changes/"', html)

    assert logged("") == ["PVE-002", "PVE-003", "PVE-001"]
    assert logged("?priority_area=youth") == ["PVE-003", "PVE-001"]
    assert logged("?priority_area=youth&q=networks") == ["PVE-001"]
    # An edition says which entries; they have changed since.
    edition = "edition=reconstruction-2017-12"
    assert logged(f"?{edition}&priority_area=youth") == ["PVE-002", "PVE-001"]
    # The same query from the list, and back.
    html = client.get("/projects/?priority_area=youth").content.decode()
    assert '<a href="/projects/changes/?priority_area=youth">Changes of these projects</a>' in html
    html = client.get("/projects/changes/?priority_area=youth&columns=status").content.decode()
    assert '<a href="/projects/?priority_area=youth">List of these projects</a>' in html


# Two people at once


def hidden_fields(html: str) -> dict[str, list[str]]:
    """What the page of conflicts would send, without the choices."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html):
        found.setdefault(name, []).append(value)
    return found


def test_the_second_of_two_forms_sees_both_values_and_merges(editor):
    project = Project.published.get(reference="PVE-001")
    address = change_address(project)
    mine = form_of(project, title="Mine", summary="My summary", entities=[], reason="M")
    undp = Entity.objects.get(acronym="UNDP")
    theirs = form_of(project, title="Theirs", methodology="Workshops", entities=[undp.pk])
    assert member("Editors", "other").post(address, theirs | {"reason": "T"}).status_code == 302
    response = editor.post(address, mine)
    assert response.status_code == 409
    html = response.content.decode()
    assert "other changed “PVE-001: Theirs” on" in html
    conflicts = {c.column: c for c in response.context_data["conflicts"]}
    assert conflicts.keys() == {"title", "methodology", "entities"}
    assert (conflicts["title"].theirs, conflicts["title"].mine) == ("Theirs", "Mine")
    assert conflicts["methodology"].keep_theirs
    assert not conflicts["title"].keep_theirs
    project.refresh_from_db()
    assert (project.title, project.summary) != ("Mine", "My summary")
    merged = hidden_fields(html) | {
        "keep-title": "mine",
        "keep-methodology": "theirs",
        "keep-entities": "theirs",
    }
    assert editor.post(address, merged).status_code == 302
    project = Project.published.get(pk=project.pk)
    assert (project.title, project.summary) == ("Mine", "My summary")
    assert project.methodology == "Workshops"
    assert [e.acronym for e in project.entities.all()] == ["UNDP"]
    assert [c.column for c in Revision.objects.first().changes] == ["title", "summary"]


def test_a_third_change_while_merging_is_seen_as_well(editor):
    project = Project.published.get(reference="PVE-001")
    address = change_address(project)
    mine = form_of(project, title="Mine")
    other = member("Editors", "other")
    other.post(address, form_of(project, title="Theirs"))
    html = editor.post(address, mine).content.decode()
    project.refresh_from_db()
    other.post(address, form_of(project, title="Theirs again"))
    response = editor.post(address, hidden_fields(html) | {"keep-title": "mine"})
    assert response.status_code == 409
    assert "Theirs again" in response.content.decode()


def test_regions_are_merged_as_one(editor):
    project = saved("PVE-224", regions=["mena", "europe"])
    address = change_address(project)
    mine = form_of(project, in_asia="on")
    theirs = form_of(project, in_africa="on")
    theirs.pop("in_europe")
    assert member("Editors", "other").post(address, theirs).status_code == 302
    response = editor.post(address, mine)
    (conflict,) = response.context_data["conflicts"]
    assert (conflict.theirs, conflict.mine) == ("africa;mena", "mena;asia;europe")
    merged = hidden_fields(response.content.decode()) | {"keep-regions": "theirs"}
    assert editor.post(address, merged).status_code == 302
    project.refresh_from_db()
    assert [r.value for r in project.regions] == ["africa", "mena"]


@pytest.mark.long
def test_a_form_that_does_not_say_what_it_saw_overwrites_nothing(editor):
    project = Project.published.get(reference="PVE-001")
    address = change_address(project)
    member("Editors", "other").post(address, form_of(project, title="Theirs"))
    for seen in ("", "x", "9" * 30, "-1"):
        response = editor.post(address, form_of(project, title="Mine") | {"seen": seen})
        assert response.status_code == 409 or b"errornote" in response.content, seen
    project.refresh_from_db()
    assert project.title == "Theirs"


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_of_many_concurrent_saves_none_is_lost(register):
    """Eight people save the same entry at once: each is either in the history or told so."""
    project = Project.published.get(reference="PVE-001")
    forms = [form_of(project, title=f"Title {n}") for n in range(8)]
    answers: list[int | None] = [None] * 8

    def save(n, client):
        answers[n] = client.post(change_address(project), forms[n]).status_code

    all_at_once(save, 8)
    # Who waits longer than a lock may be waited for is told that instead.
    assert answers.count(302) == 1
    assert {*answers} <= {302, 409, 503}
    project.refresh_from_db()
    assert project.title == f"Title {answers.index(302)}"
    assert Revision.objects.count() == 1
    assert last_revision(project) == Revision.objects.get().pk


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_of_many_who_add_the_same_reference_at_once_all_but_one_get_an_error(register):
    data = form_of(Project.published.get(reference="PVE-001"), reference="PVE-224", seen="")
    answers = []

    def add(_n, client):
        response = client.post("/admin/projects/project/add/", data)
        answers.append("added" if response.status_code == 302 else response.content.decode())

    all_at_once(add, 4)
    assert answers.count("added") == 1
    # Who waits longer than a lock may be waited for is told that instead.
    told = ("Another project has this number.", "Somebody else is saving at the moment")
    assert sum(any(one in answer for one in told) for answer in answers) == 3
    assert Project.live.filter(reference="PVE-224").count() == 1
