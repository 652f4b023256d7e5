"""Files that PostgreSQL writes: byte for byte what Python writes on SQLite, and never cut short."""

import json
from importlib import import_module

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, connections
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from projects.columns import PROJECT_TABLE, Layout
from projects.exports import keyed_rows, write_csv, write_json, write_lines
from projects.history import unrecorded
from projects.models import Country, Project

pytestmark = [
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite has no COPY: Python writes its files"
    ),
    pytest.mark.postgresql,
]


def read_by_python(records) -> bytes:
    """The file as Python writes it where there is no COPY."""
    lines = [
        [";".join(cell) if isinstance(cell, list) else cell for cell in row]
        for _key, row in keyed_rows(records, PROJECT_TABLE)
    ]
    return b"".join(write_lines([PROJECT_TABLE.names, *lines], PROJECT_TABLE.free_text))


SPACES = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000"
HARD = st.text(
    alphabet=f"'\"\\,;=+-@|%＝＋－＠aZ[`09éß日\x01\x7f\u200b\ufeff😀{SPACES}", max_size=8
)


def json_by_python(keyed) -> list[bytes]:
    named = [dict(zip(PROJECT_TABLE.names, row, strict=True)) for _key, row in keyed]
    return [json.dumps(one | {"words": []}, ensure_ascii=False).encode() for one in named]


@given(texts=st.lists(HARD, min_size=5, max_size=5))
@example(texts=["-", "", "\\.", "'-", "NULL"])
@example(texts=["\u3000=1", "''\u2028\t", "\x1c@", "[x]", "`x"])
@example(texts=["a\nb", "a\rb", "a,b", 'a"b', " \n"])
def test_copy_writes_what_python_writes(register, texts):
    title, summary, methodology, link, source = texts
    values = {"summary": summary, "methodology": methodology, "link": link}
    # The database keeps a title and a source of something.
    values |= {"title": f"{title}x" if not title.strip() else title, "source": source or "x"}
    with unrecorded("the test sets the scene"):
        Project.live.filter(reference="PVE-001").update(**values)
    records = Project.every.of_edition(None)
    assert b"".join(write_csv(records, Layout(PROJECT_TABLE))) == read_by_python(records)
    written = b"".join(write_json(records, PROJECT_TABLE, dict, dict, {"words": lambda keys: {}}))
    assert written.split(b",\n")[1:] == [
        *json_by_python(keyed_rows(records, PROJECT_TABLE))[1:-1],
        json_by_python(keyed_rows(records, PROJECT_TABLE))[-1] + b"\n]}\n",
    ]
    assert json.loads(b"{" + written[3:])["results"][0]["title"] == values["title"]


def test_several_values_stand_in_their_order_and_rows_in_that_of_the_query(make_project):
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
    make_project("PVE-002", title="A", updated_at="2026-01-02T03:04:05Z")
    with unrecorded("the test sets the scene"):
        Project.live.update(updated_at="2026-01-02T03:04:05Z")
    records = Project.published.all().in_order("title")
    assert b"".join(write_csv(records, Layout(PROJECT_TABLE))).decode().split("\r\n")[1:] == [
        "PVE-002,A,,youth,stated,global,stated,,,,,not-stated,,,,,named,"
        '"A/72/621, para. 34",2026-01-02T03:04:05Z',
        "PVE-001,B,,youth,stated,regional,stated,africa;asia;americas,stated,CIV;KEN;MLI,"
        "a1;OCT;UN-Women,not-stated,2017-06,2018,,,named,"
        '"A/72/621, para. 34",2026-01-02T03:04:05Z',
        "",
    ]


def test_rows_far_apart_have_what_they_are_linked_with(many_projects, monkeypatch):
    monkeypatch.setattr(import_module("projects.exports.copy"), "ROWS_AT_ONCE", 3)
    many_projects(40)
    far = [f"PVE-{number}" for number in range(1000, 1040, 7)]
    records = Project.published.filter(reference__in=far).in_order("-reference")
    lines = b"".join(write_csv(records, Layout(PROJECT_TABLE))).decode().splitlines()[1:]
    assert [(line[:8], ",OCT;UNESCO," in line) for line in lines] == [
        (f"PVE-{number}", True) for number in (1035, 1028, 1021, 1014, 1007, 1000)
    ]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_breaks_the_file_instead_of_ending_it(monkeypatch):
    call_command("load_register", verbosity=0)
    monkeypatch.setattr(import_module("projects.exports.copy"), "ROWS_AT_ONCE", 100)
    pieces = iter(Client().get("/projects/export.csv").streaming_content)
    assert b"PVE-001" in next(pieces)
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    other.close()
    with pytest.raises(OperationalError):
        list(pieces)
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_reader_that_goes_away_leaves_no_transaction(monkeypatch):
    call_command("load_register", verbosity=0)
    monkeypatch.setattr(import_module("projects.exports.copy"), "ROWS_AT_ONCE", 100)
    response = Client().get("/projects/export.json")
    pieces = iter(response.streaming_content)
    next(pieces)
    assert connection.in_atomic_block
    del pieces
    response.close()
    assert not connection.in_atomic_block
    assert Project.published.count() == 223
