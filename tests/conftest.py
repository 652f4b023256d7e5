"""What several tests start from: the shipped register, or projects made for one test."""

import os
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations import RunPython
from hypothesis import HealthCheck, settings
from pytest_django.plugin import blocking_manager_key

from projects.models import Edition, Entity, Project

# Each example asks real pages of a real database: slow is expected, and the database is shared.
settings.register_profile(
    "pages",
    deadline=None,
    max_examples=int(os.environ.get("EXAMPLES", "12")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("pages")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The shipped register, loaded once; each test's changes are rolled back."""
    with django_db_blocker.unblock():
        call_command("load_register", verbosity=0)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """Put back what ships after a test that emptied the database, whichever test comes next."""
    yield
    marker = item.get_closest_marker("django_db")
    # After the last test the database itself is gone.
    if nextitem and marker and marker.kwargs.get("transaction"):
        with item.config.stash[blocking_manager_key].unblock():
            call_command("load_register", verbosity=0)
            for migration in ("0002_groups", "0003_editions", "0004_groups"):
                module = import_module(f"reports.migrations.{migration}")
                for operation in module.Migration.operations:
                    if isinstance(operation, RunPython):
                        operation.code(apps, SimpleNamespace(connection=connection))


@pytest.fixture
def register(db):
    """The 223 projects, the report, the entities and the countries as they ship."""


@pytest.fixture
def make_project(db):
    """Return a function that makes a valid project; each test names only what matters to it.

    The register, its editions and its entities are empty at first.
    """
    Project.every.all().delete()
    Edition.objects.all().delete()
    Entity.objects.all().delete()

    def make(reference="PVE-001", entities=(), countries=(), regions=(), **values):
        defaults = {
            "title": "A project",
            "priority_area": "youth",
            "priority_area_basis": "stated",
            "scope": "regional" if regions else "global",
            "scope_basis": "stated",
            "regions_basis": "stated" if regions else "",
            "provenance": "named",
            "source": "A/72/621, para. 34",
        }
        project = Project(reference=reference, **defaults)
        project.regions = regions
        for name, value in values.items():
            setattr(project, name, value)
        project.save()
        for acronym in entities:
            entity, _made = Entity.objects.get_or_create(
                acronym=acronym, defaults={"name": f"Name of {acronym}"}
            )
            project.entities.add(entity)
        project.countries.add(*countries)
        return project

    return make


@pytest.fixture
def many_projects(make_project):
    """Return a function that adds so many projects, with entities and countries."""

    def make(number, start=1000):
        for n in range(start, start + number):
            make_project(
                f"PVE-{n}",
                title=f"Project {n}",
                regions=["africa", "asia"] if n % 2 else [],
                entities=["UNESCO", "OCT"],
            )

    return make
