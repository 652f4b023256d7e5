"""Files: safe to open, lossless, streamed."""

import csv
import io
import re
from contextlib import contextmanager
from importlib import import_module
from itertools import cycle
from threading import Thread

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test import Client
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from projects.columns import PROJECT_TABLE
from projects.editions import publish
from projects.exports import defuse, keyed_rows, restore_cell, write_csv
from projects.history import unrecorded
from projects.models import Country, Edition, Entity, Project

from .pages import body, book_of, csv_lines


@given(text=st.text(alphabet="'=+-@|% \t\nab＝", max_size=8))
def test_defusing_loses_nothing(text):
    assert restore_cell(defuse(text)) == text


def test_an_editions_name_is_no_formula_in_any_file(register, client):
    publish(Edition(slug="evil", name='=HYPERLINK("http://evil")', date="2026", note="x"))
    lines = csv_lines(client.get("/reports/cross-table.csv?edition=evil"))
    facts = dict(line for line in lines if len(line) == 2)
    assert facts["Edition"].startswith('\'=HYPERLINK("http://evil"), SHA-256 ')
    assert facts["Query"] == (
        'In the edition “=HYPERLINK("http://evil")”: 223 projects (A/72/621, paras. 22 and 24). '
        "A/72/621 publishes no table of “Priority area” by “Scope”: each range is what its totals "
        "allow."
    )


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
def test_a_file_is_of_one_moment_while_others_write():
    """Title and entity of the first project, and how many there are, differ in each state."""
    known = {(title, *rest) for title, rest in (STATES | AS_SHIPPED).items()}
    for kind in ("csv", "xlsx", "docx"):
        with somebody_who_writes():
            rows = read_export(kind, body(Client().get(f"/projects/export.{kind}")))
        assert (rows[0]["title"], rows[0]["entities"], len(rows)) in known, kind
    with somebody_who_writes():
        data = Client().get("/reports/cross-table.json?entity=UNESCO").json()
    assert (data["table"][-1][-1], data["numbers"][-1]["may_be"]) in {
        ("3 (described)", 3),
        ("4 (described)", 4),
    }


AS_SHIPPED = {"Networks of Mediterranean Youth (NET-MED Youth)": ("UNESCO", 223)}
# By the title of the first project: its entity, and how many projects there are.
STATES = {"one": ("OCT", 222), "two": ("UNESCO", 223), "three": ("UNDP", 222)}


def read_export(kind: str, content: bytes) -> list[dict]:
    """The rows of a file; of a briefing as many as it says there are."""
    if kind == "csv":
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    if kind == "docx":
        document = Document(io.BytesIO(content))
        first, entities, *_others = document.tables[-1].rows[1].cells
        said = document.paragraphs[1].text
        count = re.search(r"This register now has (\d+)|^(\d+) projects", said)
        row = {"title": first.paragraphs[0].text, "entities": entities.text}
        return [row] * int(count[1] or count[2])
    book = load_workbook(io.BytesIO(content))
    head, *lines = book["Codes"].values
    return [dict(zip(head, line, strict=True)) for line in lines]


