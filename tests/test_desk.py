"""The desk's first page, placeholders, and corrections from the public."""

import re
import time
from html import unescape
from types import SimpleNamespace

import pytest
from allauth.core.internal import ratelimit
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client

from projects.duplicates import probable_duplicates
from projects.history import Revision, recording, unrecorded
from projects.imports import batches, previews
from projects.models import Contact, Correction, Entity, Project
from pvematrix.desk.site import desk
from pvematrix.models import Account

from .conftest import describe, member, publish_waiting, saved
from .files import upload
from .pages import queries_of, submit, text_of
from .test_admin import form_of

pytestmark = pytest.mark.usefixtures("register")


def test_the_desk_shows_what_is_left_to_do(editor):
    text = text_of(editor, "/admin/")
    assert "17 of 17 figures as published" in text
    assert "Nothing waits for you. Latest changes Nothing has been changed yet." in text
    # What is not there is no work.
    assert [words for words in (": Draft", ": Changed") if words in text] == []


def test_the_first_page_shows_work_to_those_who_see_the_register():
    bare = Client()
    bare.force_login(User.objects.create_user("bare", is_staff=True))
    assert 'id="desk"' not in bare.get("/admin/").content.decode()


@pytest.mark.long
def test_everybody_finds_what_waits_for_them(editor):
    text = text_of(editor, "/admin/")
    assert "Waiting for you" not in text
    assert ("Add a project" in text, "Publish an edition" in text) == (True, False)
    project = Project.published.get(reference="PVE-001")
    editor.post(f"/admin/projects/project/{project.pk}/change/", form_of(project, title="New"))
    editor.post("/admin/projects/project/add/", form_of(project, reference="PVE-224"))
    draft = Project.live.get(reference="PVE-224")
    when = r"\d+ [A-Z][a-z]+ \d{4}, \d\d:\d\d"
    assert re.search(f"Your drafts: 1 {re.escape(str(draft))} {when}", text_of(editor, "/admin/"))
    reviewer = member("Reviewers", "reviewer")
    text = text_of(reviewer, "/admin/")
    assert re.search(f"Waiting for you: 2 PVE-001: New editor, {when}", text)
    assert "Latest changes PVE-224: Added editor" in text
    assert "Projects: Draft 1 Projects: Changed since review 1" in text
    listed = f"Waiting for review: 2 PVE-001: New editor, {when} PVE-224"
    assert re.search(listed, text_of(reviewer, "/admin/review/"))
    page = f"/admin/projects/project/{draft.pk}/review/"
    submit(reviewer, page, {"object": "yes", "sentence": "Which page?"})
    assert "Waiting for you: 1" in text_of(reviewer, "/admin/")
    text = text_of(editor, "/admin/")
    assert f"Sent back to you: 1 {draft} reviewer: Which page?" in text
    assert "Your drafts" not in text
    # What one writes oneself waits for somebody else.
    reviewer.post(f"/admin/projects/project/{project.pk}/change/", form_of(project, title="Mine"))
    assert "Nothing waits for you." in text_of(reviewer, "/admin/")
    text = text_of(member("Viewers", "viewer"), "/admin/")
    assert [one for one in ("Waiting for you", "Your drafts", "Import a file") if one in text] == []


@pytest.mark.long
def test_what_waits_beyond_the_first_five_is_listed(editor, make_project):
    with recording(by=User.objects.get(username="editor")):
        for number in range(301, 308):
            make_project(reference=f"PVE-{number}", review="draft")

    def way(client, caption: str) -> tuple[str, str]:
        html = client.get("/admin/").content.decode()
        table = html.split(caption)[1].split("</table>")[0]
        return re.findall(r'All of them: <a href="([^"]*)">([^<]*)<', table)[0]

    address, words = way(editor, "Your drafts: 7")
    assert words == "7 projects"
    assert "7 projects" in text_of(editor, address)
    reviewer = member("Reviewers", "reviewer")
    address, words = way(reviewer, "Waiting for you: 7")
    assert "7 projects" in text_of(reviewer, address)
    for project in Project.live.filter(review="draft").order_by("number")[:6]:
        page = f"/admin/projects/project/{project.pk}/review/"
        submit(reviewer, page, {"object": "yes", "sentence": "Which page?"})
    address, words = way(editor, "Sent back to you: 6")
    assert (words, "6 projects" in text_of(editor, address)) == ("6 projects", True)
    # Where all are named there is nothing more to open.
    assert "All of them" not in reviewer.get("/admin/").content.decode()


