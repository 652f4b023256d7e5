"""Files: safe to open, lossless, streamed."""

import csv
import errno
import io
import json
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from itertools import cycle
from threading import Thread

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from projects.columns import PROJECT_TABLE, Layout
from projects.editions import publish
from projects.exports import csv_lines, defuse, facts, restore_cell, write_csv, write_xlsx
from projects.history import recording, unrecorded
from projects.imports import batches
from projects.models import Country, Edition, Entity, Project

from .files import upload
from .pages import body

COLUMNS = [
    "reference",
    "title",
    "summary",
    "priority_area",
    "priority_area_basis",
    "scope",
    "scope_basis",
    "regions",
    "regions_basis",
    "countries",
    "entities",
    "status",
    "start_date",
    "end_date",
    "methodology",
    "link",
    "provenance",
    "source",
    "updated_at",
]


def csv_of() -> bytes:
    return b"".join(write_csv(Project.every.of_edition(None), Layout(PROJECT_TABLE)))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("  =1", "'  =1"),
        ("|calc", "'|calc"),
        ("%0a", "'%0a"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("''=1", "'''=1"),
        ("'quoted'", "'quoted'"),
        ("plain - text", "plain - text"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_could_run_is_defused_and_restored(text, cell):
    assert defuse(text) == cell
    assert restore_cell(cell) == text


@given(text=st.text(alphabet="'=+-@|% \t\nab＝", max_size=8))
def test_defusing_loses_nothing(text):
    assert restore_cell(defuse(text)) == text


@pytest.mark.postgresql
def test_a_file_of_hard_texts_is_exported_imported_and_exported_again_to_the_same_bytes(
    make_project,
):
    make_project(
        "PVE-001",
        title='=HYPERLINK("http://x")',
        summary='Two\nlines, "quoted"; and more',
        methodology="'-already",
        link="https://example.org/?a=1,2",
        entities=["UN-Women", "OCT"],
        countries=Country.objects.filter(code__in=["KEN", "CIV"]),
        regions=["asia", "africa"],
        start_date="2017-06",
    )
    make_project("PVE-002", title="’Ünïcode – 日本")
    first = csv_of()
    row = next(csv.DictReader(io.StringIO(first.decode("utf-8-sig"), newline="")))
    assert row["title"] == '\'=HYPERLINK("http://x")'
    assert row["methodology"] == "''-already"
    assert row["regions"] == "africa;asia"
    assert row["countries"] == "CIV;KEN"
    assert row["entities"] == "OCT;UN-Women"
    with unrecorded("the register of another place, empty"):
        Project.live.all().delete()
    batch = upload("register.csv", first, {"add_unknown": True})
    shown = batches.preview(batch)
    assert (shown.counts["added"], shown.faults) == (2, [])
    batches.apply(batch, shown.digest)
    with unrecorded("published there, as they were here"):
        for reference, line in (("PVE-001", 1), ("PVE-002", 2)):
            written = list(csv.reader(io.StringIO(first.decode("utf-8-sig"), newline="")))[line]
            Project.live.filter(reference=reference).update(
                review="reviewed", updated_at=written[-1]
            )
    assert csv_of() == first


@pytest.mark.postgresql
def test_the_file_begins_with_its_mark_and_its_columns(register):
    first, *_rest, last = csv_of().decode().split("\r\n")
    assert first == "\ufeff" + ",".join(COLUMNS)
    assert last == ""


def test_an_editions_name_is_no_formula_in_any_file(register, client):
    publish(Edition(slug="evil", name='=HYPERLINK("http://evil")', date="2026", note="x"))
    text = body(client.get("/reports/cross-table.csv?edition=evil")).decode("utf-8-sig")
    facts = dict(row for row in csv.reader(io.StringIO(text, newline="")) if len(row) == 2)
    assert facts["Edition"].startswith('\'=HYPERLINK("http://evil"), SHA-256 ')
    assert facts["Query"] == (
        'In the edition “=HYPERLINK("http://evil")”: 223 projects, published in A/72/621, paras. '
        "22 and 24"
    )


@pytest.mark.postgresql
@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_rows_their_count_and_their_links_are_of_one_moment():
    """Somebody deletes a project between the file's head and its rows: it does not see that."""
    call_command("load_register", verbosity=0)
    response = Client().get("/projects/export.json")
    pieces = iter(response.streaming_content)
    head = next(pieces)
    deleted = Thread(target=delete_one)
    deleted.start()
    deleted.join()
    data = json.loads(head + b"".join(pieces))
    assert Project.published.count() == 222
    assert data["count"] == len(data["results"]) == 223
    assert data["results"][0]["entities"] == ["UNESCO"]


def delete_one():
    with recording(reason="a test"):
        Project.published.get(reference="PVE-001").delete()
    connection.close()


@contextmanager
def somebody_who_writes():
    """After every query inside, somebody commits the next state of the register."""
    states = cycle(STATES)

    def write(state: str) -> None:
        with transaction.atomic(), unrecorded("the test sets the scene"):
            first = Project.live.get(reference="PVE-001")
            Project.live.filter(pk=first.pk).update(title=state)
            first.entities.set([Entity.objects.get(acronym=STATES[state][0])])
            review = "reviewed" if STATES[state][1] == 223 else "draft"
            Project.live.filter(reference="PVE-223").update(review=review)
        connection.close()

    def then_write(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if sql.startswith("SELECT"):
            writer = Thread(target=write, args=(next(states),))
            writer.start()
            writer.join()
        return answer

    with connection.execute_wrapper(then_write):
        yield


@pytest.mark.postgresql
@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["csv", "json", "xlsx", "docx"])
def test_an_export_is_of_one_moment_whoever_writes_meanwhile(kind):
    """Title and entity of the first project, and how many there are, differ in each state."""
    call_command("load_register", verbosity=0)
    seen = set()
    for _time in range(2):
        with somebody_who_writes():
            rows, count = read_export(kind, body(Client().get(f"/projects/export.{kind}")))
        assert count == len(rows)
        seen.add((rows[0]["title"], rows[0]["entities"], len(rows)))
    assert seen <= {(title, *known) for title, known in (STATES | AS_SHIPPED).items()}


@pytest.mark.postgresql
@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_cross_table_is_of_one_moment_whoever_writes_meanwhile():
    call_command("load_register", verbosity=0)
    for _time in range(2):
        with somebody_who_writes():
            data = Client().get("/reports/cross-table.json?rows=scope&columns=entity").json()
        head, *rows = data["table"]
        total = dict(zip(head, rows[-2], strict=True))
        assert total["Projects"] == int(data["Projects"])
        found = (total["OCT"], total["UNDP"], total["UNESCO"], total["Projects"])
        assert found in {(2, 0, 3, 222), (1, 0, 4, 223), (1, 1, 3, 222)}


AS_SHIPPED = {"Networks of Mediterranean Youth (NET-MED Youth)": ("UNESCO", 223)}
# By the title of the first project: its entity, and how many projects there are.
STATES = {"one": ("OCT", 222), "two": ("UNESCO", 223), "three": ("UNDP", 222)}


def read_export(kind: str, content: bytes) -> tuple[list[dict], int]:
    """The rows of a file, and how many it says there are."""
    if kind == "csv":
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        return rows, len(rows)
    if kind == "json":
        data = json.loads(content)
        rows = [one | {"entities": ";".join(one["entities"])} for one in data["results"]]
        return rows, data["count"]
    if kind == "docx":
        document = Document(io.BytesIO(content))
        cells = [
            [cell.paragraphs[0].text for cell in row.cells]
            for table in document.tables
            for row in table.rows[1:]
        ]
        names = ("reference", "title", "entities")
        rows = [dict(zip(names, row, strict=False)) for row in sorted(cells)]
        (count,) = [one.text for one in document.paragraphs if one.text.startswith("Projects: ")]
        return rows, int(count.removeprefix("Projects: "))
    book = load_workbook(io.BytesIO(content))
    head, *lines = book["Projects"].values
    return [dict(zip(head, line, strict=True)) for line in lines], dict(book["About"].values)[
        "Projects"
    ]


@pytest.mark.postgresql
def test_a_head_request_builds_no_file(register, client, django_assert_num_queries):
    # It asks for the data version.
    with django_assert_num_queries(1):
        assert client.head("/projects/export.xlsx").status_code == 200


def test_where_no_process_can_make_a_workbook_it_is_said(register, client, monkeypatch):
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    response = client.get("/projects/export.xlsx")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response.content == (b"Others ask for this at the moment; try again in a few seconds.\n")


def test_where_the_disk_is_full_it_is_said(register, client, monkeypatch):
    def full():
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    response = client.get("/projects/export.xlsx")
    assert (response.status_code, response["Retry-After"]) == (503, "30")


def test_a_workbook_has_text_not_formulas(make_project, client):
    make_project("PVE-001", title="=1+1", summary="#N/A", methodology="+1")
    response = client.get("/projects/export.xlsx?q=pve")
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert book.sheetnames == ["Projects", "Dictionary", "About"]
    sheet = book["Projects"]
    assert [(c.value, c.data_type) for c in sheet[2]][1:3] == [("=1+1", "s"), ("#N/A", "s")]
    assert sheet["O2"].value == "+1"
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:S2"


def test_a_workbook_carries_dictionary_and_origin(register, client):
    response = client.get("/projects/export.xlsx?scope=global")
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    dictionary = list(book["Dictionary"].values)
    assert dictionary[0] == ("Column", "Meaning", "Allowed value", "Label")
    assert ("scope", "Geographic scope, as grouped in paragraph 25", "global", "Global") in (
        dictionary
    )
    assert {row[0] for row in dictionary[1:]} == set(COLUMNS)
    about = dict(book["About"].values)
    assert about["Query"] == "Global in scope: 82 projects, published in A/72/621, para. 25"
    assert about["Projects"] == 82
    assert about["Source"].startswith("A/72/621, paras. 22, 24 and 25, and the paragraphs")
    assert "says nothing about the project" in about["Allocation"]
    assert (
        "scope_basis",
        "How the scope is known",
        "stated",
        "Stated: The source says so.",
    ) in dictionary
    assert "grants no licence" in about["Licence"]
    assert about["Date"].endswith("UTC")


def test_characters_that_xml_cannot_carry_are_shown_as_replaced(make_project):
    make_project("PVE-001", title="Bell \x07 rings \uffff")
    moment = datetime(2026, 11, 25, tzinfo=UTC)
    about = facts("1 project", 1, "none", moment)
    layout = Layout(PROJECT_TABLE)
    lines = csv_lines(Project.published.all(), layout, defused=False)
    with write_xlsx("Projects", layout, lines, about) as file:
        assert load_workbook(file)["Projects"]["B2"].value == "Bell \ufffd rings \ufffd"


@pytest.mark.postgresql
def test_json_is_raw(make_project, client):
    make_project("PVE-001", title="=1+1", summary="é")
    content = b"".join(client.get("/projects/export.json").streaming_content)
    assert json.loads(content)["results"][0]["title"] == "=1+1"
    assert "é" in content.decode()


@pytest.mark.postgresql
def test_an_empty_result_is_a_file_with_a_header(register, client):
    content = b"".join(client.get("/projects/export.csv?q=zzz").streaming_content)
    assert content.decode("utf-8-sig").count("\r\n") == 1
    data = json.loads(b"".join(client.get("/projects/export.json?q=zzz").streaming_content))
    assert (data["count"], data["results"]) == (0, [])


@pytest.mark.postgresql
def test_every_batch_is_whole(make_project, monkeypatch):
    monkeypatch.setattr(import_module("projects.exports.rows"), "ROWS_AT_ONCE", 3)
    for number in range(1, 11):
        make_project(f"PVE-{number:03}", entities=["OCT", f"E{number}"])
    read = list(csv.DictReader(io.StringIO(csv_of().decode("utf-8-sig"), newline="")))
    assert [row["entities"] for row in read] == [f"E{n};OCT" for n in range(1, 11)]
