"""What waits for a second person, on every path: who publishes it, and what the public sees."""

import io
import re

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from projects.history import Revision, recording
from projects.models import Batch, Correction, Edition, Entity, Project, SecondPerson
from reports.models import Report

from .conftest import ROOT, member, publish_waiting, saved
from .files import NEW, confirm, csv_of
from .pages import body, csv_rows, queries_of, references_in, submit, text_of
from .test_admin import form_of
from .test_review import chosen, review_of

pytestmark = pytest.mark.usefixtures("register")

LIST = "/admin/projects/project/"
IMPORT = "/admin/projects/batch/import/"
EDITION = "/admin/projects/edition/add/"
SITEMAP = "/sitemap-statements.xml"
SENT = "It is sent to a second person, who publishes it."
CHANGED_SINCE = "The register changed meanwhile. Look again."
DESCRIBED = [f"PVE-{number:03}" for number in range(1, 13)]


def public_rows() -> dict[str, dict]:
    """What the public file of the described entries has, by reference."""
    rows = csv_rows(Client().get("/projects/export.csv?described=yes"))
    return {row["reference"]: row for row in rows}


def public() -> list[bytes]:
    """The public list, file, answer and log of changes, without their times."""
    addresses = ("/projects/", "/projects/export.csv", "/projects/PVE-001/", "/projects/changes/")
    moving = re.compile(rb'nonce="[^"]*"|value="[\w-]{64}"|\d{4}-\d\d-\d\d[T ][\d:]+(Z| UTC)?')
    return [moving.sub(b"", body(Client().get(address))) for address in addresses]


def form(client, reference: str = "PVE-001", query: str = "", **changes) -> str:
    """Send the form of an entry; where it leads."""
    project = Project.live.get(reference=reference)
    address = f"{LIST}{project.pk}/change/{query}"
    return client.post(address, form_of(project, **changes))["Location"]


def upload(client, *rows: dict) -> str:
    """Upload a file of these rows; where it leads."""
    return client.post(IMPORT, {"file": SimpleUploadedFile("x.csv", csv_of(*rows))})["Location"]


def give(client, references, **values) -> str:
    """Upload a file that gives entries these values; where it leads."""
    return upload(client, *({"reference": one} | values for one in references))


def to_publish(client) -> list[str]:
    """The names of what the first page says the person may publish."""
    found = client.get("/admin/").context.get("to_publish", [])
    return [one.file_name for one in found]


# What waits, on every path


@pytest.mark.long
@pytest.mark.parametrize(
    ("changes", "column", "before", "after"),
    [
        ({"priority_area": "gender"}, "priority_area", "youth", "gender"),
        ({"scope": "national"}, "scope", "regional", "national"),
        ({"in_asia": "on", "regions_basis": "inferred"}, "regions", "not-stated", "asia"),
        ({"in_matrix": "no"}, "in_matrix", "not-stated", "no"),
    ],
)
def test_a_form_that_moves_a_place_waits(editor, reviewer, changes, column, before, after):
    shown = public()
    project = Project.live.get(reference="PVE-001")
    address = f"{LIST}{project.pk}/change/"
    answer = editor.post(address, form_of(project, title="NET-MED", **changes), follow=True)
    text, page = answer.content.decode(), answer.redirect_chain[0][0]
    assert SENT in text
    assert "was changed successfully" not in text
    assert "<strong>Waits for a second person</strong>" in text
    assert "1 row is or becomes public." in text
    # Nothing is written, not even the title.
    assert (public(), Revision.objects.of_model(Project).count()) == (shown, 0)
    assert public_rows()["PVE-001"][column] == before
    # Who sent it does not publish it, and an editor publishes nothing.
    other = member("Editors", "other")
    assert other.post(page, {"reason": "x"}).status_code == 403
    for client in (editor, other):
        client.post(page, {"digest": Batch.objects.get().digest, "reason": "x"})
        assert (public(), Batch.objects.get().applied_at) == (shown, None)
    assert [to_publish(one) for one in (editor, reviewer)] == [[], ["PVE-001"]]
    assert confirm(reviewer, page)["Location"] == page.replace("preview", "change")
    row = Client().get("/api/v1/projects/PVE-001/").json()
    value = row[column] if isinstance(row[column], str) else ";".join(row[column])
    assert (value, row["title"]) == (after, "NET-MED")
    assert Project.live.get(reference="PVE-001").review == "reviewed"
    last = Revision.objects.get(key="PVE-001")
    assert (last.by_name, last.reason) == ("reviewer", "The Plan of Action")