def test_the_newest_change_of_an_entry_is_undone_from_the_first_page(editor):
    project = Project.published.get(reference="PVE-001")
    title = project.title
    page = f"/admin/projects/project/{project.pk}/change/"
    for new in ("Once", "Twice"):
        project = Project.published.get(reference="PVE-001")
        editor.post(page, form_of(project, title=new))
    links = re.findall(r'href="([^"]*side=old[^"]*)">Undo', editor.get("/admin/").content.decode())
    # To restore what stood before the first would undo the second as well.
    last = Revision.objects.latest("pk")
    assert links == [f"/admin/projects/revision/{last.pk}/change/?side=old#side"]
    html = editor.get(links[0]).content.decode()
    assert '<option value="old" selected>Before this change</option>' in html
    restored = {"side": "old", "reason": "Undone", "seen": last.pk}
    editor.post(f"/admin/projects/revision/{last.pk}/restore/", restored)
    assert Project.published.get(reference="PVE-001").title == "Once" != title
    assert "side=old" not in member("Viewers", "viewer").get("/admin/").content.decode()


def test_an_import_is_one_of_the_latest_changes_and_is_undone_from_there(reviewer):
    lines = [f"PVE-{number:03},X\r\n" for number in range(2, 12)]
    batch = upload("y.csv", ("reference,title\r\n" + "".join(lines)).encode(), {"ignored": []})
    batches.apply(batch, previews.preview(batch).digest)
    Project.published.get(reference="PVE-001").save()
    text = text_of(reviewer, "/admin/")
    latest = text.split("Latest changes ")[1].split("Remaining work")[0]
    assert re.fullmatch(
        rf"Import {batch.pk}: y.csv · Changed: 10 —, \d+ \w+ \d+, \d\d:\d\d Undo .*", latest
    )
    assert latest.count("PVE-") == 0
    html = reviewer.get("/admin/").content.decode()
    assert f'"/admin/projects/batch/{batch.pk}/change/#undo"' in html
    assert "#undo" not in member("Editors", "editor").get("/admin/").content.decode()


def test_a_date_is_read_as_imports_read_it(editor):
    project = Project.published.get(reference="PVE-001")
    page = f"/admin/projects/project/{project.pk}/change/"
    dates = {"start_date": "March 2016", "end_date": "30 septembre 2018"}
    assert editor.post(page, form_of(project, **dates)).status_code == 302
    project.refresh_from_db()
    assert (project.start_date, project.end_date) == ("2016-03", "2018-09-30")
    html = editor.post(page, form_of(project, start_date="03/09/2016")).content.decode()
    assert "“03/09/2016” is not a date: write YYYY" in html


SEARCH = "/admin/search/"


def test_the_search_of_the_header_opens_what_is_named_and_lists_the_rest(editor):
    pk = Project.published.get(reference="PVE-017").pk
    for query in ("pve 17", "17"):
        assert editor.get(SEARCH, {"q": query}).url == f"/admin/projects/project/{pk}/change/"
    assert editor.get(SEARCH, {"q": "import a file"}).url == "/admin/projects/batch/import/"
    assert editor.get(SEARCH, {"q": "g34"}).url.startswith("/admin/reports/statement/")
    text = text_of(editor, f"{SEARCH}?q=youth")
    assert "Projects PVE-001: Networks of Mediterranean Youth (NET-MED Youth) PVE-005" in text
    assert "All projects found Statements G27: Seed funding for youth-led" in text
    assert "Entities UNESCO: United Nations Educational" in text_of(editor, f"{SEARCH}?q=unesco")
    found = "Pages and commands Import a file Import projects elsewhere Imports"
    assert found in text_of(editor, f"{SEARCH}?q=import")
    assert "Publish an edition" not in text_of(editor, f"{SEARCH}?q=edition")
    assert editor.get(SEARCH, {"q": "a\0"}).status_code == 400
    bare = Client()
    bare.force_login(User.objects.create_user("bare", password="x", is_staff=True))
    assert "Nothing found." in text_of(bare, f"{SEARCH}?q=youth")


