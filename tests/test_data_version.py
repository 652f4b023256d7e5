"""The data version moves with every committed change of what the public sees, and with no other."""

import json
import threading
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections, transaction

from projects.editions import publish
from projects.elsewhere.models import Judgement, Record
from projects.history import unrecorded
from projects.models import (
    Batch,
    Comment,
    Correction,
    Country,
    Edition,
    Entity,
    Evidence,
    EvidenceFile,
    Project,
    Quotation,
    SecondPerson,
    data_version,
)
from projects.review import sign_off
from pvematrix.models import Account
from reports.models import Category, Document, Figure, Note, Paragraph, Report, Statement

from .pages import body

pytestmark = [pytest.mark.usefixtures("register"), pytest.mark.postgresql]


def first() -> Project:
    return Project.published.get(reference="PVE-001")


def draft() -> Project:
    """PVE-224, which only staff see."""
    one = first()
    one.pk, one.reference, one.title, one.review = None, "PVE-224", "A draft", "draft"
    one._state.adding = True
    one.save()
    return one


def change(record, **values) -> None:
    for name, value in values.items():
        setattr(record, name, value)
    record.save()


def figure_of_a_draft() -> None:
    report = Report.live.create(slug="new", symbol="A/1", title="T", date="2020")
    Figure(report=report, unit="projects", value=1).save()


def attach() -> None:
    EvidenceFile(sha256="0" * 64, content=b"1").save()
    about = {"project": first(), "reference": "PVE-001", "by_name": "bob"}
    Evidence(**about, file_id="0" * 64, name="f.pdf", size=1).save()


def change_draft() -> None:
    one = draft()
    change(one, title="Another title")
    one.entities.add(Entity.objects.get(acronym="UNESCO"))
    Quotation(project=one, field="scope", words="W", document="A/1").save()
    one.delete()


def round_the_models(do) -> None:
    with unrecorded("a test"):
        do()