def test_a_workbook_of_too_many_rows_is_refused_and_leaves_nothing_behind(
    register, client, monkeypatch, tmp_path
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("projects.exports.xlsx.MOST_ROWS", 223)
    assert body(client.get("/projects/export.xlsx"))
    monkeypatch.setattr("projects.exports.xlsx.MOST_ROWS", 222)
    response = client.get("/projects/export.xlsx?sort=title")
    assert (response.status_code, response["Content-Type"][:10]) == (400, "text/plain")
    assert response.content.decode() == (
        "A workbook has at most 222 rows. Narrow the list, or download the CSV.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_has_text_not_formulas(make_project, client):
    make_project("PVE-001", title="=1+1", summary="#N/A", methodology="+1 \x07 \uffff")
    response = client.get("/projects/export.xlsx")
    sheet = book_of(response)["Projects"]
    assert [(c.value, c.data_type) for c in sheet[2]][1:3] == [("=1+1", "s"), ("#N/A", "s")]
    # XML cannot carry these two characters.
    assert sheet["O2"].value == "+1 \ufffd \ufffd"


def test_a_workbook_carries_dictionary_and_origin(register, client):
    response = client.get("/projects/export.xlsx?scope=global")
    book = book_of(response)
    about = dict(book["About"].values)
    assert about["Query"] == "82 projects are global in scope (A/72/621, para. 25)."
    assert about["Source"].startswith("A/72/621, paras. 22, 24 and 25, and the paragraphs")
    assert "Note" not in about
    about = dict(book_of(client.get("/projects/export.xlsx?filled_in=yes"))["About"].values)
    assert about["Note"].startswith("The filled-in table is an example, one of many")
    assert "grants no licence" in about["Licence"]
    assert about["Date"].endswith("UTC")


@pytest.mark.postgresql
def test_several_values_follow_their_order_and_rows_that_of_the_query(make_project):
    countries = Country.objects.filter(code__in=["KEN", "CIV", "MLI"])
    make_project(
        "PVE-001",
        title="B",
        entities=["UN-Women", "OCT", "a1"],
        countries=countries,
        regions=["americas", "asia", "africa"],
        start_date="2017-06",
        end_date="2018",
    )
    make_project("PVE-002", title="A")
    with unrecorded("the test sets the scene"):
        Project.live.update(updated_at="2026-01-02T03:04:05Z")
    records, table = (
        Project.published.all().in_order("title"),
        PROJECT_TABLE.of(PROJECT_TABLE.names[:20]),
    )
    assert b"".join(write_csv(keyed_rows(records, table), table)).decode().split("\r\n")[1:] == [
        "PVE-002,A,,youth,stated,global,stated,,,,,not-stated,,,,,named,"
        '"A/72/621, para. 34",2026-01-02T03:04:05Z,not-stated',
        "PVE-001,B,,youth,stated,regional,stated,africa;asia;americas,stated,CIV;KEN;MLI,"
        "a1;OCT;UN-Women,not-stated,2017-06,2018,,,named,"
        '"A/72/621, para. 34",2026-01-02T03:04:05Z,not-stated',
        "",
    ]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_breaks_the_file_instead_of_ending_it(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is no other process")
    monkeypatch.setattr("projects.pages.MOST_WHOLE", 0)
    monkeypatch.setattr(import_module("projects.exports.rows"), "ROWS_AT_ONCE", 50)
    pieces = iter(Client().get("/projects/export.csv").streaming_content)
    assert b"PVE-001" in next(pieces)
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    other.close()
    with pytest.raises(OperationalError):
        list(pieces)
    connection.close()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_reader_that_goes_away_leaves_no_transaction(monkeypatch):
    monkeypatch.setattr("projects.pages.MOST_WHOLE", 0)
    monkeypatch.setattr(import_module("projects.exports.rows"), "ROWS_AT_ONCE", 100)
    response = Client().get("/projects/export.csv")
    pieces = iter(response.streaming_content)
    next(pieces)
    next(pieces)
    assert connection.connection and is_reading()
    del pieces
    response.close()
    assert not is_reading()
    assert Project.published.count() == 223


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/projects/?q=youth", "This takes too long"),
        ("/projects/export.csv", "cannot be answered at the moment"),
        ("/projects/export.xlsx", "cannot be answered at the moment"),
    ],
)
def test_a_statement_that_takes_too_long_is_a_503(register, client, monkeypatch, address, said):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no time limit")
    monkeypatch.setattr("projects.pages.MOST_WHOLE", 0)
    client.raise_request_exception = False

    def slow(execute, sql, *others):
        is_long = 'FROM "projects_project"' in sql
        return execute("SELECT pg_sleep(9)" if is_long else sql, *others)

    with connection.cursor() as cursor, connection.execute_wrapper(slow):
        cursor.execute("SET LOCAL statement_timeout = 50")
        response = client.get(address)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert said in body(response).decode()


def is_reading() -> bool:
    """Whether a transaction is open."""
    if connection.vendor == "postgresql":
        return connection.in_atomic_block
    return connection.connection.in_transaction
