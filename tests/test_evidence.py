"""Sources that can be looked up, and the files that entries rest on: private, given to staff."""

import hashlib

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.evidence import Sources, known_sources, source_problems
from projects.history import Revision, recording, unrecorded
from projects.imports import previews
from projects.models import Evidence, EvidenceFile, Project, data_version

from .conftest import saved
from .files import upload
from .pages import submit, text_of
from .test_admin import form_of
from .test_comments import comment, page_of
from .test_review import member, restore, said, sign_off

pytestmark = pytest.mark.usefixtures("register")

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
SHA = hashlib.sha256(PDF).hexdigest()
NEEDED = (
    "A confirmed entry needs a source of its own: a paragraph that "
    "does more than count it, an https:// address, or an attached file."
)
COUNTS = "The paragraph that counts a project states nothing of it: cite another."
NO_TITLE = "A confirmed entry needs a title: this is that of a placeholder."
# The name of a document that only staff see, and the source that names it.
LETTER = "Letter of UNESCO, 3 March 2026"
SOURCE = f"{LETTER}, kept by the office"


def attach(client, project, content: bytes = PDF, name="annex.pdf", page="12", said="", **extra):
    data = {"file": SimpleUploadedFile(name, content), "page": page, "name": said}
    return client.post(page_of(project, "evidence"), data, **extra)


@pytest.fixture
def project():
    return Project.published.get(reference="PVE-002")


def test_a_file_is_attached_shown_with_its_hash_and_given_as_one_to_save(project):
    editor = member("Editors", "ed")
    response = attach(editor, project)
    assert response["Location"] == page_of(project, "change")
    text = text_of(editor, page_of(project, "change"))
    assert "“annex.pdf” is attached." in text
    for name in ("change", "evidence"):
        text = text_of(editor, page_of(project, name))
        assert f"annex.pdf (48 bytes) 12 {SHA} ed, " in text
    assert "Files: annex.pdf, page 12" in text_of(editor, page_of(project, "review"))
    address = f"/admin/projects/project/evidence/{Evidence.objects.get().pk}/file/"
    given = editor.get(address)
    assert given.content == PDF
    assert given["Content-Type"] == "application/pdf"
    assert given["Content-Disposition"] == 'attachment; filename="annex.pdf"'
    assert given["X-Content-Type-Options"] == "nosniff"
    assert given["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in given["Cache-Control"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "The file is empty."),
        (b"<html>%PDF-1.7 %%EOF", "This is not a PDF."),
        (PDF.removesuffix(b"%%EOF\n"), "The PDF is incomplete. Save it again."),
        (PDF + b"x" * 1024, "The PDF is incomplete. Save it again."),
        (b"%PDF-1.4" + b" " * 20_200_000 + b"%%EOF", "The file is larger than 20 MB."),
    ],
)
def test_a_file_whose_content_is_no_pdf_is_refused_under_any_name(project, content, problem):
    response = attach(member("Editors", "ed"), project, content)
    assert response.status_code in (400, 413)
    assert problem in response.content.decode()
    assert not EvidenceFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "kept", "header"),
    [
        ("../../etc/passwd", "passwd.pdf", 'attachment; filename="passwd.pdf"'),
        ("a\u202efdp.exe", "afdp.exe.pdf", 'attachment; filename="afdp.exe.pdf"'),
        ("plan d’action.PDF", "plan d’action.pdf", "filename*=utf-8''plan%20d%E2%80%99action.pdf"),
        (".pdf", "file.pdf", 'attachment; filename="file.pdf"'),
        ("n" * 200 + ".pdf", "n" * 146 + ".pdf", "nnn.pdf"),
    ],
)
def test_a_hostile_name_is_harmless(project, name, kept, header):
    editor = member("Editors", "ed")
    attach(editor, project, name=name)
    one = Evidence.objects.get()
    assert one.name == kept
    given = editor.get(f"/admin/projects/project/evidence/{one.pk}/file/")
    assert header in given["Content-Disposition"]
    assert "\n" not in given["Content-Disposition"]


def test_a_file_is_stored_once_and_attached_to_other_entries(project):
    other = Project.published.get(reference="PVE-003")
    editor = member("Editors", "ed")
    attach(editor, project)
    html = attach(editor, project, name="again.pdf").content.decode()
    assert "This file is already attached to PVE-002 as “annex.pdf”." in html
    attach(editor, other, page="3")
    kept = Evidence.objects.values_list("reference", "name", "page", "file", "size")
    assert [*kept] == [
        ("PVE-002", "annex.pdf", "12", SHA, 48),
        ("PVE-003", "annex.pdf", "3", SHA, 48),
    ]
    assert EvidenceFile.objects.count() == 1