CHANGES = {
    "projects.Project": (True, lambda: change(first(), title="Zebra")),
    "projects.Project, deleted": (True, lambda: first().delete()),
    "projects.Project, a draft": (False, change_draft),
    "projects.Project, its entities": (True, lambda: first().entities.clear()),
    "projects.Project, its quotations": (True, lambda: first().quotations.all()[0].delete()),
    "projects.Entity": (True, lambda: change(Entity.objects.get(acronym="OCT"), name="Zebra")),
    "projects.Country": (True, lambda: Country.objects.get(code="ATA").delete()),
    "projects.Edition": (True, lambda: publish(Edition(slug="e", name="E", date="2026", note="N"))),
    "projects.Evidence": (False, attach),
    "projects.Comment": (
        False,
        lambda: Comment(project=first(), reference="PVE-001", text="T").save(),
    ),
    "projects.Correction": (
        False,
        lambda: Correction(reference="PVE-001", column="title", value="V", source="S").save(),
    ),
    "projects.Batch": (False, lambda: Batch(kind="import", file_name="f.csv").save()),
    "projects.SecondPerson": (True, lambda: change(SecondPerson.objects.get(), why="Zebra")),
    "reports.Report": (True, lambda: change(Report.published.all()[0], title="Zebra")),
    "reports.Report, a draft": (
        False,
        lambda: Report(slug="new", symbol="A/1", title="T", date="2020").save(),
    ),
    "reports.Category": (True, lambda: change(Category.objects.all()[0], label="Zebra")),
    "reports.Note": (True, lambda: change(Note.objects.all()[0], text="Zebra")),
    "reports.Figure": (True, lambda: Figure.objects.all()[0].delete()),
    "reports.Figure, of a draft": (False, figure_of_a_draft),
    "reports.Document": (True, lambda: change(Document.objects.all()[0], title="Zebra")),
    "reports.Paragraph": (True, lambda: change(Paragraph.objects.all()[0], text="Zebra")),
    "reports.Statement": (
        True,
        lambda: Statement.published.filter(kind="body")[0].entities.clear(),
    ),
    "elsewhere.Record": (True, lambda: Record.objects.all()[0].delete()),
    "elsewhere.Judgement": (True, lambda: change(Judgement.objects.all()[0], why="Zebra")),
    "pvematrix.Account": (False, lambda: Account(username="bob").save()),
    "unrecorded": (True, lambda: round_the_models(lambda: None)),
    "unrecorded, a draft": (True, lambda: round_the_models(change_draft)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_moves_it(name):
    moves, do = CHANGES[name]
    # Twice in one transaction: each change counts.
    for again in (False, True):
        before = data_version()
        with transaction.atomic():
            do()
            assert (data_version() != before) == moves
            if not again:
                transaction.set_rollback(True)
        assert (data_version() != before) == (moves and again)


def test_each_recorded_model_is_in_the_table():
    recorded = {
        model._meta.label
        for model in apps.get_models()
        if hasattr(model, "stored_snapshot") and not model._meta.abstract
    }
    assert recorded <= {name.partition(",")[0] for name in CHANGES}


def test_a_draft_that_is_published_moves_it_and_a_mere_signing_off_does_not(admin_user):
    one = draft()
    for moves, title in ((True, "A title"), (False, "Another title")):
        before = data_version()
        sign_off(one, admin_user, 10**9)
        assert (data_version() != before) == moves
        one.refresh_from_db()
        assert one.review == "reviewed"
        change(one, title=title)


COMMANDS = {
    "move_data_version": True,
    "loaddata country.json": True,
    "load_register": False,  # it is there already
    "import_projects projects.csv": True,
    "import_projects projects.csv --dry-run": False,
    "load_document statements.json": True,
    "dumpdata projects.country": False,
    "check_integrity": False,
    "verify_editions": False,
    "reconcile": False,
    "tidy": False,
    "reencrypt_second_factors": False,
}


@pytest.mark.parametrize("line", COMMANDS)
def test_which_commands_move_it(line, tmp_path, monkeypatch, client):
    monkeypatch.chdir(tmp_path)
    call_command("dumpdata", "projects.country", output="country.json", verbosity=0)
    Path("projects.csv").write_text("reference,title\r\nPVE-001,Zebra\r\n")
    document = {"slug": "a-1", "symbol": "A/1", "title": "T", "date": "2020"}
    Path("statements.json").write_text(
        json.dumps([{"model": "reports.document", "fields": document}])
    )
    before, etag = data_version(), client.get("/about/")["ETag"]
    call_command(*line.split(), stdout=StringIO())
    moves = COMMANDS[line]
    assert (data_version() != before) == moves
    again = client.get("/about/", headers={"If-None-Match": etag})
    assert again.status_code == (200 if moves else 304)


# Writers at the same time

needs_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="one writes at a time on SQLite"
)


class Writer(threading.Thread):
    """Changes a title in a transaction that stays open until `end` is called."""

    def __init__(self, reference: str, title: str):
        super().__init__(daemon=True)
        self.reference, self.title = reference, title
        self.changed, self._may_end = threading.Event(), threading.Event()
        self.start()
        assert self.changed.wait(5)

    def run(self):
        try:
            with transaction.atomic():
                change(Project.published.get(reference=self.reference), title=self.title)
                self.changed.set()
                assert self._may_end.wait(10)
        finally:
            connections.close_all()

    def end(self):
        self._may_end.set()
        self.join(5)


@needs_postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("order", ["first in, first out", "first in, last out"])
def test_no_page_is_cached_under_a_version_that_lacks_an_older_commit(client, order):
    def shown():
        html = body(client.get("/projects/")).decode()
        return [one for one in ("Yak", "Zebra") if one in html]

    assert shown() == shown() == []
    older, younger = Writer("PVE-001", "Yak"), Writer("PVE-002", "Zebra")
    assert shown() == []
    writers = [older, younger] if order == "first in, first out" else [younger, older]
    writers[0].end()
    for _time in range(2):  # rendered, then from the cache
        assert shown() == [writers[0].title]
    writers[1].end()
    for _time in range(2):
        assert shown() == ["Yak", "Zebra"]
