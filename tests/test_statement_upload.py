"""Statements from a file at the desk: all problems at once, cell by cell, and undone whole."""

import io

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from projects.history import Revision
from projects.models import Batch
from reports.models import STATEMENT_TABLE, Statement

from .annex import importer
from .conftest import member
from .files import confirm
from .files import send as send_rows
from .pages import body, text_of

pytestmark = pytest.mark.usefixtures("register")
UPLOAD = "/admin/projects/batch/import/statements/"
HEAD = ["Code", "kind", "title", "quotation", "source", "areas", "areas_basis", "entities"]
FIRST = ["P01", "measure", "A first one", "Do this.", "A/70/674, para. 44", "", "", "UNDP"]
CHANGED = ["G34", "practice", "Another title"]


def send(client, rows, head=HEAD):
    return send_rows(client, "statements", head, rows, "plan.csv")


@pytest.mark.long
@pytest.mark.apart
def test_a_file_is_shown_cell_by_cell_confirmed_and_undone(editor, client):
    page = send(editor, [["P01", "measure", "A first one"], CHANGED], [*HEAD[:3], "source"]).url
    assert "errors: correct them first." in text_of(editor, page)
    page = send(editor, [FIRST]).url
    text = text_of(editor, page)
    assert "To add: 1 To change: 0 Unchanged: 0" in text
    assert "P01 · A first one row 2" in text
    cells = ("Kind — Measure", "Quotation — Do this.", "Entities — UNDP", "Basis — Our reading")
    assert all(cell in text for cell in cells)
    assert not Statement.live.filter(code="P01").exists()
    assert not Revision.objects.filter(key="P01").exists()
    confirm(editor, page)
    one, batch = Statement.live.get(code="P01"), Batch.objects.get(added=1)
    assert (one.review, [entity.acronym for entity in one.entities.all()]) == ("draft", ["UNDP"])
    revision = Revision.objects.get(key="P01")
    assert (revision.by_name, revision.reason) == ("editor", "The Plan of Action")
    assert revision.batch == batch
    assert "A first one" not in text_of(client, "/plans/")
    undo = f"/admin/projects/batch/{batch.pk}/undo/"
    assert editor.post(undo, {"reason": "x"}).status_code == 403
    reviewer = member("Reviewers", "reviewer")
    assert "plan.csv" in text_of(reviewer, f"/admin/projects/batch/{batch.pk}/change/")
    reviewer.post(undo, {"reason": "By mistake"})
    assert not Statement.live.filter(code="P01").exists()
    undone = Revision.objects.filter(key="P01").order_by("pk").last()
    assert (undone.by_name, undone.reason) == ("reviewer", "By mistake")


def test_rows_are_taken_as_people_write_them(editor):
    head = ["code", "kind", "title", "quotation", "document", "paragraphs", "areas", "areas_basis"]
    rows = [
        ["", "Measure or recommendation", "One", "Do this.", "A/70/674", "44", "", ""],
        [
            *("", "MEASURE", "Two", "Do that.", "a-70-674", "45"),
            *("Empowering youth; Gender", "Inferred"),
        ],
        ["M05", "measure", "Three", "Do it.", "A/70/674", "46", "", ""],
    ]
    page = send(editor, rows[:2], head).url
    assert "To add: 2 To change: 0" in text_of(editor, page)
    confirm(editor, page)
    one, two = Statement.live.filter(code__in=["M31", "M32"])
    assert (one.kind, str(one.document), one.review) == ("measure", "A/70/674", "draft")
    assert (two.title, two.areas, two.areas_basis) == ("Two", "youth;gender", "inferred")
    # Where a row has a problem, another is not refused for the same code.
    faulty = [[*rows[0][:3], "", *rows[0][4:]], [*rows[0][:4], "A/1/1", *rows[0][5:]]]
    page = send(editor, [*faulty, ["", "rumour", "T", "Q", "", "", "", ""]], head).url
    problems = {
        (problem.row, problem.column) for problem in editor.get(page).context["preview"].problems
    }
    assert problems == {
        *((2, "quotation"), (3, "document")),
        *((4, "code"), (4, "kind"), (4, "source")),
    }
    # A code that an empty one was given before is not written over by a later row.
    page = send(editor, [rows[0], ["M33", *rows[1][1:]]], head).url
    assert "“M33” is in row 2 already." in text_of(editor, page)


