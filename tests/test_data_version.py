"""The number that moves with every committed change of what the public sees, and with no other."""

import threading

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, connections, transaction

from projects.editions import publish
from projects.history import Revision, recording, restore, unrecorded
from projects.imports.batches import undo
from projects.models import (
    Batch,
    Correction,
    Country,
    Edition,
    Entity,
    Objection,
    Project,
    Quotation,
    data_version,
)
from projects.review import sign_off
from pvematrix import triggers
from reports.models import Figure, Plan, Report, Statement

from .conftest import empty, without_triggers

pytestmark = [pytest.mark.usefixtures("register"), pytest.mark.postgresql]


def moved(change) -> bool:
    """Whether the version is another one after the change, and was none that had been."""
    before = data_version()
    change()
    after = data_version()
    assert before is not None
    assert after is not None
    assert after.at >= before.at
    return before.key != after.key


def sql(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def draft() -> Project:
    """PVE-224, which only staff see."""
    one = Project.published.get(reference="PVE-001")
    one.pk, one.reference, one.title, one.review = None, "PVE-224", "A draft", "draft"
    one._state.adding = True
    one.save()
    return one


def first() -> Project:
    return Project.published.get(reference="PVE-001")


def test_every_model_is_public_or_not_with_a_reason():
    """A new model stands in one of the two lists before anybody can see anything of it."""
    ours = {
        model._meta.label
        for app in ("projects", "reports", "pvematrix")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }
    assert ours == {*triggers.PUBLIC, *triggers.NOT_PUBLIC}
    assert not {*triggers.PUBLIC} & {*triggers.NOT_PUBLIC}
    assert all(triggers.NOT_PUBLIC.values())


# Of each table a column, and another value for it, in SQL.
OTHER_VALUES = {
    "projects.Project": ("title", "'Zebra'"),
    "projects.Project_entities": ("entity_id", "(SELECT MAX(id) FROM projects_entity)"),
    "projects.Project_countries": ("country_id", "(SELECT MAX(id) FROM projects_country)"),
    "projects.Quotation": ("words", "'Zebra'"),
    "projects.Revision": ("reason", "'Zebra'"),
    "projects.Edition": ("note", "'Zebra'"),
    "projects.Entity": ("name", "'Zebra'"),
    "projects.Country": ("name", "'Zebra'"),
    "reports.Report": ("title", "'Zebra'"),
    "reports.Figure": ("value", "value + 1"),
    "reports.Document": ("title", "'Zebra'"),
    "reports.Paragraph": ("text", "'Zebra'"),
    "reports.Statement": ("title", "'Zebra'"),
    "reports.Statement_entities": ("entity_id", "(SELECT MAX(id) FROM projects_entity)"),
    "reports.Plan": ("title", "'Zebra'"),
}


@pytest.mark.parametrize("label", sorted(triggers.PUBLIC))
def test_sql_typed_by_hand_moves_it_on_every_public_table(label):
    plan = Plan(slug="kenya", title="P", level="national_plan", source="A/1", review="reviewed")
    plan.country = Country.objects.get(code="KEN")
    plan.save()
    first().countries.add(plan.country)
    model, (column, value) = apps.get_model(label), OTHER_VALUES[label]
    table = model._meta.db_table
    live = {"projects.Project": "edition", "projects.Quotation": "project__edition"}
    live |= dict.fromkeys(
        ("projects.Project_entities", "projects.Project_countries"), "project__edition"
    )
    rows = model._base_manager.filter(**{live[label]: None} if label in live else {})
    pk = rows.order_by("pk").values_list("pk", flat=True)[0]
    with without_triggers():
        if connection.vendor == "sqlite":
            sql("PRAGMA defer_foreign_keys = ON")
        assert not moved(lambda: sql(f"UPDATE {table} SET {column} = {column} WHERE id = %s", pk))
        assert moved(lambda: sql(f"UPDATE {table} SET {column} = {value} WHERE id = %s", pk))
        with transaction.atomic():
            assert moved(lambda: sql(f"DELETE FROM {table} WHERE id = %s", pk))
            transaction.set_rollback(True)
        row = model._base_manager.get(pk=pk)
        row.pk, row._state.adding = None, True
        with transaction.atomic():
            sql(f"DELETE FROM {table} WHERE id = %s", pk)
            # As loaddata does it, and past every rule of ours.
            assert moved(lambda: row.save_base(raw=True, force_insert=True))
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    "change",
    [
        lambda: first().save(),
        lambda: first().delete(),
        lambda: first().entities.add(Entity.objects.get(acronym="OCT")),
        lambda: first().entities.clear(),
        lambda: first().countries.set([Country.objects.get(code="KEN")]),
        lambda: first().quotations.all()[0].delete(),
        lambda: Entity(acronym="ITU", name="Union").save(),
        lambda: Country.objects.get(code="ATA").delete(),
        lambda: Report(slug="new", symbol="A/1", title="T", date="2020").save(),
        lambda: Figure.objects.all()[0].delete(),
        lambda: Statement.published.filter(kind="body")[0].entities.clear(),
        lambda: publish(Edition(slug="e", name="E", date="2026", note="N")),
        empty,
    ],
)
def test_what_staff_and_commands_do_moves_it(change):
    assert moved(change)
    # And once more: each of two changes counts, also where nobody commits in between.
    assert moved(lambda: Entity(acronym="ICAO", name="Organization").save())