def take_away(client, one, reason="Not ours"):
    page = f"/admin/projects/project/evidence/{one.pk}/take-away/"
    return client.post(page, {"reason": reason}, follow=True)


@pytest.mark.postgresql
def test_attaching_and_removing_are_revisions_with_the_hash_and_without_the_bytes(project):
    other = Project.published.get(reference="PVE-003")
    editor = member("Editors", "ed")
    attach(editor, project)
    attach(editor, other)
    here, there = Evidence.objects.order_by("pk")
    take_away(editor, here)
    assert EvidenceFile.objects.count() == 1
    html = take_away(editor, there, "").content.decode()
    assert "Reason" in html
    assert Evidence.objects.count() == 1
    assert "“annex.pdf” is removed." in take_away(editor, there).content.decode()
    assert not EvidenceFile.objects.exists()
    kept = {"reference": "PVE-002", "file": "annex.pdf", "page": "12", "size": 48, "sha256": SHA}
    revisions = Revision.objects.of_model(Evidence).of_keys(["PVE-002"]).order_by("pk")
    assert [(one.old, one.new, one.by_name, one.reason) for one in revisions] == [
        (None, kept, "ed", ""),
        (kept, None, "ed", "Not ours"),
    ]
    text = text_of(editor, page_of(project, "history"))
    assert f"ed Removed: annex.pdf {SHA} Not ours" in text
    assert f"ed Attached: annex.pdf {SHA} —" in text
    # What is gone is not brought back from there.
    last = revisions.last()
    page = f"/admin/projects/revision/{last.pk}/"
    assert "Bring back" not in text_of(member("Managers", "m"), f"{page}change/")
    assert member("Managers", "n").post(f"{page}restore/", {"reason": "x"}).status_code == 403
    call_command("check_integrity")


def test_neither_a_file_nor_a_comment_is_on_a_public_page(client, project):
    pages = ["/projects/PVE-002/", "/projects/PVE-002/changes/", "/projects/changes.atom"]
    before, version = [said(client, one) for one in pages], data_version()
    attach(member("Editors", "ed"), project)
    take_away(member("Reviewers", "r"), Evidence.objects.get(), "A public reason?")
    attach(member("Editors", "second"), project)
    comment(member("Editors", "third"), project, "Between ourselves")
    caches["pages"].clear()
    assert [said(client, one) for one in pages] == before
    assert data_version() == version
    assert Project.published.get(pk=project.pk).review == "reviewed"


def test_files_of_a_deleted_entry_are_shown_with_its_history_and_restored_with_it():
    reviewer, project = member("Reviewers", "r"), saved("PVE-224", title="Youth clubs")
    attach(reviewer, project)
    submit(reviewer, page_of(project, "delete"), {"reason": "Never held", "post": "yes"})
    last = Revision.objects.of(project).last()
    text = text_of(reviewer, f"/admin/projects/revision/{last.pk}/change/")
    assert f"annex.pdf (48 bytes) 12 {SHA} r, " in text
    restore(reviewer, last)
    assert SHA in text_of(reviewer, page_of(project, "evidence"))
    submit(reviewer, page_of(project, "delete"), {"reason": "Never held", "post": "yes"})
    assert "is removed" in take_away(reviewer, Evidence.objects.get()).content.decode()
    assert not EvidenceFile.objects.exists()


@pytest.mark.long
def test_pages_do_not_read_the_bytes_and_ask_as_often_for_many_files_as_for_one(project):
    reviewer = member("Reviewers", "r")
    attach(reviewer, project)

    def queries() -> list[int]:
        found = []
        for name in ("change", "history", "review", "evidence"):
            reviewer.get(page_of(project, name))
            with CaptureQueriesContext(connection) as captured:
                reviewer.get(page_of(project, name))
            assert not [
                one for one in captured if '"content"' in one["sql"] and "evid" in one["sql"]
            ]
            found.append(len(captured))
        return found

    with_one = queries()
    for number in range(9):
        attach(reviewer, project, PDF + b"%%" + str(number).encode())
    assert queries() == with_one


# A source that can be looked up