def test_all_else_is_public_at_once(editor):
    assert form(editor, title="NET-MED", status="ongoing") == LIST
    assert public_rows()["PVE-001"]["title"] == "NET-MED"
    # So is any change of an entry that holds no place.
    saved("PVE-224", title="Youth clubs")
    form(editor, "PVE-224", priority_area="gender")
    assert public_rows()["PVE-224"]["priority_area"] == "gender"
    assert not Batch.objects.exists()


def test_values_of_ten_entries_are_public_at_once_and_of_eleven_wait(editor):
    page = give(editor, DESCRIBED[:10], status="completed")
    assert "10 rows are or become public." in text_of(editor, page)
    assert confirm(editor, page)["Location"] == page.replace("preview", "change")
    done = [row["status"] for row in public_rows().values()]
    assert done.count("completed") == 10
    page = give(editor, DESCRIBED[:11], status="planned")
    text = text_of(editor, page)
    assert "11 rows are or become public." in text
    assert "A second person publishes it" in text
    assert confirm(editor, page)["Location"] == page
    assert [row["status"] for row in public_rows().values()].count("planned") == 0
    publish_waiting(page)
    assert [row["status"] for row in public_rows().values()].count("planned") == 11
    # What a second person published is reviewed; what was public at once waits as before.
    waiting = Project.published.filter(review="changed").order_by("number")
    assert [one.reference for one in waiting] == DESCRIBED[:10]


def test_a_file_in_the_own_columns_says_what_becomes_public_and_what_stays_a_draft(editor):
    row = {name: public_rows()["PVE-002"][name] for name in NEW}
    row |= {"scope": "national", "scope_basis": "stated"}
    page = upload(editor, NEW, row)
    text = text_of(editor, page)
    assert "1 row is or becomes public. 1 row is a draft. A second person publishes it" in text
    confirm(editor, page)
    assert Project.live.count() == 223
    assert public_rows()["PVE-002"]["scope"] == "regional"
    publish_waiting(page)
    assert public_rows()["PVE-002"]["scope"] == "national"
    assert Project.live.get(title="A new project").review == "draft"
    assert [*public_rows()] == DESCRIBED
    assert Client().get("/projects/PVE-224/").status_code == 404


def test_a_version_that_moves_a_place_is_restored_once_it_is_published(editor):
    project = Project.live.get(reference="PVE-001")
    with recording(reason="The set-up of the test"):
        project.scope, project.scope_basis = "global", "inferred"
        project.save()
    revision = Revision.objects.get(key="PVE-001")
    page = f"/admin/projects/revision/{revision.pk}/"
    sent = {"side": "old", "reason": "As the report has it"}
    answer = submit(editor, f"{page}change/", sent, to=f"{page}restore/", follow=True)
    assert SENT in answer.content.decode()
    assert "was restored" not in answer.content.decode()
    assert public_rows()["PVE-001"]["scope"] == "global"
    assert Revision.objects.of_model(Project).count() == 1
    publish_waiting(answer.redirect_chain[0][0])
    assert public_rows()["PVE-001"]["scope"] == "regional"


@pytest.mark.long
def test_another_basis_waits_and_its_manager_does_not_publish_it(reviewer):
    call_command("loaddata", ROOT / "tests" / "data" / "second_report.json", verbosity=0)
    manager, report = member("Managers", "manager"), Report.published.get(slug="a-90-1")
    address = f"/admin/reports/report/{report.pk}/basis/"
    page = manager.post(address, {"reason": "The next report"})["Location"]
    assert "Change: Basis: A/90/1" in text_of(manager, page)
    assert "<strong>Waits for a second person</strong>" in manager.get(page).content.decode()
    confirm(manager, page)
    assert Report.published.basis().slug == "a-72-621"
    assert "100 invented projects" not in text_of(Client(), "/")
    assert to_publish(reviewer) == ["Basis: A/90/1"]
    confirm(reviewer, page)
    assert Report.published.basis().slug == "a-90-1"
    assert "100 invented projects" in text_of(Client(), "/")
    batch = Batch.objects.get()
    assert (batch.by_name, batch.state.sent_by) == ("reviewer", "manager")
    # Nor is a version of the former one the way back.
    before = Revision.objects.get(key="A/72/621")
    page = f"/admin/projects/revision/{before.pk}/"
    sent = {"side": "old", "reason": "Back"}
    submit(manager, f"{page}change/", sent, to=f"{page}restore/")
    assert [one.slug for one in Report.live.filter(is_basis=True)] == ["a-90-1"]