def test_roads_round_the_history_move_it():
    with unrecorded("a test"):
        assert moved(lambda: Project.live.filter(reference="PVE-001").update(title="Zebra"))
        one = first()
        one.title = "Yak"
        assert moved(lambda: Project.live.bulk_update([one], ["title"]))
        assert moved(lambda: Project.live.filter(reference="PVE-001").delete())
        assert moved(lambda: Project.live.bulk_create([one]))
        links = Project.entities.through(project=one, entity=Entity.objects.all()[0])
        assert moved(
            lambda: Project.entities.through.objects.bulk_create([links], ignore_conflicts=True)
        )


def test_an_import_moves_it_and_so_does_its_undoing(tmp_path):
    file = tmp_path / "f.csv"
    file.write_text("reference,title\r\nPVE-001,Zebra\r\n")
    assert moved(lambda: call_command("import_projects", file, reason="R"))
    assert first().title == "Zebra"
    assert moved(lambda: undo(Batch.objects.get(), None, "R"))
    assert first().title != "Zebra"


def test_a_dump_that_is_loaded_moves_it(tmp_path):
    Entity(acronym="ITU", name="Union").save()
    call_command("dumpdata", "projects.entity", output=str(tmp_path / "dump.json"), verbosity=0)
    # It says what stands there already.
    assert not moved(lambda: call_command("loaddata", tmp_path / "dump.json", verbosity=0))
    Entity.objects.get(acronym="ITU").delete()
    assert moved(lambda: call_command("loaddata", tmp_path / "dump.json", verbosity=0))


def test_drafts_and_what_only_staff_see_do_not_move_it(admin_user):
    start = data_version()
    one = draft()
    one.title = "Another title"
    one.save()
    one.entities.add(Entity.objects.get(acronym="UNESCO"))
    one.countries.add(Country.objects.get(code="KEN"))
    Quotation(project=one, field="scope", words="W", document="A/1").save()
    one.quotations.all()[0].delete()
    one.entities.clear()
    Correction(reference="PVE-001", column="title", value="V", source="S").save()
    Batch(kind="import", file_name="f.csv").save()
    last = Revision.objects.of(one).last()
    Objection(revision=last, sentence="No.", by=admin_user, by_name="admin").save()
    User.objects.create_user("bob", password="x").delete()
    with recording(by=admin_user):
        Project.live.get(pk=one.pk).delete()
    assert data_version() == start


def test_a_draft_that_is_published_moves_it_and_a_mere_signing_off_does_not(admin_user):
    one = draft()
    assert moved(lambda: sign_off(one, admin_user, 10**9))
    one.refresh_from_db()
    one.title = "Another title"
    assert moved(one.save)
    one.refresh_from_db()
    assert one.review == "changed"
    assert not moved(lambda: sign_off(one, admin_user, 10**9))


def test_an_entry_that_is_set_aside_moves_it():
    def set_aside():
        with unrecorded("the test sets the scene"):
            Project.live.filter(reference="PVE-001").update(review="set-aside")

    assert moved(set_aside)
    assert not moved(set_aside)


def test_an_account_that_goes_does_not_move_it(admin_user):
    with recording(by=admin_user, reason="R"):
        first().save()
    start = data_version()
    User.objects.get(pk=admin_user.pk).delete()
    assert not Revision.objects.filter(by=admin_user.pk).exists()
    assert data_version() == start


def test_a_version_that_comes_back_moves_it():
    one = first()
    before = one.snapshot()
    one.title = "Zebra"
    one.save()
    assert moved(lambda: restore(Project, one.pk, before))


def test_what_is_taken_back_moves_nothing_and_its_version_never_comes_again():
    start, seen = data_version(), set()
    for _attempt in range(3):
        with transaction.atomic():
            first().save()
            version = data_version()
            assert version is not None
            seen.add(version.key)
            transaction.set_rollback(True)
        assert data_version() == start
    assert len(seen) == 3


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_writers_do_not_wait_for_each_other_and_each_commit_moves_it():
    """The one that began first commits last: who read in between does not take its data for old."""
    if connection.vendor == "sqlite":
        pytest.skip("one writes at a time on SQLite")
    seen = [data_version()]

    def other():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = 1000")
                Entity.objects.get(acronym="OCT").save()
                with unrecorded("a test"):
                    Entity.objects.filter(acronym="OCT").update(name="Other")
        finally:
            connections.close_all()

    with transaction.atomic():
        with unrecorded("a test"):
            Entity.objects.filter(acronym="UNESCO").update(name="First")
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        mine = data_version()
        assert mine is not None
    # From outside: the other's commit, then this one's.
    seen.append(data_version())
    assert len({version.key for version in (*seen, mine) if version}) >= 2
    assert Entity.objects.get(acronym="OCT").name == "Other"
    before = data_version()
    with unrecorded("a test"):
        Entity.objects.filter(acronym="UNESCO").update(name="Second")
    assert data_version() != before


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_emptied_tables_move_it_or_leave_no_version_at_all():
    before = data_version()
    call_command("flush", interactive=False, verbosity=0)
    after = data_version()
    assert after is None or after.key != before.key  # type: ignore[union-attr]


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_migrate_puts_the_triggers_back_and_there_is_no_version_without_them():
    before = data_version()
    triggers.take_away()
    assert data_version() is None
    sql("UPDATE projects_entity SET name = 'Zebra' WHERE acronym = 'OCT'")
    assert data_version() is None
    call_command("migrate", verbosity=0)
    after = data_version()
    assert after is not None
    assert after != before
    call_command("migrate", verbosity=0)
    assert data_version() == after
    assert moved(lambda: sql("UPDATE projects_entity SET name = 'Yak' WHERE acronym = 'OCT'"))