SOURCES = Sources(
    {"A/72/621": frozenset({"22", "24", "25", "34", "fn4"}), "A/70/674": frozenset()},
    basis="A/72/621",
    counting=frozenset({"22", "24", "25"}),
)
ENTRY = {"provenance": "confirmed", "source": "", "link": "", "review": "changed", "title": "Radio"}


def problems_of(new, old=None, files=()) -> list[tuple[str, str]]:
    return [*source_problems(old, new, SOURCES, files)]


@pytest.mark.parametrize(
    ("source", "is_one"),
    [
        ("A/72/621, para. 34", True),
        ("A/72/621, paras. 34 and 35", True),
        ("A/72/621, footnote 4", True),
        ("A/70/674, para. 24", True),
        ("A/72/621, para. 24", False),
        ("A/72/621, paras. 22–25", False),
        ("https://undocs.org/A/72/621", False),
        ("A/72/621, para. 99", False),
        ("A/72/621/Add.1, para. 34", False),
        ("A/73/1, para. 2", False),
        ("Draft annex, 2017", False),
        ("https://undocs.org/A/73/1, p. 2", True),
        ("See (http://x.org/a).", True),
        ("ftp://x.org/a", False),
        ("A letter; A/72/621, para. 34", True),
    ],
)
def test_a_source_that_can_be_looked_up(source, is_one):
    assert problems_of(ENTRY | {"source": source}) == ([] if is_one else [("source", NEEDED)])


def test_what_else_makes_an_entry_one_that_can_be_looked_up():
    letter, needed = ENTRY | {"source": "A letter"}, [("source", NEEDED)]
    assert problems_of(letter) == needed
    assert problems_of(letter | {"link": "https://x.org/"}) == []
    assert problems_of(letter | {"provenance": "named"}) == []
    # A draft waits for its file; what was confirmed before stays so until its source changes.
    unpublished = letter | {"review": "draft"}
    assert problems_of(unpublished) == []
    assert problems_of(letter, unpublished) == needed
    assert problems_of(letter | {"title": "New"}, letter) == []
    assert problems_of(letter | {"source": "Another"}, letter) == needed


@pytest.mark.parametrize(
    ("values", "is_stated"),
    [
        ({"scope": "national", "scope_basis": "stated"}, True),
        ({"scope": "national", "scope_basis": "inferred"}, False),
        ({"countries": ["KEN"]}, True),
        ({"status": "not-stated", "start_date": ""}, False),
    ],
)
def test_nothing_is_stated_by_the_paragraph_that_counts_a_project(values, is_stated):
    counted = ENTRY | {"provenance": "named", "source": "A/72/621, paras. 24 and 25"}
    problem = [("source", COUNTS)] if is_stated else []
    assert problems_of(counted | values) == problem
    for source in ("A/72/621, para. 34", "A letter", f"A/72/621, para. 24; {SOURCE}"):
        assert problems_of(counted | values | {"source": source}) == []
    # What stood before stays, until another value or source is named.
    assert problems_of(counted | values | {"title": "New"}, counted | values) == []
    other = counted | values | {"source": "A/72/621, para. 24"}
    assert problems_of(other, counted | values) == problem


def test_the_shipped_activities_have_sources_of_their_own_and_placeholders_none():
    sources = known_sources()
    assert (sources.basis, sources.counting) == ("A/72/621", {"22", "24", "25"})
    described = Project.published.described()
    assert [sources.only_count(one.source, one.link) for one in described] == [False] * 12
    placeholder = Project.published.get(reference="PVE-041")
    assert sources.only_count(placeholder.source, placeholder.link)


def test_the_form_refuses_a_source_that_cannot_be_looked_up_until_a_file_is_attached(
    client, project
):
    editor = member("Editors", "ed")
    page = page_of(project, "change")
    data = form_of(project, provenance="confirmed", source=SOURCE, reason="x")
    response = editor.post(page, data)
    (problem,) = response.context["adminform"].form.errors["source"]
    assert problem == NEEDED
    attach(editor, project, said=LETTER)
    response = editor.post(page, data | {"source": LETTER})
    (problem,) = response.context["adminform"].form.errors["source"]
    assert problem == f"Name the attached file in the source: “{SOURCE}”."
    assert editor.post(page, data).status_code == 302
    assert Project.published.get(pk=project.pk).provenance == "confirmed"
    text = text_of(client, "/projects/PVE-002/")
    assert f"Source: {SOURCE}." in text
    assert "Staff have confirmed the entry from a source that they cite." in text
    html = take_away(editor, Evidence.objects.get()).content.decode()
    assert "PVE-002 is confirmed by this file: name another source first." in html
    assert Evidence.objects.exists()