@pytest.mark.long
def test_the_header_and_the_search_cost_the_same_however_many_wait(reviewer, make_project):
    pages = ("/admin/", "/admin/projects/edition/", f"{SEARCH}?q=youth", "/admin/review/")

    def counts() -> list[int]:
        reviewer.get("/admin/")  # what the public sees is cached then
        return [queries_of(reviewer, page) for page in pages]

    make_project(reference="PVE-300", title="Youth 1", review="draft")
    counts()  # a process asks once for the type of what it lists
    before = counts()
    for number in range(301, 308):
        make_project(reference=f"PVE-{number}", title="Youth 1", review="draft")
    assert counts() == before
    assert before[1] <= 11


def test_what_changed_in_an_account_is_dismissed_in_this_browser(editor):
    account = Account.objects.get(username="editor")
    account.email = "editor@un.example"
    account.save()
    title = "Your account changed in the last 30 days"
    assert title in text_of(editor, "/admin/")
    assert editor.get("/admin/news/").status_code == 405
    assert editor.post("/admin/news/").url == "/admin/"
    assert title not in text_of(editor, "/admin/")
    account.email = "other@un.example"
    account.save()
    assert "editor@un.example → other@un.example" in text_of(editor, "/admin/")
    editor.cookies[f"news-{account.pk}"] = "9" * 5000
    assert title in text_of(editor, "/admin/")


# Placeholders

ADD = "/admin/projects/project/add/"
DESCRIBE = f"{ADD}?in_matrix=yes&provenance=confirmed&priority_area=youth"
# What a source says of a project on youth.
CLUBS = {"title": "Youth clubs", "source": "https://undp.org/2017, p. 3", "in_matrix": "yes"}
CLUBS |= {"priority_area_basis": "stated", "scope": "national", "scope_basis": "stated"}


def page_of(reference: str, name: str = "change") -> str:
    return f"/admin/projects/project/{Project.live.get(reference=reference).pk}/{name}/"


def described_at(client, address: str, **known) -> dict:
    """What the browser would send of the form at that address, with what is known."""
    form = client.get(address).context["adminform"].form
    shown = {name: form[name].value() for name in form.fields if form[name].value()}
    return shown | {"quotations-TOTAL_FORMS": 0, "quotations-INITIAL_FORMS": 0} | known


def test_a_placeholder_has_no_form_but_the_way_to_describe_a_project(editor, admin_client):
    html = editor.get(page_of("PVE-109")).content.decode()
    assert "Nothing has been changed yet." in html
    assert 'name="_save"' not in html
    assert f'href="{DESCRIBE.replace("&", "&amp;")}">Describe one of the 223</a>' in html
    form = editor.get(DESCRIBE).context["adminform"].form
    names = ("reference", "in_matrix", "provenance", "priority_area", "title")
    shown = [form[name].value() or "" for name in names]
    assert shown == ["PVE-224", "yes", "confirmed", "youth", ""]
    assert "counted" not in dict(form.fields["provenance"].choices)
    # Not even a superuser changes one.
    project = Project.live.get(reference="PVE-109")
    sent = form_of(project, title="Youth clubs") | {"post": "yes"}
    for name in ("change", "delete"):
        assert admin_client.post(page_of("PVE-109", name), sent).status_code == 403
    assert Project.live.get(reference="PVE-109").snapshot() == project.snapshot()
    assert not Revision.objects.filter(key="PVE-109").exists()


@pytest.mark.long
def test_who_describes_one_fills_the_place_of_a_placeholder_once_it_is_published(editor):
    assert editor.post(ADD, described_at(editor, DESCRIBE, **CLUBS)).status_code == 302
    draft = Project.live.get(reference="PVE-224")
    assert (draft.review, draft.report, draft.holds_place) == ("draft", "a-72-621", False)
    reviewer = member("Reviewers", "reviewer")
    submit(reviewer, page_of("PVE-224", "review"), {"approve": "yes"})
    references = ["PVE-131", "PVE-132", "PVE-224"]
    known = Project.live.filter(reference__in=references).values_list("review", "holds_place")
    states = [("reviewed", True), ("set-aside", False), ("reviewed", True)]
    assert [*known.order_by("number")] == states
    visitor = Client()
    assert visitor.get("/projects/PVE-132/").status_code == 200
    assert visitor.get("/api/v1/projects/PVE-132/").status_code == 404
    assert visitor.get("/api/v1/projects/PVE-224/").status_code == 200
    assert "17 of 17 figures as published" in text_of(editor, "/admin/")
    assert {*Revision.objects.of_model(Project).values_list("key", flat=True)} == {"PVE-224"}
    assert "Youth clubs" in text_of(visitor, "/projects/?priority_area=youth&described=yes")


