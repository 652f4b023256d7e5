"""Generated projects for measuring, and what many of them are asked by."""

import re

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from projects.asking import Asked, Selection
from projects.history import unrecorded
from projects.models import Project, data_version
from projects.models.conditions import SORTS
from projects.text import fold
from reports.integrity import errors

from . import load

pytestmark = pytest.mark.postgresql


@pytest.mark.long
def test_what_is_generated_holds_together(register):
    assert load.fill(1000) == 777
    assert Project.published.count() == 1000
    assert list(errors()) == []
    made = Project.live.filter(source=load.SOURCE).order_by("number")
    for project in made[:50]:
        project.full_clean()
    assert made[0].reference == "PVE-0000224"
    # Always the same ones, however many there were before.
    assert Project.live.get(number=500).title == load.generated(500).title


@pytest.mark.long
def test_a_report_of_any_size_is_counted_in_placeholders(register):
    assert load.count_in_report(1000) == 1000
    made = Project.published.filter(report="generated", holds_place=True)
    assert (made.count(), made.filter(scope="global").count()) == (1000, 367)
    assert list(errors()) == []


def test_filling_goes_on_where_it_ended_and_moves_the_version(register):
    before = data_version()
    assert load.fill(225) == 2
    assert Project.published.count() == 225
    assert data_version() != before
    assert load.fill(225) == 0


def test_a_register_that_somebody_works_in_is_never_filled(register):
    project = Project.published.first()
    project.title = "Another"
    project.save()
    with pytest.raises(load.Refused, match="revisions"):
        load.fill(1000)


def test_projects_of_others_are_never_mixed_with_generated_ones(register):
    with unrecorded("as if it were loaded"):
        Project.live.filter(reference="PVE-223").update(source="Ours")
    with pytest.raises(load.Refused, match="neither ship nor were generated"):
        load.fill(1000)


def test_nobody_fills_a_database_by_accident(monkeypatch, capsys):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert load.main([]) == 2
    assert "How many projects?" in capsys.readouterr().err
    assert load.main(["1000"]) == 2
    assert "Set DATABASE_URL" in capsys.readouterr().err


@pytest.mark.long
@pytest.mark.parametrize("sort", [f"{sign}{name}" for sign in ("", "-") for name in SORTS])
def test_neighbours_are_those_of_the_whole_list(register, sort):
    rows = Selection(Asked.of(sort=sort)).rows
    whole = [one.pk for one in rows]
    middle = Project.published.get(pk=whole[117])
    assert [one.pk for one in rows.neighbours(middle, sort)] == [whole[116], whole[118]]


# Words


@pytest.mark.long
def test_postgresql_finds_rows_by_its_indexes(register):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no index of words, and sorts what has no order of its own")
    load.fill(20_000)
    connection.cursor().execute("ANALYZE projects_project, projects_project_entities")
    plans = {
        "project_words": Selection(Asked.of(queries=["gosapo"])).rows,
        "edition_number": Selection(Asked.of()).rows[1000:1025],
        "edition_title": Selection(Asked.of(sort="-title")).rows[1000:1025],
        "edition_update": Selection(Asked.of(sort="updated")).rows[1000:1025],
        "edition_status": Selection(Asked.of(sort="status")).rows[1000:1025],
    }
    for index, rows in plans.items():
        assert index in rows.explain(), index


def test_postgresql_reads_no_index_of_trigrams_for_words_without_one(register):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no index of words")
    connection.cursor().execute("SET LOCAL enable_seqscan = off")
    found = {
        term: "project_words" in Project.every.order_by().search([[term]], {}).explain()
        for term in (" zqz ", " zq ", " z ", "青")
    }
    assert found == {" zqz ": True, " zq ": True, " z ": True, "青": False}


TEXTS = [
    "Bâtir la paix à N'Djaména",
    "NET-MED Youth, 100 % for women",
    "İstanbul workshop_2 on schools",
    "Peace-building in Straße and STRASSE",
    "Youth\nfor peace",
]


@pytest.fixture
def texts(make_project):
    """Projects with texts that searches stumble over, without entities."""
    for number, text in enumerate(TEXTS, start=1):
        make_project(f"PVE-{number:03}", title=text)
    if connection.vendor == "postgresql":
        # So few rows are read as they stand; the index has to find the same.
        connection.cursor().execute("SET LOCAL enable_seqscan = off")


@pytest.mark.long
@given(st.data())
def test_words_are_found_where_plain_python_finds_them(texts, data):
    text = data.draw(st.sampled_from(TEXTS))
    start = data.draw(st.integers(0, len(text) - 1))
    query = text[start : start + data.draw(st.integers(1, 9))].strip() or "x"
    sought = list(filter(None, (re.findall(r"[^\W_]+", fold(word)) for word in query.split())))
    # Of four letters a word may begin with it.
    patterns = [
        r"(?<![^\W_])" + r"[\W_]+".join(words) + (r"(?![^\W_])" if len("".join(words)) < 4 else "")
        for words in sought
    ]
    expected = [
        f"PVE-{number:03}"
        for number, whole in enumerate(TEXTS, start=1)
        if patterns and all(re.search(pattern, fold(whole)) for pattern in patterns)
    ]
    assert [one.reference for one in Selection(Asked.of(queries=[query])).rows] == expected