def test_the_form_refuses_what_only_the_totals_count(project):
    editor, page = member("Editors", "ed"), page_of(project, "change")
    for values, problem in (
        ({"provenance": "confirmed"}, NEEDED),
        ({"scope": "national", "scope_basis": "stated"}, COUNTS),
    ):
        data = form_of(project, source="A/72/621, para. 24", reason="x", **values)
        response = editor.post(page, data)
        assert response.context["adminform"].form.errors["source"] == [problem]
    title = "Unidentified project 29 of 40 (empowering youth)"
    data = form_of(project, provenance="confirmed", title=title, reason="x")
    errors = editor.post(page, data).context["adminform"].form.errors
    assert errors == {"title": [NO_TITLE]}


def test_confirmed_entries_whose_source_is_not_named_say_so(client):
    entries = Project.published.filter(reference__in=["PVE-002", "PVE-003", "PVE-004"])
    sources = ("A/72/621, para. 24", "A letter", SOURCE)
    with unrecorded("older code confirmed them"):
        for one, source in zip(entries.order_by("number"), sources, strict=True):
            Project.live.filter(pk=one.pk).update(provenance="confirmed", source=source)
    not_named, confirmed = "Confirmed (source not named).", "from a source that they cite"
    for reference, is_named in (("PVE-002", False), ("PVE-003", False), ("PVE-004", True)):
        text = text_of(client, f"/projects/{reference}/")
        assert (not_named in text, confirmed in text) == (not is_named, is_named)


@pytest.mark.long
def test_a_draft_waits_for_its_file_and_is_not_published_without(draft):
    reviewer = member("Reviewers", "r")
    with recording(by=User.objects.get(username="writer")):
        draft.source = SOURCE
        draft.save()
    html = sign_off(reviewer, draft)
    assert f"PVE-224: {NEEDED}" in html
    assert Project.live.get(pk=draft.pk).review == "draft"
    # The form proposes the name that the source has.
    page = reviewer.get(page_of(draft, "evidence")).content.decode()
    assert f'<input type="text" name="name" value="{LETTER}"' in page
    attach(reviewer, draft, said=LETTER)
    assert "PVE-224 is published." in sign_off(reviewer, draft)


@pytest.mark.long
@pytest.mark.parametrize(("provenance", "message"), [("named", COUNTS), ("confirmed", NEEDED)])
def test_a_file_confirms_and_states_nothing_by_what_counts_it(provenance, message):
    row = f'PVE-002,{provenance},"A/72/621, para. 24",Young Peacebuilders'
    file = f"reference,provenance,source,title\r\n{row}\r\n".encode()
    (problem,) = previews.preview(upload("x.csv", file, {"ignored": []})).problems
    assert (problem.column, problem.message) == ("source", message)


@pytest.mark.long
def test_a_version_is_restored_only_if_its_source_can_be_looked_up(project):
    editor = member("Editors", "ed")
    named = {name: getattr(project, name) for name in ("provenance", "source", "status")}
    for values in ({"provenance": "confirmed", "source": SOURCE, "status": "ongoing"}, named):
        for name, value in values.items():
            setattr(project, name, value)
        project.save()
    version = Revision.objects.of(project).first()
    page = f"/admin/projects/revision/{version.pk}/"
    text = text_of(editor, f"{page}change/")
    assert text.count(NEEDED) == 1
    assert text.index("After this change", text.index("Version:")) < text.index(NEEDED)
    sent = {"reason": "It was confirmed", "side": "new"}
    refused = submit(editor, f"{page}change/", sent, to=f"{page}restore/", follow=True)
    assert refused.content.decode().count(NEEDED) == 2
    assert 'value="It was confirmed"' in refused.content.decode()
    assert Project.published.get(pk=project.pk).provenance == "named"
    attach(editor, project, said=LETTER)
    assert NEEDED not in text_of(editor, f"{page}change/")
    restored = submit(editor, f"{page}change/", sent, to=f"{page}restore/", follow=True)
    assert "was restored." in restored.content.decode()
    assert Project.published.get(pk=project.pk).source == SOURCE