@pytest.mark.long
def test_one_entry_more_than_the_report_counts_is_saved_with_a_warning(editor):
    describe(27)  # on youth, as many as the report counts there
    moved = "Empowering youth: 27 published in A/72/621, 27 now, 28 after this change."
    saved("PVE-251", title="A draft", review="draft", in_matrix="yes")
    reviewer = member("Reviewers", "reviewer")
    page = page_of("PVE-251", "review")
    assert moved in text_of(reviewer, page)
    html = submit(reviewer, page, {"approve": "yes"}, follow=True).content.decode()
    assert "Empowering youth: 27 published in A/72/621, 27 before, 28 now." in html
    assert "PVE-251 is published." in html
    # And another, which a second person publishes.
    saved("PVE-252", title="On gender", priority_area="gender", in_matrix="yes")
    data = form_of(Project.live.get(reference="PVE-252"), priority_area="youth")
    page = editor.post(page_of("PVE-252"), data)["Location"]
    said = "Empowering youth: 27 published in A/72/621, 28 now, 29 after this change."
    assert said in text_of(editor, page)
    publish_waiting(page)
    assert Project.live.get(reference="PVE-252").priority_area == "youth"
    # To set it aside is said beforehand.
    fewer = "Empowering youth: 27 published in A/72/621, 29 now, 28 after this change."
    assert fewer in text_of(reviewer, page_of("PVE-252", "set-aside"))


def test_what_no_source_says_of_an_area_is_no_place_in_the_matrix(editor):
    said = "In the matrix: say its area, as the source states it or as you read it."
    data = described_at(editor, DESCRIBE, **CLUBS | {"priority_area_basis": "allocated"})
    assert said in editor.post(ADD, data).context["adminform"].form.errors["priority_area"]
    row = (
        "reference,title,priority_area,priority_area_basis,in_matrix,provenance,source\r\n"
        "PVE-224,Youth clubs,youth,allocated,yes,named,A letter\r\n"
    )
    problems = previews.preview(upload("x.csv", row.encode(), {"ignored": []})).problems
    assert said in [one.message for one in problems if one.column == "priority_area"]
    assert not Project.live.filter(reference="PVE-224").exists()


def test_what_is_filled_in_is_not_in_the_form_and_stays(editor):
    page = page_of("PVE-003")
    form = editor.get(page).context["adminform"].form
    assert (form["scope"].value(), form["scope_basis"].value()) == ("", "")
    sent = described_at(editor, page, summary="Lessons", reason="x")
    assert editor.post(page, sent).status_code == 302
    project = Project.live.get(reference="PVE-003")
    assert (project.scope, project.scope_basis) == ("global", "allocated")
    changes = Revision.objects.get(key="PVE-003").changes
    assert [one.column for one in changes] == ["summary", "review"]


@pytest.mark.parametrize(
    ("query", "listed"),
    [("scope=national", ["PVE-007"]), ("region=mena", ["PVE-012"]), ("region=africa", [])],
)
def test_the_list_is_narrowed_by_what_sources_state(editor, query, listed):
    html = editor.get(f"/admin/projects/project/?{query}").content.decode()
    assert re.findall(r">(PVE-\d+)</a></th>", html) == listed
    html = editor.get("/admin/projects/project/?q=PVE-109").content.decode()
    assert re.findall('class="field-scope_and_regions">(.*?)</td>', html) == ["-"]


