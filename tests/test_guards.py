"""What the code itself keeps: no draft by the first read that comes to mind, no untraced change."""

import json

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from projects.history import NotRecorded, Revision, recording, unrecorded
from projects.models import Country, Edition, Entity, Frozen, Project, Quotation

from .conftest import empty, saved

pytestmark = [pytest.mark.usefixtures("register"), pytest.mark.postgresql]


@pytest.fixture
def draft():
    """PVE-224, which only staff see."""
    return saved("PVE-224", ["UNESCO"], title="A draft", provenance="confirmed", review="draft")


def changes():
    """The revisions after those that say that the shipped editions were published."""
    return Revision.objects.exclude(key__startswith="reconstruction-")


# Reading


def test_what_one_types_first_shows_no_draft(draft):
    counts = [manager.count() for manager in (Project.every, Project.live, Project.published)]
    assert counts == [670, 224, 223]
    with pytest.raises(AttributeError):
        Project.objects.all()  # type: ignore[attr-defined]
    assert get_object_or_404(Project, reference="PVE-001")
    with pytest.raises(Exception, match="No Project matches"):
        get_object_or_404(Project, reference="PVE-224")
    unesco = Entity.objects.get(acronym="UNESCO")
    references = {project.reference for project in unesco.project_set.all()}
    assert references == {"PVE-001", "PVE-004", "PVE-006", "PVE-008"}


@pytest.mark.long
def test_a_dump_keeps_drafts_and_editions_and_is_loaded_without_a_trace(draft, tmp_path):
    path = tmp_path / "dump.json"
    call_command("dumpdata", "projects", output=str(path), verbosity=0)
    dumped = [one for one in json.loads(path.read_text()) if one["model"] == "projects.project"]
    assert len(dumped) == 670
    assert "PVE-224" in {one["fields"]["reference"] for one in dumped}
    empty()
    call_command("loaddata", path, verbosity=0)
    assert (Project.every.count(), Project.live.count()) == (670, 224)
    assert Project.published.count() == 223
    assert Project.live.get(reference="PVE-224").entities.get().acronym == "UNESCO"
    # What was dumped, and nothing for the loading.
    assert Revision.objects.count() == 4
    call_command("verify_editions")


# Writing


@pytest.mark.parametrize(
    "change",
    [
        lambda: Project.published.filter(reference="PVE-001").update(title="Zebra"),
        lambda: Project.live.filter(reference="PVE-001").delete(),
        lambda: Project.live.bulk_create([Project(reference="PVE-999")]),
        lambda: Project.live.bulk_update([Project.live.get(reference="PVE-001")], ["title"]),
        lambda: Entity.objects.filter(acronym="UNESCO").update(name="Zebra"),
        lambda: Country.objects.filter(code="KEN").delete(),
        lambda: Entity.objects.get(acronym="UNESCO").project_set.clear(),
        lambda: Entity.objects.get(acronym="UNESCO").project_set.add(Project.live.first()),
    ],
)
def test_a_write_past_the_history_is_refused_without_a_reason(change):
    with pytest.raises(NotRecorded, match="would leave no revision"), transaction.atomic():
        change()
    assert Project.published.get(reference="PVE-001").title.startswith("Networks of")
    assert changes().count() == 0


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        (lambda links, one: links.add(one), "UNESCO", "OCT;UNESCO"),
        (lambda links, one: links.clear(), "UNESCO", ""),
    ],
)
def test_a_change_of_links_alone_is_recorded(change, old, new):
    project = Project.published.get(reference="PVE-001")
    with recording(reason="Links only"):
        change(project.entities, Entity.objects.get(acronym="OCT"))
    revision = changes().get()
    assert revision.reason == "Links only"
    assert [(c.column, c.old, c.new) for c in revision.changes] == [
        ("entities", old, new),
        ("review", "reviewed", "changed"),
    ]


# Editions


def frozen_row() -> Project:
    return Project.every.get(reference="PVE-001", edition__slug="reconstruction-2017-12")


def frozen_words() -> QuerySet[Quotation]:
    return Quotation.objects.filter(project=frozen_row(), field="title")


WRITES = [
    lambda: Project.every.exclude(edition=None).update(title="Tampered"),
    lambda: Project.every.all().delete(),
    lambda: Project.every.bulk_update([frozen_row()], ["title"]),
    lambda: Project.every.bulk_create(
        [
            Project(
                reference="PVE-999",
                edition=Edition.objects.get(slug="reconstruction-2017-12"),
                review="reviewed",
            )
        ]
    ),
    lambda: frozen_row().save(),
    lambda: frozen_row().delete(),
    lambda: frozen_row().entities.clear(),
    lambda: frozen_row().countries.set(Country.objects.filter(code="KEN")),
    lambda: frozen_words().update(words="x"),
    lambda: frozen_words().delete(),
    lambda: frozen_words().get().delete(),
    lambda: Quotation(project=frozen_row(), field="status", words="x", document="A/1").save(),
    lambda: Quotation.objects.bulk_create(
        [Quotation(project=frozen_row(), field="status", words="x", document="A/1")]
    ),
    lambda: Edition.objects.get(slug="reconstruction-2017-12").save(),
    lambda: Edition.objects.get(slug="reconstruction-2017-12").delete(),
]


def test_rows_of_an_edition_refuse_every_write_even_an_excused_one():
    for change in WRITES:
        with pytest.raises(Frozen), unrecorded("a test that must not succeed"):
            change()
    call_command("verify_editions")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such trigger")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE projects_project SET title = 'x' WHERE edition_id IS NOT NULL",
        "UPDATE projects_project SET edition_id = (SELECT MIN(id) FROM projects_edition)",
        "DELETE FROM projects_project WHERE edition_id IS NOT NULL",
        "DELETE FROM projects_quotation",
        "UPDATE projects_edition SET name = 'x'",
        "DELETE FROM projects_edition",
        "DELETE FROM projects_project_entities",
        "UPDATE projects_project_entities SET entity_id = entity_id",
    ],
)
def test_the_database_itself_refuses_it(statement):
    with pytest.raises(DatabaseError, match="it never changes"), transaction.atomic():
        connection.cursor().execute(statement)
