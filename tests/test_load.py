"""Generated projects for measuring, and what many of them are asked by."""

import pytest
from django.core.paginator import EmptyPage
from django.db import IntegrityError, connection
from hypothesis import given
from hypothesis import strategies as st

from projects.asking import Asked, Selection
from projects.asking.terms import terms_of
from projects.history import unrecorded
from projects.listing import ProjectPaginator
from projects.models import Project, data_version, ordering
from projects.text import fold, spaced
from reports.integrity import faults

from . import load

pytestmark = pytest.mark.postgresql


@pytest.fixture
def thousand(register, monkeypatch):
    """The register with a thousand projects, of which 223 are the report's."""
    # Indexes are for all that was ever in the table; a test's transaction has no VACUUM.
    monkeypatch.setattr(load, "settle", lambda tables: None)
    assert load.fill(1000) == 777


@pytest.mark.long
def test_what_is_generated_holds_together(thousand):
    assert Project.published.count() == 1000
    assert list(faults()) == []
    made = Project.live.filter(source=load.SOURCE)
    for project in made.order_by("number")[:50]:
        project.full_clean()
    first = made.order_by("number").first()
    assert first.reference == "PVE-0000224"
    # Always the same ones, however many there were before.
    alone = [values[3] for values, *_links in load.generator().rows(range(500, 502), 1)]
    assert alone == [one.title for one in Project.live.filter(number__in=(500, 501))]


def test_filling_goes_on_where_it_ended_and_moves_the_version(thousand):
    before = data_version()
    assert load.fill(1002) == 2
    assert Project.published.count() == 1002
    assert data_version() != before
    assert load.fill(1002) == 0


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


# What of the tables of projects and their links there is besides rows, as PostgreSQL writes it.
_SHAPE = """
SELECT indexdef FROM pg_indexes WHERE tablename LIKE 'projects\\_project%'
UNION ALL
SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated)
    FROM pg_constraint WHERE conrelid::regclass::text LIKE 'projects\\_project%'
UNION ALL
SELECT concat_ws(' ', pg_get_triggerdef(oid), tgenabled)
    FROM pg_trigger WHERE tgrelid::regclass::text LIKE 'projects\\_project%' AND NOT tgisinternal
UNION ALL
SELECT pg_get_statisticsobjdef(oid) FROM pg_statistic_ext
ORDER BY 1
"""


def shape() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_SHAPE)
        return [line for (line,) in cursor.fetchall()]


@pytest.mark.parametrize("source", [load.SOURCE, ""])
def test_filling_leaves_indexes_triggers_and_constraints_as_they_were(
    register, monkeypatch, source
):
    if connection.vendor != "postgresql":
        pytest.skip("only on PostgreSQL are they taken off meanwhile")
    monkeypatch.setattr(load, "settle", lambda tables: None)
    # Without a source no row is taken.
    monkeypatch.setattr(load, "SOURCE", source)
    before = shape()
    assert (
        "CREATE INDEX project_words ON public.projects_project USING gin (search_text gin_trgm_ops)"
    ) in before
    assert (
        "projects_project_entities projects_project_ent_project_id_c6001db3_fk_projects_"
        " FOREIGN KEY (project_id) REFERENCES projects_project(id) DEFERRABLE INITIALLY DEFERRED t"
    ) in before
    if source:
        assert load.fill(300) == 77
    else:
        with pytest.raises(IntegrityError, match="project_source"):
            load.fill(300)
        assert Project.published.count() == 223
    assert shape() == before


def test_nobody_fills_a_database_by_accident(monkeypatch, capsys):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert load.main([]) == 2
    assert "How many projects?" in capsys.readouterr().err
    assert load.main(["1000"]) == 2
    assert "Set DATABASE_URL" in capsys.readouterr().err


# Pages


@pytest.mark.long
@pytest.mark.parametrize("sort", [f"{sign}{name}" for sign in ("", "-") for name in ordering.SORTS])
def test_pages_far_from_the_first_are_those_of_the_whole_list(thousand, monkeypatch, sort):
    monkeypatch.setattr(ordering, "FAR", 0)
    rows = Selection(Asked.of(sort=sort)).rows
    whole = [one.pk for one in rows]
    pages = ProjectPaginator(rows, 100)
    pages.count = 1000
    for number in (1, 2, 6, 9, 10):
        assert [one.pk for one in pages.page(number)] == whole[number * 100 - 100 : number * 100]
    with pytest.raises(EmptyPage):
        pages.page(11)
    middle = Project.published.get(pk=whole[617])
    assert [one.pk for one in rows.neighbours(middle, sort)] == [whole[616], whole[618]]


# Words


@pytest.mark.long
def test_postgresql_finds_rows_by_its_indexes(register, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no index of words, and sorts what has no order of its own")
    monkeypatch.setattr(load, "settle", lambda tables: None)
    load.fill(20_000)
    connection.cursor().execute("ANALYZE projects_project, projects_project_entities")
    plans = {
        "project_words": Selection(Asked.of(queries=["gosapoyo"])).rows,
        "edition_number": Selection(Asked.of()).rows[1000:1025],
        "edition_title": Selection(Asked.of(sort="-title")).rows[1000:1025],
        "edition_update": Selection(Asked.of(sort="updated")).rows[1000:1025],
        "edition_area": Selection(Asked.of(sort="priority_area")).rows[1000:1025],
        "edition_scope": Selection(Asked.of(sort="-scope")).rows[1000:1025],
        "edition_status": Selection(Asked.of(sort="status")).rows[1000:1025],
    }
    for index, rows in plans.items():
        assert index in rows.explain(), index


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


@given(st.data())
def test_words_are_found_where_plain_python_finds_them(texts, data):
    text = data.draw(st.sampled_from(TEXTS))
    start = data.draw(st.integers(0, len(text) - 1))
    query = text[start : start + data.draw(st.integers(1, 9))].strip() or "x"
    expected = [
        f"PVE-{number:03}"
        for number, whole in enumerate(TEXTS, start=1)
        if all(
            term in (folded := fold(f"PVE-{number:03} {whole}  ")) or term in spaced(folded)
            for term in terms_of(query)
        )
    ]
    assert [one.reference for one in Selection(Asked.of(queries=[query])).rows] == expected