@pytest.mark.long
def test_an_entry_is_of_the_report_while_it_is_in_the_matrix_or_was_of_it_before(editor):
    first = Project.live.get(reference="PVE-001")
    known = {"provenance": "named", "in_matrix": "not-stated"}
    editor.post(ADD, form_of(first, title="Youth clubs", reference="PVE-224", **known))
    with unrecorded("the test sets the scene"):
        Project.live.filter(reference="PVE-224").update(review="reviewed")
    reports = []
    for said in ("not-stated", "yes", "not-stated"):
        for reference in ("PVE-001", "PVE-224"):
            project = Project.live.get(reference=reference)
            data = form_of(project, in_matrix=said)
            page = editor.post(page_of(reference), data)["Location"]
            if page.endswith("/preview/"):
                publish_waiting(page)
        found = Project.live.filter(reference__in=["PVE-001", "PVE-224"])
        reports.append([*found.order_by("number").values_list("report", "holds_place")])
    changes = Revision.objects.filter(key="PVE-001").latest("pk").changes
    found = [(one.column, one.old, one.new) for one in changes]
    assert found == [("in_matrix", "yes", "not-stated")]
    first, new = ("a-72-621", True), ("", False)
    assert reports == [[first, new], [first, first], [first, new]]


# Probable duplicates


@pytest.mark.postgresql
def test_similar_titles_of_one_entity_are_paired(make_project, admin_client):
    make_project("PVE-001", title="Strengthening prison reform in Somalia", entities=["UNODC"])
    make_project("PVE-002", title="Strengthening prisons reform in Somalia", entities=["UNODC"])
    make_project("PVE-003", title="Strengthening prison reform in Somalia.", entities=["UNDP"])
    make_project("PVE-004", title="Strengthening prison reform, Somalia", entities=[])
    make_project("PVE-005", title="Something else entirely", entities=["UNODC"])
    pairs = {(p.first.reference, p.second.reference) for p in probable_duplicates()}
    assert pairs == {
        ("PVE-001", "PVE-002"),
        ("PVE-001", "PVE-004"),
        ("PVE-002", "PVE-004"),
        ("PVE-003", "PVE-004"),
    }
    text = text_of(admin_client, "/admin/projects/project/duplicates/")
    assert "PVE-001: Strengthening prison reform in Somalia PVE-002" in text


@pytest.mark.long
def test_what_is_chosen_from_a_menu_can_be_chosen_without_scripts(
    editor, django_assert_max_num_queries
):
    with django_assert_max_num_queries(20):
        html = editor.get(ADD).content.decode()
    menus = re.findall(r'<select name="(?:entities|countries)".*?</select>', html, re.DOTALL)
    assert [len(re.findall(r'<option value="\d+">', menu)) for menu in menus] == [16, 248]
    names = re.findall(r">([^<>]+)</option>", menus[1])
    # By their names, not by their codes: DZA comes after BEL.
    assert names[0] == "Afghanistan" and names.index("Algeria") < names.index("Belgium")


# Corrections


REPORT = {"column": "title", "value": "NET-MED Youth", "source": "unesco.org, 2017"}


@pytest.fixture
def fresh_limits():
    cache.clear()


def test_anybody_reports_a_correction(fresh_limits):
    visitor = Client(enforce_csrf_checks=True)
    assert 'href="?column=title"' in visitor.get("/projects/PVE-001/correct/").content.decode()
    page = visitor.get("/projects/PVE-001/correct/?column=title").content.decode()
    assert visitor.post("/projects/PVE-001/correct/", REPORT).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    response = visitor.post("/projects/PVE-001/correct/", REPORT | {"csrfmiddlewaretoken": token})
    correction = Correction.objects.get()
    assert response["Location"] == f"/projects/PVE-001/correct/{correction.pk}/"
    assert f"Your report has the number {correction.pk}." in text_of(visitor, response["Location"])
    for elsewhere in (f"PVE-002/correct/{correction.pk}/", "PVE-001/correct/999999999/"):
        assert visitor.get(f"/projects/{elsewhere}").status_code == 404
    assert (correction.reference, correction.column) == ("PVE-001", "title")
    assert (correction.value, correction.state) == ("NET-MED Youth", "open")
    assert "Report a correction" in text_of(visitor, "/projects/PVE-001/")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"column": "nothing"}, "not one of the available choices"),
        ({"source": " "}, "This field is required."),
        ({"column": "start_date", "value": "June 2016"}, "“June 2016” is not a date: write YYYY"),
        # A web address, one line, a length: what the field asks of staff, it asks of everybody.
        (
            {"column": "link", "value": "javascript:alert(1)"},
            "Enter a web address that begins with https:// or http://.",
        ),
        ({"value": "Young people\nand peace"}, "Character 13 is a tab or a line break: remove it."),
        ({"value": "x" * 301}, "at most 300 characters (it has 301)"),
        (
            {"column": "scope", "value": "local"},
            "“local” is not allowed. Allowed: Global; Regional; National.",
        ),
        ({"contact": "a\nb"}, "a tab or a line break"),
    ],
)
def test_a_report_without_substance_is_refused(fresh_limits, client, wrong, said):
    response = client.post("/projects/PVE-001/correct/", REPORT | wrong)
    assert response.status_code == 400
    assert said in response.content.decode()
    assert not Correction.objects.exists()