def test_the_command_on_the_server_imports_at_once(tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("reference,scope\r\nPVE-001,national\r\n")
    call_command("import_projects", file, stdout=io.StringIO())
    assert public_rows()["PVE-001"]["scope"] == "national"


# A correction


def test_a_correction_stays_open_until_it_is_published(editor):
    correction = Correction.objects.create(
        reference="PVE-002", column="scope", value="national", source="unesco.org"
    )
    receipt = f"/projects/PVE-002/correct/{correction.pk}/"
    query = f"?correction={correction.pk}"
    page = form(editor, "PVE-002", query, scope="national", reason="As reported")
    correction.refresh_from_db()
    assert correction.state == "open"
    assert "Staff will check the source." in text_of(Client(), receipt)
    assert public_rows()["PVE-002"]["scope"] == "regional"
    publish_waiting(page)
    correction.refresh_from_db()
    assert (correction.state, correction.handled_by.username) == ("applied", "editor")
    reason = Revision.objects.get(key="PVE-002").reason
    assert reason.startswith(f"Correction {correction.pk}, reported from its page. Source: unesco")
    assert "the correction was made" in text_of(Client(), receipt)
    assert public_rows()["PVE-002"]["scope"] == "national"


# Who publishes


@pytest.mark.long
def test_neither_who_uploaded_nor_who_took_over_and_sent_it_publishes():
    rita, ed = member("Reviewers", "rita"), member("Editors", "ed")
    row = {"reference": "PVE-001", "scope": "national", "Remark": "x"}
    page = upload(rita, row)
    rita.post(page, {"ignore": "Remark"})
    assert ed.post(page.replace("preview", "take-over"))["Location"] == page
    assert confirm(ed, page, "From the letter")["Location"] == page
    # Rita finds it nowhere on her first page, and cannot publish it.
    assert (to_publish(rita), to_publish(ed)) == ([], [])
    assert "Imports by others: x.csv" in text_of(rita, page)
    digest = Batch.objects.get().digest
    assert rita.post(page, {"digest": digest, "reason": "x"}).status_code == 403
    assert public_rows()["PVE-001"]["scope"] == "regional"
    # Not even once she took it back, for then she sends it.
    rita.post(page.replace("preview", "take-over"))
    assert confirm(rita, page)["Location"] == page
    chief = member("Reviewers", "chief")
    assert to_publish(chief) == ["x.csv"]
    confirm(chief, page)
    assert public_rows()["PVE-001"]["scope"] == "national"
    done = text_of(chief, page.replace("preview", "change"))
    assert "Prepared by: ed, rita" in done
    assert "rita sent it, and chief published it." in done


def test_what_somebody_changed_meanwhile_is_previewed_again(editor, reviewer):
    page = form(editor, priority_area="gender")
    digest = reviewer.get(page).context["preview"].digest
    form(member("Editors", "other"), title="NET-MED")
    assert "PVE-001 · NET-MED" in reviewer.get(page).content.decode()
    answer = reviewer.post(page, {"digest": digest, "reason": "x"}, follow=True)
    assert CHANGED_SINCE in answer.content.decode()
    assert public_rows()["PVE-001"]["priority_area"] == "youth"
    confirm(reviewer, page)
    row = public_rows()["PVE-001"]
    assert (row["priority_area"], row["title"]) == ("gender", "NET-MED")
    # The title still waits for a review of its own.
    assert Project.live.get(reference="PVE-001").review == "changed"


def test_it_is_sent_back_with_a_sentence_and_sent_again(editor, reviewer):
    page = form(editor, priority_area="gender", reason="A letter")
    html = reviewer.post(page, {"send_back": "yes", "reason": "A letter"}, follow=True)
    assert "Say what is missing or wrong." in html.content.decode()
    reviewer.post(page, {"send_back": "yes", "reason": "Name the page"})
    assert (to_publish(reviewer), Batch.objects.get().digest) == ([], "")
    assert "Sent back to you" in text_of(editor, "/admin/")
    assert "Name the page" in text_of(editor, page)
    assert confirm(editor, page, "A letter, p. 2")["Location"] == page
    assert public_rows()["PVE-001"]["priority_area"] == "youth"
    confirm(reviewer, page)
    assert public_rows()["PVE-001"]["priority_area"] == "gender"


def test_what_was_sent_does_not_become_public_because_it_grew_smaller(editor):
    page = give(editor, DESCRIBED[:11], status="completed")
    confirm(editor, page)
    form(editor, status="completed")
    # Ten entries are left, which would be public at once if they had not been sent.
    assert confirm(editor, page)["Location"] == page
    assert [row["status"] for row in public_rows().values()].count("completed") == 1
    publish_waiting(page)
    assert [row["status"] for row in public_rows().values()].count("completed") == 11


def test_a_preview_of_the_desk_is_asked_nothing(editor, reviewer):
    page = form(editor, priority_area="gender")
    editor.post(page, {"ignore": "x", "add_unknown": "yes"})
    assert {*Batch.objects.get().options} == {"changes", "waits"}
    for step in ("map", "sheet", "match", "translate"):
        assert editor.get(page.replace("preview", step)).status_code == 404
    rows = csv_rows(reviewer.get(page.replace("preview/", "changes.csv")))
    assert [(row["column"], row["now"], row["then"]) for row in rows] == [
        ("Priority area", "Empowering youth", "Gender equality and empowering women")
    ]
    confirm(reviewer, page)
    sent = {"digest": "x", "reason": "Again"}
    assert "confirmed already" in reviewer.post(page, sent, follow=True).content.decode()


@pytest.mark.long
def test_the_first_page_and_a_preview_cost_the_same_however_many_wait(editor, reviewer):
    page = form(editor, priority_area="gender")
    for address in ("/admin/", page):
        queries_of(reviewer, address)
    few = [queries_of(reviewer, address) for address in ("/admin/", page)]
    for reference in DESCRIBED[1:10]:
        form(editor, reference, in_matrix="no")
    assert len(to_publish(reviewer)) == 10
    assert [queries_of(reviewer, address) for address in ("/admin/", page)] == few


# Undoing, setting aside, and bringing back


def second_looks(client) -> list[str]:
    found = client.get("/admin/").context.get("second_looks", [])
    return [str(one) for one in found]


@pytest.mark.long
def test_a_reviewer_who_did_not_publish_it_undoes_it_at_once(editor, reviewer):
    page = form(editor, priority_area="gender")
    confirm(reviewer, page)
    undo, batch = page.replace("preview", "undo"), Batch.objects.get()
    said = reviewer.post(undo, {"reason": "Too early"}, follow=True).content.decode()
    assert "You published it: somebody else undoes it." in said
    assert editor.post(undo, {"reason": "Too early"}).status_code == 403
    chief = member("Reviewers", "chief")
    assert "Enter a reason." in chief.post(undo, {"reason": ""}, follow=True).content.decode()
    assert public_rows()["PVE-001"]["priority_area"] == "gender"
    chief.post(undo, {"reason": "Too early"})
    assert public_rows()["PVE-001"]["priority_area"] == "youth"
    # Others take a second look.
    name = f"Undo of import {batch.pk} (PVE-001)"
    assert [second_looks(one) for one in (editor, reviewer, chief)] == [[], [name], []]
    assert "Undone or set aside: a second look" in text_of(reviewer, "/admin/")
    look = f"/admin/projects/batch/{Batch.objects.get(kind='undo').pk}/change/"
    assert chief.post(look).status_code == 403
    assert second_looks(reviewer) == [name]
    assert reviewer.post(look)["Location"] == "/admin/"
    assert second_looks(reviewer) == []


@pytest.mark.long
def test_an_entry_is_set_aside_at_once_and_brought_back_by_two(editor, reviewer):
    project = Project.live.get(reference="PVE-001")
    page = f"{LIST}{project.pk}/set-aside/"
    assert page in reviewer.get(f"{LIST}{project.pk}/change/").content.decode()
    assert page not in editor.get(f"{LIST}{project.pk}/change/").content.decode()
    assert editor.get(page).status_code == 403
    assert editor.post(page, {"reason": "Twice"}).status_code == 403
    assert "Enter a reason." in reviewer.post(page, {"reason": ""}).content.decode()
    assert [*public_rows()] == DESCRIBED
    reviewer.post(page, {"reason": "It is there twice"})
    assert [*public_rows()] == DESCRIBED[1:]
    assert "PVE-001" not in references_in(Client().get("/projects/?described=yes").content.decode())
    assert "It is there twice" in text_of(Client(), "/projects/PVE-001/changes/")
    chief = member("Reviewers", "chief")
    (name,) = second_looks(chief)
    assert name.endswith(": Set aside: PVE-001")
    assert second_looks(reviewer) == []
    # A second time there is nothing to set aside.
    said = reviewer.post(page, {"reason": "Again"}).content.decode()
    assert "Only an entry of the lists can be set aside." in said
    # To bring it back waits: it is not undone.
    batch = f"/admin/projects/batch/{Batch.objects.get().pk}"
    assert 'id="undo"' not in chief.get(f"{batch}/change/").content.decode()
    said = chief.post(f"{batch}/undo/", {"reason": "It is one"}, follow=True).content.decode()
    assert "Put the entry back in the list: a second person publishes that." in said
    assert [*public_rows()] == DESCRIBED[1:]
    back = reviewer.post(LIST, chosen(project) | {"action": "count_again"})["Location"]
    assert [*public_rows()] == DESCRIBED[1:]
    assert (to_publish(reviewer), to_publish(chief)) == ([], ["PVE-001"])
    confirm(chief, back)
    assert [*public_rows()] == DESCRIBED


def test_an_entry_that_holds_a_place_is_not_deleted(reviewer):
    project = Project.live.get(reference="PVE-001")
    page = f"{LIST}{project.pk}/delete/"
    answer = submit(reviewer, page, {"post": "yes", "reason": "Twice"}, follow=True)
    said = "It holds a place in the matrix: set it aside instead."
    assert said in answer.content.decode()
    assert [*public_rows()] == DESCRIBED
    assert not Batch.objects.exists()
    saved("PVE-224", title="Youth clubs")
    page = f"{LIST}{Project.live.get(reference='PVE-224').pk}/delete/"
    submit(reviewer, page, {"post": "yes", "reason": "Twice"})
    assert not Project.live.filter(reference="PVE-224").exists()


# Editions

FORM = {"name": "Second", "slug": "second", "date": "2026-11", "note": "First corrections"}


def published(client, **sent) -> str:
    """Go on from the look at an edition; where that leads, or what the page says."""
    look = client.post(EDITION, FORM).content.decode()
    seen = dict(re.findall(r'<input type="hidden" name="(shown)" value="([0-9]+)"', look))
    answer = client.post(EDITION, FORM | seen | sent)
    return answer.headers.get("Location") or answer.content.decode()


@pytest.mark.long
def test_an_edition_of_what_awaits_review_is_published_by_another_who_read_the_names():
    writer, other = member("Managers", "writer"), member("Managers", "other")
    form(writer, title="NET-MED")
    said = "You changed PVE-001: somebody else publishes the edition."
    assert said in published(writer, names="yes")
    look = other.post(EDITION, FORM).content.decode()
    assert "<li>PVE-001: NET-MED</li>" in look
    assert "Say that you have read the names of what awaits review." in published(other)
    assert not Edition.objects.filter(slug="second").exists()
    assert published(other, names="yes") == "/editions/second/"
    assert Edition.objects.get(slug="second").count == 223


@pytest.mark.long
def test_an_edition_in_which_nothing_awaits_review_is_published_by_who_wrote_it():
    writer = member("Managers", "writer")
    form(writer, title="NET-MED")
    reviewer = member("Reviewers", "chief")
    submit(reviewer, review_of(Project.live.get(reference="PVE-001")), {"approve": "yes"})
    look = writer.post(EDITION, FORM).content.decode()
    assert "What awaits review" not in look
    assert published(writer) == "/editions/second/"


# Entities


@pytest.mark.long
def test_an_entity_is_public_once_a_public_record_refers_to_it(editor, reviewer):
    visitor = Client()

    def listed() -> list[bool]:
        rows = visitor.get("/api/v1/entities/").json()["results"]
        files = csv_rows(visitor.get("/entities.csv"))
        return ["UNICRI" in [one["acronym"] for one in some] for some in (rows, files)]

    page = upload(editor, NEW | {"entities": "UNICRI"})
    assert "UNICRI" in text_of(editor, page)
    assert confirm(editor, page)["Location"] == page.replace("preview", "change")
    assert Entity.objects.filter(acronym="UNICRI").exists()
    for address in ("/entities/", "/about/", SITEMAP, "/projects/changes/"):
        assert "UNICRI" not in body(visitor.get(address)).decode(), address
    assert visitor.get("/entities/UNICRI/").status_code == 404
    assert visitor.get("/api/v1/entities/UNICRI/").status_code == 404
    assert visitor.get("/projects/?entity=UNICRI").status_code == 400
    assert listed() == [False, False]
    draft = Project.live.get(title="A new project")
    submit(reviewer, review_of(draft), {"approve": "yes"})
    assert listed() == [True, True]
    assert visitor.get("/api/v1/entities/UNICRI/").json()["acronym"] == "UNICRI"
    found = visitor.get("/projects/?entity=UNICRI").content.decode()
    assert references_in(found) == ["PVE-224"]
    for address in ("/entities/", "/about/", SITEMAP):
        assert "/entities/UNICRI/" in visitor.get(address).content.decode()
    # The page of an entry that is set aside names its entities. Who published it does not do that.
    page, sent = f"{LIST}{draft.pk}/set-aside/", {"reason": "It is there twice"}
    refused = "You wrote or published it: somebody else sets it aside."
    assert refused in reviewer.post(page, sent).content.decode()
    assert visitor.get("/projects/?entity=UNICRI").content.decode() == found
    assert member("Reviewers", "other").post(page, sent).status_code == 302
    assert "/entities/UNICRI/" in visitor.get("/projects/PVE-224/").content.decode()
    assert visitor.get("/entities/UNICRI/").status_code == 200


# One person suffices


def test_a_manager_says_since_when_and_why_one_person_suffices(editor, reviewer):
    (row,) = SecondPerson.objects.all()
    page = f"/admin/projects/secondperson/{row.pk}/change/"
    assert editor.get(page).status_code == 403
    assert reviewer.post(page, {"since": "2026-12", "why": "x"}).status_code == 403
    manager = member("Managers", "manager")
    assert "A second person reviews: yes." in text_of(Client(), "/about/")
    html = submit(manager, page, {"since": "", "why": "", "reason": ""}).content.decode()
    assert "Say since when one person suffices, and why." in html
    assert SecondPerson.is_needed()
    sent = {"since": "2026-12", "why": "Only one person works on the register.", "reason": "x"}
    assert submit(manager, page, sent).status_code == 302
    about = text_of(Client(), "/about/")
    assert "A second person reviews: no, one suffices since December 2026." in about
    assert "Only one person works on the register." in about
    assert Revision.objects.of(row).get().by_name == "manager"


@pytest.fixture
def alone():
    """One person suffices."""
    row = SecondPerson.objects.get()
    row.reviews, row.since, row.why = False, "2026-12", "Only one person works on it."
    row.save()


def test_where_one_suffices_who_prepared_it_publishes_it_from_the_same_preview(alone, reviewer):
    page = form(reviewer, priority_area="gender")
    assert public_rows()["PVE-001"]["priority_area"] == "youth"
    assert to_publish(reviewer) == ["PVE-001"]
    confirm(reviewer, page)
    assert public_rows()["PVE-001"]["priority_area"] == "gender"
    batch = Batch.objects.get()
    assert [one.username for one in batch.prepared_by.all()] == ["reviewer"]
    assert batch.by_name == "reviewer"
    reviewer.post(page.replace("preview", "undo"), {"reason": "Too early"})
    assert public_rows()["PVE-001"]["priority_area"] == "youth"


@pytest.mark.long
def test_where_one_suffices_who_wrote_a_draft_or_change_reviews_it(alone, reviewer):
    assert confirm(reviewer, upload(reviewer, NEW)).status_code == 302
    draft = Project.live.get(title="A new project")
    assert draft.review == "draft"
    page = text_of(reviewer, review_of(draft))
    assert "Publish this draft" in page
    assert "Somebody else reviews what you wrote." not in page
    submit(reviewer, review_of(draft), {"approve": "yes"})
    assert [*public_rows()] == [*DESCRIBED, "PVE-224"]
    manager = member("Managers", "manager")
    form(manager, title="NET-MED")
    assert published(manager, names="yes") == "/editions/second/"


def test_who_left_has_prepared_it_all_the_same(editor, reviewer):
    page = form(editor, priority_area="gender")
    User.objects.get(username="editor").delete()
    assert to_publish(reviewer) == ["PVE-001"]
    confirm(reviewer, page)
    assert public_rows()["PVE-001"]["priority_area"] == "gender"