@pytest.mark.long
def test_a_file_that_is_no_table_of_statements_is_refused(editor):
    for rows, head, says in (
        ([["a"]], ["x"], "Expected columns: code, kind, category, title,"),
        ([["measure", "T"]], ["kind", "title"], "There is no column “code”."),
        ([], HEAD, "There is no row below the header."),
        ([["a", "b", "c"]], ["code", "title", "title"], "Columns that occur twice: title."),
        (
            [[f"P{n}", "measure"] for n in range(1001)],
            HEAD[:2],
            "more than the 1000 rows that are allowed",
        ),
    ):
        answer = send(editor, rows, head)
        assert answer.status_code == 400
        assert says in answer.content.decode()
        assert "<title>Error: Import statements | " in answer.content.decode()
    assert not Batch.objects.exists()


@pytest.mark.long
def test_the_template_and_the_export_have_the_same_columns(editor, client):
    file = body(editor.get("/admin/projects/batch/import/statements/template.xlsx"))
    sheet = load_workbook(io.BytesIO(file)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == STATEMENT_TABLE.names
    export = body(client.get("/statements.csv"))
    assert export.decode("utf-8-sig").splitlines()[0] == ",".join(STATEMENT_TABLE.names)
    page = editor.post(UPLOAD, {"file": SimpleUploadedFile("back.csv", export)}).url
    text = text_of(editor, page)
    assert "To add: 0 To change: 0 Unchanged: 292" in text
    assert "The register has all of this already." in text


def test_who_may_write_no_statement_gets_no_page_to_import_them(editor):
    page = send(editor, [FIRST]).url
    nobody = importer(Client(), "view_batch")
    files = [page.replace("preview/", name) for name in ("changes.csv", "faults.csv")]
    for address in (UPLOAD, f"{UPLOAD}template.xlsx", page, *files):
        assert nobody.get(address).status_code == 403
        assert nobody.post(address).status_code == 403
    for address in ("/admin/projects/batch/", "/admin/projects/batch/import/"):
        html = nobody.get(address).content.decode()
        assert 'href="/admin/projects/batch/import/' in html and UPLOAD not in html


@pytest.mark.parametrize(
    ("right", "row", "head", "said"),
    [
        ("change", FIRST, HEAD, "The file adds statements, but you have no right to add them."),
        ("add", CHANGED, HEAD[:3], "The file changes statements, and you may not change any."),
    ],
)
def test_a_file_that_adds_takes_the_right_to_add_and_one_that_changes_that_to_change(
    editor, right, row, head, said
):
    one = importer(Client(), "undo_batch", "view_batch", f"{right}_statement")
    page = send(one, [row], head).url
    text = text_of(one, page)
    assert said in text and "Reason:" not in text
    digest = one.get(page).context["preview"].digest
    # A form from elsewhere does no more.
    answer = one.post(page, {"digest": digest, "reason": "x"}, follow=True)
    assert answer.content.decode().count(said) == 2
    assert Batch.objects.get().applied_at is None
    editor.post(page.replace("preview", "take-over"))
    confirm(editor, page)
    batch = Batch.objects.get()
    shown = one.get(f"/admin/projects/batch/{batch.pk}/change/").content.decode()
    assert batch.file_name in shown and "Undo the whole import" not in shown
    undo = f"/admin/projects/batch/{batch.pk}/undo/"
    assert one.post(undo, {"reason": "x"}).status_code == 403
    user = User.objects.get(username="importer")
    for action in ("add", "change"):
        user.user_permissions.add(Permission.objects.get(codename=f"{action}_statement"))
    assert one.post(undo, {"reason": "x"}).status_code == 302
    assert Batch.objects.filter(undoes=batch).exists()