def test_a_report_may_say_a_value_by_its_name(client):
    for column, value in (
        ("regions", "Africa, Asia"),
        ("scope", "NATIONAL"),
        ("priority_area", "Strengthening good governance, human rights and the rule of law"),
        ("end_date", "2016-06"),
        ("summary", "A first line\r\nand a second"),
        ("entities", "An entity that the directory lacks"),
    ):
        cache.clear()
        sent = REPORT | {"column": column, "value": value}
        assert client.post("/projects/PVE-001/correct/", sent).status_code == 302, (column, value)


def test_each_field_is_asked_for_in_its_own_way_next_to_its_present_value(fresh_limits, client):
    text = text_of(client, "/projects/PVE-001/correct/")
    assert "Priority area Empowering youth" in text
    assert "Start nothing" in text
    page = "/projects/PVE-012/correct/?column="
    regions = client.get(f"{page}regions").content.decode()
    assert re.findall(r'name="value" value="(\w+)"[^>]*? checked>', regions) == ["mena", "asia"]
    now = "What it says now Middle East and North Africa; Asia"
    assert now in text_of(client, f"{page}regions")
    assert '<input type="url" name="value"' in client.get(f"{page}link").content.decode()
    wrong = REPORT | {"column": "regions", "value": ["mena", "asia"]}
    refused = client.post("/projects/PVE-012/correct/", wrong)
    assert refused.status_code == 400
    assert "This is what it says now: write what it should say." in refused.content.decode()
    sent = REPORT | {"column": "regions", "value": ["mena", "europe"]}
    assert client.post("/projects/PVE-012/correct/", sent).status_code == 302
    assert Correction.objects.get().value == "mena;europe"


@pytest.mark.long
@pytest.mark.parametrize(
    ("column", "label", "value", "words", "filled"),
    [
        ("regions", "Regions", "mena;asia", "Middle East and North Africa; Asia", True),
        ("entities", "Entities", "UNESCO; A ministry", "UNESCO; A ministry", {"UNESCO"}),
    ],
)
def test_the_desk_shows_a_correction_in_words_and_fills_it_in(
    editor, column, label, value, words, filled
):
    correction = Correction.objects.create(
        reference="PVE-001", column=column, value=value, source="unesco.org"
    )
    page = f"/admin/projects/correction/{correction.pk}/change/"
    assert f"Proposed: {words}" in text_of(editor, page)
    listed = text_of(editor, "/admin/projects/correction/")
    assert f"Correction {correction.pk} of PVE-001 {label} {words}" in listed
    project = Project.published.get(reference="PVE-001")
    apply = f"/admin/projects/project/{project.pk}/change/?correction={correction.pk}"
    form = editor.get(apply).context["adminform"].form
    assert f"Correction {correction.pk} of PVE-001: {label}" in text_of(editor, apply)
    shown = form["in_asia" if column == "regions" else column].value()
    if column == "entities":
        shown = {Entity.objects.get(pk=one).acronym for one in shown}
    assert shown == filled


def test_a_contact_is_for_the_staff_alone_and_goes_with_the_decision(fresh_limits, client, editor):
    sent = REPORT | {"contact": "someone@example.org"}
    receipt = client.post("/projects/PVE-001/correct/", sent)["Location"]
    waiting = text_of(client, receipt)
    assert "Staff will check the source." in waiting
    assert "someone@example.org" not in waiting
    page = f"/admin/projects/correction/{Correction.objects.get().pk}/change/"
    assert "someone@example.org" in text_of(editor, page)
    editor.post(page, {"answer": "The source says otherwise"})
    assert "someone@example.org" not in text_of(editor, page)
    assert not Contact.objects.exists()
    decided = text_of(client, receipt)
    assert "the entry stays as it is. Staff: “The source says otherwise”" in decided
    assert "Staff will check the source." not in decided


