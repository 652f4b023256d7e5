"""What several tests start from: the shipped register, or projects made for one test."""

import gc
import io
import json
import logging
import os
import re
import time
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import Group, User
from django.core.cache import caches
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck, Phase, settings

from projects import places
from projects.history import move_data_version, recording, unrecorded
from projects.history.data_version import cached_in_process
from projects.models import Edition, Entity, Project, Quotation
from pvematrix.logs import SecurityFormatter
from reports.models import Document, Paragraph, Statement

from .database import own_database
from .files import confirm

# The fixtures of browsers and of sheets.
pytest_plugins = ["tests.annex", "tests.browser"]

# Each example asks real pages of a real database: slow is expected, and the database is shared.
# They are the same in every run: a failure says something of the change that it is of, and more of
# them say no more the second time. The profile "random" looks for others.
settings.register_profile(
    "pages",
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    max_examples=int(os.environ.get("EXAMPLES", "5")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile("random", settings.get_profile("pages"), derandomize=False)
settings.load_profile("pages")

ROOT = Path(__file__).resolve().parent.parent
# For what runs in a process of its own: that of these tests, made anew for every run.
SECRET_KEY = os.environ["SECRET_KEY"]


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """The shipped register, in a database of this process.

    Each test's changes are rolled back; those of tests that commit, by copying the template.
    """
    with django_db_blocker.unblock():
        own = own_database()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: own.restore())
        yield
    with django_db_blocker.unblock():
        own.remove()


def pytest_collection(session):
    """Let each worker of a run of all compile another part of the modules before it reads the rest.

    On a new machine all of them would compile all of them, for six seconds each.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker and session.config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        workers = int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
        for path in sorted(ROOT.glob("tests/test_*.py"))[int(worker[2:]) :: workers]:
            with suppress(Exception):  # which the collection names
                import_module(f"tests.{path.stem}")


def pytest_collection_modifyitems(items):
    """Begin with what has no database here: it starts servers, for which all would wait in the end.

    On PostgreSQL begin with what takes longest; what measures how fast pages are has fewer next to
    it in the end. Where ORDER_SEED says how, shuffle the modules, and the tests of each.
    """
    if seed := os.environ.get("ORDER_SEED"):
        random = Random(seed)
        modules: dict[Path, list[pytest.Item]] = {}
        for item in items:
            modules.setdefault(item.path, []).append(item)
        shuffled = random.sample(list(modules.values()), len(modules))
        items[:] = [item for tests in shuffled for item in random.sample(tests, len(tests))]
    elif not os.environ.get("DATABASE_URL"):
        here = {item for item in items if "db" in item.fixturenames}
        here |= {item for item in items if item.get_closest_marker("django_db")}
        items.sort(key=here.__contains__)
    else:
        items.sort(key=lambda item: item.path.stem != "test_backups")


def pytest_collection_finish():
    """Look for garbage less often, and never among what was imported: a tenth of the time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    """Run a test as pytest does, with memory for all its calls.

    Python gives memory back after every call that needed 16 KB more of its stack, and asks for it
    again with the next: 1,700 times a test, a fifth of the time. This call asks for a megabyte.
    """
    return item.config.pluginmanager.getplugin("runner").pytest_runtest_protocol(item, nextitem)


CODE = pytest_runtest_protocol.__code__
pytest_runtest_protocol.__code__ = CODE.replace(co_stacksize=2**17)


@pytest.fixture(autouse=True)
def still_codes(monkeypatch):
    """Stop the clock of the second factor, so that no code of an app expires within a test."""
    now = time.time()
    monkeypatch.setattr(totp, "time", SimpleNamespace(time=lambda: now))


# A test that asks for one of these has other settings or code than the next, or counts queries.
ALONE = {"monkeypatch", "settings", "django_assert_num_queries", "django_assert_max_num_queries"}


def written() -> tuple | None:
    """Return what differs once this process has written a row; None where nothing tells."""
    changes = getattr(connection.connection, "total_changes", None)
    return None if changes is None else (id(connection.connection), changes)


@pytest.fixture(autouse=True)
def nothing_kept(request):
    """Let each test make its own pages: another may have had other settings, code or rows.

    What was read from the register as it ships is cached for the next test. The language of the
    last page that another test asked for is not that of this one.
    """
    translation.deactivate()
    for name in ("pages", "queries"):
        caches[name].clear()
    alone = hasattr(request.module, "CaptureQueriesContext")
    alone = alone or bool(ALONE & set(request.node._fixtureinfo.argnames))
    if alone:
        cached_in_process.cache_clear()
    before = written()
    yield
    if alone or before is None or written() != before:
        cached_in_process.cache_clear()


@pytest.fixture
def lines():
    """Return a function that gives the security log's lines since it was last called."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(SecurityFormatter())
    logger = logging.getLogger("pvematrix.security")
    logger.addHandler(handler)

    def read(numbered: bool = False) -> list[dict]:
        text = stream.getvalue()
        stream.seek(0)
        stream.truncate()
        found = [json.loads(line) for line in text.splitlines()]
        for line in found:
            assert line.pop("time").endswith("Z")
            number = line["request"]
            assert re.fullmatch(r"[0-9a-f]{32}", number) or (number, line["path"]) == ("-", "")
            if not numbered:
                del line["request"]
        return found

    yield read
    logger.removeHandler(handler)


@pytest.fixture
def register(db):
    """The 223 projects, the report, the entities and the countries as they ship."""


def unsaved(reference="PVE-001", regions=(), **values) -> Project:
    """Return a valid project; each test names only what matters to it."""
    given = {
        "title": "A project",
        "priority_area": "youth",
        "priority_area_basis": "stated",
        "scope": "regional" if regions else "global",
        "scope_basis": "stated",
        "regions_basis": "stated" if regions else "",
        "provenance": "named",
        "source": "A/72/621, para. 34",
        "review": "reviewed",
    }
    project = Project(reference=reference, **given)
    project.regions = regions
    for name, value in values.items():
        setattr(project, name, value)
    # As the first 223 entries, and those that a source says are in the matrix.
    if int(reference[4:]) <= 223 or project.in_matrix == "yes":
        project.report, project.holds_place = "a-72-621", project.in_matrix != "no"
    return project


def saved(reference="PVE-001", entities=(), countries=(), regions=(), **values) -> Project:
    project = unsaved(reference, regions, **values)
    project.save()
    for acronym in entities:
        entity, _made = Entity.objects.get_or_create(
            acronym=acronym, defaults={"name": f"Name of {acronym}"}
        )
        project.entities.add(entity)
    project.countries.add(*countries)
    return project


def describe(number: int, first: int = 224, **values) -> None:
    """Add published entries on youth that are in the matrix, as their source says."""
    known = {"in_matrix": "yes", "provenance": "confirmed", "source": "A/73/1, para. 2"}
    known |= values
    made = [unsaved(f"PVE-{n}", **known) for n in range(first, first + number)]
    with unrecorded("the tests describe what nobody has described"):
        Project.every.bulk_create(made)
    places.update()


@pytest.fixture
def make_project(db):
    """Return a function that saves a project; the register, editions and entities are empty."""
    empty()
    return saved


def member(group: str, name: str) -> Client:
    """A client of somebody in that group, logged in."""
    user, _made = User.objects.get_or_create(username=name, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


def publish_waiting(page: str) -> None:
    """Let a reviewer who did not prepare it publish what waits, from its preview."""
    done = confirm(member("Reviewers", "second"), page)
    assert done["Location"] == page.replace("preview", "change")


@pytest.fixture
def editor(register) -> Client:
    return member("Editors", "editor")


@pytest.fixture
def reviewer(register) -> Client:
    return member("Reviewers", "reviewer")


@pytest.fixture
def draft():
    """A draft written by the editor "writer", with an entity that no other project has."""
    Entity(acronym="ITU", name="International Telecommunication Union").save()
    words = {"title": "Unpublished undertaking", "source": "A/70/674, para. 2"}
    words |= {"in_matrix": "yes"}
    with recording(by=User.objects.create_user("writer", is_staff=True), reason="Secret reason"):
        return saved("PVE-224", ["ITU"], **words, provenance="confirmed", review="draft")


@contextmanager
def without_triggers():
    """Let inside be done what the database itself refuses: a change of a published edition."""
    roles = ("replica", "origin") if connection.vendor == "postgresql" else ()
    for role in roles[:1]:
        connection.cursor().execute(f"SET LOCAL session_replication_role = {role}")
    yield
    for role in roles[1:]:
        connection.cursor().execute(f"SET LOCAL session_replication_role = {role}")


def empty() -> None:
    """Take everything out of the register; its editions too, which nothing else can."""
    with without_triggers():
        for links in (Project.entities, Project.countries, Statement.entities):
            links.through.objects.all().delete()
        for model in (Statement, Paragraph, Document, Quotation, Project, Edition, Entity):
            model._base_manager.all()._raw_delete("default")
    move_data_version()


@pytest.fixture
def many_projects(make_project):
    """Return a function that adds so many projects at once, with two entities each."""

    def make(number, start=1000):
        entities = [
            Entity.objects.get_or_create(acronym=acronym, defaults={"name": f"Name of {acronym}"})
            for acronym in ("UNESCO", "OCT")
        ]
        projects = [
            unsaved(f"PVE-{n}", ["africa", "asia"] if n % 2 else [], title=f"Project {n}")
            for n in range(start, start + number)
        ]
        links = Project.entities.through
        with unrecorded("the tests count queries, not revisions"):
            made = Project.every.bulk_create(projects)
            links.objects.bulk_create(
                links(project=project, entity=entity)
                for project in made
                for entity, _new in entities
            )

    return make
