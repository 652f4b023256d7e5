"""The merge of two entries: one stays, and the other's address redirects to it."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from projects.editions import publish
from projects.elsewhere.models import Judgement, Record
from projects.elsewhere.records import belonging_to
from projects.history import Revision, recording, unrecorded
from projects.models import Batch, Correction, Country, Edition, Project, Quotation
from projects.text import reference_of

from .conftest import member, publish_waiting, saved
from .files import NEW, confirm, csv_of
from .pages import body, csv_rows, objects, queries_of, text_of
from .test_admin import form_of
from .test_review import chosen

pytestmark = [pytest.mark.usefixtures("register"), pytest.mark.postgresql]

LIST = "/admin/projects/project/"
IMPORT = "/admin/projects/batch/import/"


@recording()
def entry(number: int, *links: list, quoted: str = "", **values) -> Project:
    """A reviewed entry on youth clubs with a source of its own, and the words of its scope."""
    known = {"provenance": "confirmed", "source": f"https://undp.org/{number}"}
    made = saved(reference_of(number), *links, title="Youth clubs", **known | values)
    if quoted:
        Quotation.of(made.pk, "scope", quoted).save()
    return made


@pytest.fixture
def pair() -> tuple[Project, Project]:
    """PVE-224, and PVE-225, which says more of the same project."""
    links = ["UNESCO"], [Country.objects.get(code="KEN")], ["africa"]
    known = {"scope": "national", "regions_basis": "inferred", "status": "ongoing"}
    words = {"summary": "Clubs in schools", "quoted": "“in one country” (A/73/1, para. 2)"}
    first = entry(224, ["UNDP"], scope="", scope_basis="")
    return first, entry(225, *links, **known, **words)


def page_of(stays: Project, other: Project) -> str:
    return f"{LIST}{stays.pk}/merge/{other.pk}/"


def proposed(client, page: str) -> dict[str, str]:
    """What the page proposes, by field, as its form would send it."""
    html = client.get(page).content.decode()
    radios = re.findall(r'<input type="radio" name="(\w+)" value="(\w+)"[^>]* checked', html)
    return dict(radios)


def merge(client, stays: Project, other: Project, **choices: str) -> str:
    """Send the form as it is proposed, but for these choices; where it redirects."""
    page = page_of(stays, other)
    sent = {"reason": "The same project twice"} | proposed(client, page) | choices
    return client.post(page, sent)["Location"]


def rows(references: list[str]) -> list[tuple[str, str, str]]:
    found = Project.live.filter(reference__in=references).order_by("number")
    return [(one.reference, one.review, str(one.merged_into)) for one in found]


def content() -> dict[str, dict]:
    return {one.reference: one.snapshot() for one in Project.live.described().order_by("number")}


# The whole way


def test_an_editor_proposes_it_and_a_reviewer_publishes_it(pair, editor, reviewer):
    first, second = pair
    answer = editor.post(LIST, chosen(second, first) | {"action": "merge"})
    assert answer["Location"] == page_of(first, second)
    text = text_of(editor, page_of(first, second))
    assert "It stays: PVE-224: Youth clubs It is merged into that one: PVE-225" in text
    assert (
        "PVE-225 is set aside. Its address redirects to PVE-224 until the merge is undone" in text
    )
    assert "Scope — National · Stated · “in one country” (A/73/1, para. 2)" in text
    assert "Regions — Africa · Our reading Both" in text
    assert "Let PVE-225 stay instead" in text
    assert proposed(editor, page_of(first, second)) == {
        **dict.fromkeys(("summary", "scope", "regions", "countries", "status"), "other"),
        **{"entities": "stays", "source": "both"},
    }
    before = content()
    page = merge(editor, first, second, entities="both")
    text = text_of(editor, page)
    assert "Change: PVE-225 merged into PVE-224" in text
    assert "Waits for a second person" in text
    assert "Merged into — PVE-224" in text
    assert "Review Reviewed Set aside" in text
    # Nothing is written, and who sent it does not publish it.
    assert (content(), Client().get("/projects/PVE-225/").status_code) == (before, 200)
    editor.post(page, {"digest": Batch.objects.get().digest, "reason": "x"})
    assert content() == before
    confirm(reviewer, page)
    assert rows(["PVE-224", "PVE-225"]) == [
        ("PVE-224", "reviewed", "None"),
        ("PVE-225", "set-aside", "PVE-224: Youth clubs"),
    ]
    one = Client().get("/api/v1/projects/PVE-224/").json()
    bases = (one["scope"], one["scope_basis"], one["regions_basis"])
    assert bases == ("national", "stated", "inferred")
    lists = (one["entities"], one["countries"], one["status"])
    assert lists == (["UNDP", "UNESCO"], ["KEN"], "ongoing")
    assert one["source"] == "https://undp.org/224; https://undp.org/225"
    quoted = [(each["field"], each["words"]) for each in one["quotations"]]
    assert quoted == [("scope", "in one country")]


@pytest.mark.parametrize(
    ("address", "leads"),
    [
        (
            "/projects/PVE-225/?sort=title&scope=national",
            "/projects/PVE-224/?sort=title&scope=national",
        ),
        ("/projects/PVE-225/changes/", "/projects/PVE-224/changes/"),
        ("/fr/projects/PVE-225/correct/", "/fr/projects/PVE-224/correct/"),
        ("/api/v1/projects/PVE-225/", "/api/v1/projects/PVE-224/"),
        ("/projects/?q=pve-225", "/projects/PVE-224/"),
    ],
)
def test_page_api_and_search_redirect_until_it_is_undone(pair, editor, reviewer, address, leads):
    visitor = Client()
    was = visitor.get(address)
    publish_waiting(merge(editor, *pair))
    answer = visitor.get(address)
    assert (answer.status_code, answer["Location"]) == (302, leads)
    assert "max-age=0" in answer["Cache-Control"]
    assert visitor.get(leads).status_code == 200
    batch = Batch.objects.get()
    reviewer.post(f"/admin/projects/batch/{batch.pk}/undo/", {"reason": "They are two"})
    again = visitor.get(address)
    assert (again.status_code, again.get("Location")) == (was.status_code, was.get("Location"))


def test_lists_files_and_searches_have_the_one_that_stays(pair, editor):
    visitor = Client()
    publish_waiting(merge(editor, *pair))
    file = csv_rows(visitor.get("/projects/export.csv?described=yes"))
    assert [row["reference"] for row in file][-2:] == ["PVE-012", "PVE-224"]
    assert "merged_into" not in file[0]
    # A search with a filter, a file of it and the API have the entry that stays.
    found = objects(visitor, "q=PVE-225&scope=national")
    assert [row["reference"] for row in found] == ["PVE-224"]
    html = visitor.get("/projects/?q=PVE-225&scope=national").content.decode()
    assert ("/projects/PVE-224/" in html, "/projects/PVE-225/" in html) == (True, False)
    found = visitor.get("/api/v1/projects/?q=PVE-225").json()["results"]
    assert [row["reference"] for row in found] == ["PVE-224"]
    assert "PVE-224: Youth clubs" in visitor.get("/suggestions.json?q=225").content.decode()


@pytest.mark.long
def test_an_edition_keeps_both(pair, editor):
    publish(Edition(slug="both", name="Both", date="2026-12-02"))
    visitor, page = Client(), "/projects/PVE-225/?edition=both"
    before = visitor.get("/projects/export.csv?edition=both")
    publish_waiting(merge(editor, *pair))
    assert "Clubs in schools" in visitor.get(page).content.decode()
    assert visitor.get("/api/v1/projects/PVE-225/?edition=both").json()["status"] == "ongoing"
    assert visitor.get("/projects/?q=PVE-225&edition=both")["Location"] == page
    assert body(visitor.get("/projects/export.csv?edition=both")) == body(before)
    publish(Edition(slug="one", name="One", date="2026-12-03"))
    assert visitor.get("/projects/PVE-225/?edition=one").status_code == 404


def test_it_is_undone_exactly_and_by_another(pair, editor, reviewer):
    before = content()
    page, same = merge(editor, *pair), merge(member("Editors", "another"), *pair)
    confirm(reviewer, page)
    assert "To change: 0 Unchanged: 2" in text_of(reviewer, same)
    undo = page.replace("preview", "undo")
    reviewer.post(undo, {"reason": "They are two"})
    assert Project.published.filter(reference="PVE-225").count() == 0
    member("Reviewers", "other").post(undo, {"reason": "They are two"})
    assert content() == before
    assert rows(["PVE-225"]) == [("PVE-225", "reviewed", "None")]


def test_history_says_what_it_was_merged_into(pair, editor):
    first, second = pair
    publish_waiting(merge(editor, first, second))
    history = text_of(editor, f"{LIST}{second.pk}/history/")
    assert "Merged into: — → PVE-224" in history
    assert "Merged into PVE-224" in text_of(editor, f"{LIST}{second.pk}/change/")
    log = text_of(Client(), "/projects/changes/")
    assert "merged_into: — → PVE-224" in log
    last = Revision.objects.filter(key="PVE-225").latest("pk")
    found = (last.by_name, last.new["review"], last.new["merged_into"])
    assert found == ("second", "set-aside", "PVE-224")


# What follows it


def test_what_was_merged_before_follows_to_the_last(pair, editor, reviewer):
    first, second = pair
    third = entry(226)
    publish_waiting(merge(editor, first, second))
    before = content()
    page = merge(editor, third, first)
    assert "PVE-225 · Youth clubs" in text_of(editor, page)
    publish_waiting(page)
    for reference in ("PVE-224", "PVE-225"):
        answer = Client().get(f"/projects/{reference}/")
        assert answer["Location"] == "/projects/PVE-226/"
    newest, oldest = Batch.objects.all()
    # The first merge cannot be undone before the second.
    undo = "/admin/projects/batch/{}/undo/"
    answer = reviewer.post(undo.format(oldest.pk), {"reason": "x"}, follow=True)
    assert "rows were changed since: PVE-224, PVE-225." in answer.content.decode()
    reviewer.post(undo.format(newest.pk), {"reason": "x"})
    assert content() == before


def test_attachments_stay_and_open_corrections_are_named(pair, editor):
    first, second = pair
    known = {"value": "Clubs", "source": "undp.org", "column": "title"}
    correction = Correction.objects.create(reference="PVE-225", **known)
    Correction.objects.create(reference="PVE-224", **known)
    text = text_of(editor, page_of(first, second))
    assert "Corrections, comments and files of PVE-225 stay with it." in text
    assert f"Open corrections of PVE-225: {correction}" in text
    publish_waiting(merge(editor, first, second))
    correction.refresh_from_db()
    assert (correction.reference, correction.state) == ("PVE-225", "open")
    # Who reported it still finds what became of it.
    assert Client().get(f"/projects/PVE-225/correct/{correction.pk}/").status_code == 200


def test_a_record_elsewhere_that_is_the_same_follows(pair, editor):
    record = Record.objects.first()
    key = record.key
    with recording(reason="x"):
        for one in Judgement.objects.filter(key=key):
            one.delete()
        Judgement(key=key, kind="same", other="PVE-225", why="x").save()
    assert [one.key for one in belonging_to("PVE-225")] == [key]
    publish_waiting(merge(editor, *pair))
    assert [one.key for one in belonging_to("PVE-224")] == [key]
    assert "PVE-224 “Youth clubs”" in text_of(Client(), record.get_absolute_url())


@pytest.mark.long
def test_a_merged_entry_comes_back_by_undoing_only(pair, editor, reviewer):
    first, second = pair
    held = editor.post(
        f"{LIST}{second.pk}/change/", form_of(second, in_matrix="yes", reason="A letter")
    )["Location"]
    publish_waiting(merge(editor, first, second))
    answer = reviewer.post(LIST, chosen(second) | {"action": "count_again"}, follow=True)
    assert "PVE-225 was merged into PVE-224: undo that import." in answer.content.decode()
    # Neither does a change that waited before.
    assert "It was merged into PVE-224: change that entry." in text_of(reviewer, held)
    # Nor a row of a file that changes it; one that says what it is changes nothing.
    for title, said in (("Clubs", True), ("Youth clubs", False)):
        page = sheet(editor, {"reference": "PVE-225", "title": title})
        assert ("It was merged into PVE-224: change that entry." in text_of(editor, page)) == said
    assert rows(["PVE-225"]) == [("PVE-225", "set-aside", "PVE-224: Youth clubs")]


def sheet(client, *lines: dict) -> str:
    """Upload a file of these rows; where it leads."""
    file = SimpleUploadedFile("x.csv", csv_of(*lines))
    return client.post(IMPORT, {"file": file})["Location"]


def test_the_entry_that_stays_is_not_deleted(pair, editor, reviewer):
    first, second = pair
    publish_waiting(merge(editor, first, second))
    page = f"{LIST}{first.pk}/delete/"
    assert "PVE-225: Youth clubs" in text_of(reviewer, page)
    reviewer.post(page, {"post": "yes", "reason": "x"})
    assert Project.live.filter(pk=first.pk).exists()


def test_an_import_that_added_what_others_were_merged_into_is_not_undone(editor, reviewer):
    confirm(editor, sheet(editor, NEW))
    (added,) = Batch.objects.all()
    first, second = Project.live.get(title="A new project"), entry(225)
    with unrecorded("the test publishes it"):
        Project.live.filter(pk=first.pk).update(review="reviewed")
    sent = dict.fromkeys(proposed(editor, page_of(first, second)), "stays")
    publish_waiting(merge(editor, first, second, **sent))
    undo = f"/admin/projects/batch/{added.pk}/undo/"
    answer = reviewer.post(undo, {"reason": "x"}, follow=True)
    assert "Others were merged into its entries: undo that first." in answer.content.decode()
    assert Project.live.filter(pk=first.pk).exists()


# What is refused


def test_the_action_takes_two_entries(pair, editor):
    for some in (pair[:1], (*pair, entry(226))):
        answer = editor.post(LIST, chosen(*some) | {"action": "merge"}, follow=True)
        assert "Choose two entries." in answer.content.decode()


@pytest.mark.parametrize(
    ("stays", "other", "said"),
    [
        ("PVE-224", "PVE-224", "Choose two entries: none is merged into itself."),
        ("PVE-224", "PVE-050", "PVE-050 is a placeholder: nothing is merged with it."),
        ("PVE-226", "PVE-224", "PVE-226 waits for review."),
        ("PVE-228", "PVE-224", "PVE-228 is set aside."),
        ("PVE-224", "PVE-001", "The report describes PVE-001: it stays."),
        (
            "PVE-001",
            "PVE-002",
            "The report describes PVE-002 and PVE-001 as two activities: both stay.",
        ),
    ],
)
def test_what_cannot_be_merged_is_refused_with_a_sentence(pair, editor, stays, other, said):
    for number, review in ((226, "draft"), (228, "set-aside")):
        entry(number, review=review)
    one, another = (Project.live.get(reference=name) for name in (stays, other))
    page = page_of(one, another)
    html = editor.get(page).content.decode()
    assert said in html
    assert "Send to a second person" not in html
    editor.post(page, {"reason": "x"})
    assert not Batch.objects.exists()


def test_an_entry_that_the_report_describes_stays(pair, editor):
    first, _second = pair
    of_report = Project.live.get(reference="PVE-001")
    answer = editor.post(LIST, chosen(first, of_report) | {"action": "merge"})
    assert answer["Location"] == page_of(of_report, first)
    # An activity that the report describes keeps its paragraphs, also with another source.
    publish_waiting(merge(editor, of_report, first, source="both", title="other"))
    one = Client().get("/api/v1/projects/PVE-001/").json()
    assert one["source"] == "A/72/621, para. 34; https://undp.org/224"


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"reason": ""}, "Enter a reason."),
        ({"source": "stays"}, "Take the source of each entry whose values you take."),
        ({"scope": ""}, "This field is required."),
    ],
)
def test_what_the_form_lacks_is_said_and_nothing_waits(pair, editor, choices, said):
    page = page_of(*pair)
    sent = {"reason": "The same project twice"} | proposed(editor, page) | choices
    html = editor.post(page, sent).content.decode()
    assert said in html
    assert not Batch.objects.exists()


def test_values_that_contradict_each_other_are_refused(pair, editor):
    first, second = pair
    with unrecorded("the set-up of the test"):
        Project.live.filter(pk=first.pk).update(scope="global", scope_basis="stated")
    # A global project has no region, so none is proposed.
    page = page_of(first, second)
    assert proposed(editor, page)["regions"] == "stays"
    sent = {"reason": "x"} | proposed(editor, page) | {"regions": "other"}
    assert "A global project has no region" in editor.post(page, sent).content.decode()


def test_what_happened_since_it_was_sent_is_checked_again(pair, editor, reviewer):
    first, second = pair
    page = merge(editor, first, second)
    with recording(reason="Somebody set it aside"):
        first.title = "Clubs"
        first.save()
    assert "PVE-224 waits for review." in text_of(reviewer, page)
    confirm(reviewer, page)
    assert rows(["PVE-225"]) == [("PVE-225", "reviewed", "None")]


def test_the_database_lets_only_what_is_set_aside_be_merged(pair):
    first, second = pair
    for changes in ({"merged_into": second}, {"merged_into": first, "review": "set-aside"}):
        with pytest.raises(IntegrityError), transaction.atomic(), unrecorded("the test tries it"):
            Project.live.filter(pk=first.pk).update(**changes)


# Who may, and cost


def test_viewers_see_no_link_to_it_and_may_not(pair, editor):
    page, viewer = page_of(pair[0], entry(226, ["UNDP"])), member("Viewers", "viewer")
    assert page in editor.get(f"{LIST}duplicates/").content.decode()
    assert page not in viewer.get(f"{LIST}duplicates/").content.decode()
    assert viewer.get(page).status_code == 403
    assert viewer.post(page, {"reason": "x"}).status_code == 403
    assert 'value="merge"' not in viewer.get(LIST).content.decode()


def test_the_page_takes_few_queries(pair, editor):
    page = page_of(*pair)
    editor.get(page)
    assert queries_of(editor, page) <= 25