@pytest.mark.long
def test_nobody_uses_up_the_form_of_corrections_for_everybody(fresh_limits, client):
    for place in range(45):
        for _time in range(5):
            sent = {"REMOTE_ADDR": f"10.0.0.{place}"}
            assert client.post("/projects/PVE-001/correct/", REPORT, **sent).status_code == 302
    answer = client.post("/projects/PVE-001/correct/", REPORT, REMOTE_ADDR="10.0.1.1")
    assert answer.status_code == 302
    # A network of IPv6 is one address.
    answers = []
    for place in range(6):
        sent = {"REMOTE_ADDR": f"2001:db8::{place}"}
        answers.append(client.post("/projects/PVE-001/correct/", REPORT, **sent).status_code)
    assert answers == [302] * 5 + [429]


def test_from_one_address_twenty_reports_a_day_are_taken(fresh_limits, client, monkeypatch):
    hours = iter(range(100))
    taken = []
    for _hour in range(5):
        now = time.time() + 3601 * next(hours)
        clock = {"monotonic": time.monotonic, "sleep": time.sleep, "time": lambda now=now: now}
        monkeypatch.setattr(ratelimit, "time", SimpleNamespace(**clock))
        taken += [client.post("/projects/PVE-001/correct/", REPORT).status_code for _n in range(5)]
    assert taken == [302] * 20 + [429] * 5


def test_the_form_says_what_is_stored_and_no_address_is(fresh_limits, client, settings):
    page = "/projects/PVE-001/correct/"
    assert "has the address as long as the operator stores the log." in text_of(client, page)
    settings.ACCESS_LOG_DAYS = 14
    assert "The server’s log has the address for 14 days." in text_of(client, page)
    client.post(page, REPORT, REMOTE_ADDR="203.0.113.77")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cache")
        stored = str(cursor.fetchall())
    assert "correction" not in stored
    assert "203.0.113.77" not in stored
    assert len(re.findall(r"'[0-9a-f]{64}'", stored)) == 2


def test_only_public_projects_can_be_corrected(client):
    with unrecorded("the test sets the scene"):
        Project.published.filter(reference="PVE-001").update(review="draft")
    for reference in ("PVE-001", "PVE-999"):
        assert client.get(f"/projects/{reference}/correct/").status_code == 404
        assert client.post(f"/projects/{reference}/correct/", REPORT).status_code == 404


def test_applying_a_correction_credits_it_in_history(editor):
    correction = Correction.objects.create(reference="PVE-001", **REPORT)
    page = f"/admin/projects/correction/{correction.pk}/change/"
    apply = re.search(r'href="([^"]+\?correction=\d+)"', editor.get(page).content.decode())[1]
    form = editor.get(apply).context["adminform"].form
    assert form["title"].value() == "NET-MED Youth"
    project = Project.published.get(reference="PVE-001")
    data = form_of(project, title="NET-MED Youth", reason=form["reason"].value())
    assert editor.post(apply, data).status_code == 302
    correction.refresh_from_db()
    assert (correction.state, correction.handled_by.username) == ("applied", "editor")
    assert Revision.objects.get(key="PVE-001").reason == (
        f"Correction {correction.pk}, reported from its page. Source: unesco.org, 2017"
    )
    assert f"Correction {correction.pk}, reported" in text_of(
        Client(), "/projects/PVE-001/changes/"
    )
    assert editor.post(page, {"answer": "No"}).status_code == 403


def test_a_correction_is_applied_only_by_a_change_of_its_field(editor):
    correction = Correction.objects.create(
        reference="PVE-002", column="regions", value="asia", source="unesco.org"
    )
    project = Project.published.get(reference="PVE-002")
    page = f"/admin/projects/project/{project.pk}/change/?correction={correction.pk}"
    response = editor.post(page, form_of(project, reason=""), follow=True)
    assert "The correction stays open: its field did not change." in response.content.decode()
    other = Project.published.get(reference="PVE-001")
    page_of_another = f"/admin/projects/project/{other.pk}/change/?correction={correction.pk}"
    editor.post(page_of_another, form_of(other, title="Another", reason="Letter"))
    correction.refresh_from_db()
    assert (correction.state, Revision.objects.get(key="PVE-001").reason) == ("open", "Letter")


@pytest.mark.long
def test_a_correction_that_was_declined_meanwhile_is_not_credited(editor, admin_client):
    correction = Correction.objects.create(reference="PVE-001", **REPORT)
    project = Project.published.get(reference="PVE-001")
    apply = f"/admin/projects/project/{project.pk}/change/?correction={correction.pk}"
    form = editor.get(apply).context["adminform"].form
    page = f"/admin/projects/correction/{correction.pk}/change/"
    admin_client.post(page, {"answer": "No"})
    data = form_of(project, title="NET-MED Youth", reason=form["reason"].value())
    errors = editor.post(apply, data).context["adminform"].form.non_field_errors()
    assert errors == [f"Correction {correction.pk} of PVE-001: Declined"]
    assert not Revision.objects.filter(key="PVE-001").exists()


def test_a_correction_of_a_placeholder_is_applied_by_describing_a_project(editor):
    known = {"column": "title", "value": "Youth clubs", "source": "undp.org, 2017"}
    correction = Correction.objects.create(reference="PVE-109", **known)
    page = f"/admin/projects/correction/{correction.pk}/change/"
    apply = f"{DESCRIBE}&correction={correction.pk}"
    assert f'href="{apply.replace("&", "&amp;")}"' in editor.get(page).content.decode()
    assert f"Correction {correction.pk} of PVE-109: Title" in text_of(editor, apply)
    data = described_at(editor, apply)
    assert (data["title"], data["in_matrix"]) == ("Youth clubs", "yes")
    assert editor.post(apply, data | CLUBS).status_code == 302
    correction.refresh_from_db()
    assert (correction.state, correction.handled_by.username) == ("applied", "editor")
    assert Project.live.get(title="Youth clubs").reference == "PVE-224"
    assert Revision.objects.get(key="PVE-224").reason == (
        f"Correction {correction.pk}, reported from its page. Source: undp.org, 2017"
    )
    assert "editor Title: Youth clubs Applied" in text_of(editor, page_of("PVE-109"))


def test_declining_a_correction_takes_an_answer(editor):
    correction = Correction.objects.create(reference="PVE-001", **REPORT)
    page = f"/admin/projects/correction/{correction.pk}/change/"
    assert "This field is required." in editor.post(page, {"answer": ""}).rendered_content
    assert editor.post(page, {"answer": "The source says otherwise"}).status_code == 302
    correction.refresh_from_db()
    assert (correction.state, correction.answer) == ("declined", "The source says otherwise")
    # What came of it stands in the history of the entry, which did not change.
    project = Project.published.get(reference="PVE-001")
    history = text_of(editor, f"/admin/projects/project/{project.pk}/history/")
    assert "Corrections When Who What State Answer" in history
    assert re.search(r"editor Title: .* Declined The source says otherwise", history)


# Cost


@pytest.mark.long
def test_queries_do_not_grow_with_rows(many_projects, admin_client):
    most = {
        "/admin/": 61,  # one is the total of the report, for its table
        "/admin/projects/project/duplicates/": 18,
        "/admin/projects/project/?all=": 25,
        "/admin/projects/project/?q=project": 25,
    }
    many_projects(50)
    for address in most:
        queries_of(admin_client, address)
    # The kinds of records are cached then; what was counted is not.
    many_projects(50, start=1500)
    few = {address: queries_of(admin_client, address) for address in most}
    many_projects(250, start=2000)
    for address, number in most.items():
        assert queries_of(admin_client, address) <= few[address] <= number, address


@pytest.mark.long
def test_every_link_of_every_list_opens(admin_client, monkeypatch):
    # To write a hundred rows, and the header, takes longer than to find them.
    monkeypatch.setattr("pvematrix.desk.site.pages", lambda _request: [])
    for model_admin in desk._registry.values():
        monkeypatch.setattr(model_admin, "list_per_page", 3)
    with recording():
        Project.published.get(reference="PVE-001").delete()
        Entity(acronym="EU", name="European Union").save()
    refused, followed = [], 0
    for model in desk._registry:
        page = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        html = admin_client.get(page).content.decode()
        for query in {*re.findall(r'href="(\?[^"]+)"', html)}:
            followed += 1
            if admin_client.get(page + unescape(query)).status_code != 200:
                refused.append(page + unescape(query))
    assert (refused, followed > 250) == ([], True)
