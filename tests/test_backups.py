"""Backups that are put back, and what the register is looked through for."""

import os
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta

import psycopg2
import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from projects.history import Revision, recording, unrecorded
from projects.models import Batch, Contact, Correction, Entity, Project, Quotation
from reports.models import Figure, Statement

from .conftest import SECRET_KEY, without_triggers
from .database import template_file
from .servers import manage, manage_all, new_database

pytestmark = pytest.mark.postgresql

# Backing up and putting back


def opened(url: str):
    """Return a connection to that database without the code under test."""
    if url.startswith("sqlite:"):
        return closing(sqlite3.connect(url.removeprefix("sqlite:///")))
    return closing(psycopg2.connect(url))


def rows(url: str, query: str) -> list[tuple]:
    with opened(url) as database:
        cursor = database.cursor()
        cursor.execute(query)
        return cursor.fetchall()


def contents(url: str) -> dict[str, list]:
    """Return the rows of each table but those that say what was migrated and numbered."""
    tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    if url.startswith("sqlite:"):
        tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
    own_state = {"django_migrations", "projects_dataversion", "sqlite_sequence"}
    names = {name for (name,) in rows(url, tables)} - own_state
    return {name: sorted(map(repr, rows(url, f"SELECT * FROM {name}"))) for name in names}


def settings_of(url: str) -> dict[str, str]:
    own = {"SECRET_KEY": SECRET_KEY, "ALLOWED_HOSTS": "testserver", "HTTPS": "off"}
    return own | {"STAFF_REGISTERS": "on", "DATABASE_URL": url}


def run(url: str, *command: str, **environment: str) -> str:
    """Run manage.py with that database and return what it printed; it has to succeed."""
    ended = manage(*command, **settings_of(url), **environment)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def write(url: str, sql: str) -> None:
    with opened(url) as database:
        database.cursor().execute(sql)
        database.commit()


WORK = """
from django.contrib.auth.models import User
from projects.history import recording
from projects.models import Country
editor = User.objects.create_user("editor", password="correct horse battery staple")
with recording(by=editor, reason="As the United Nations writes it."):
    kenya = Country.objects.get(code="KEN")
    kenya.name = "Kenya, Republic of"
    kenya.save()
"""


@pytest.fixture(scope="module")
def old(django_db_setup, tmp_path_factory):
    """A database with the shipped register, an account that worked on it, and its session."""
    with new_database(tmp_path_factory.mktemp("old"), filled=True) as old:
        if old.startswith("sqlite:"):
            shutil.copyfile(template_file(), old.removeprefix("sqlite:///"))
        run(old, "shell", "-c", WORK)
        session = "('key-of-a-session', 'x', '2099-01-01 00:00:00')"
        write(old, f"INSERT INTO django_session VALUES {session}")
        names = "session_key, created_at, last_seen_at, ip, user_agent, data, user_id"
        who = "'key-of-a-session', '2026-11-28', '2026-11-28', '10.0.0.1', 'x', '{}', min(id)"
        write(old, f"INSERT INTO usersessions_usersession ({names}) SELECT {who} FROM auth_user")
        yield old


@pytest.fixture
def new(tmp_path):
    """An empty database."""
    with new_database(tmp_path) as new:
        yield new


@pytest.mark.long
@pytest.mark.skipif(
    not (shutil.which("gpg") and shutil.which("pg_dump")) and os.environ.get("REQUIRE_ALL") != "1",
    reason="no gpg or no pg_dump on this machine (Debian: gpg, postgresql-client)",
)
def test_a_backup_is_put_back_whole(old, new, tmp_path):
    secret = {"BACKUP_PASSPHRASE": "eleven green kettles"}
    said = run(old, "backup", str(tmp_path / "kept"), **secret)
    assert "encrypted." in said
    assert "Not in it, keep it elsewhere: SECRET_KEY, SECOND_FACTOR_KEYS." in said
    (file,) = (tmp_path / "kept").iterdir()
    assert re.fullmatch(r"pvematrix-\d{8}T\d{6}Z\.tar\.gpg", file.name)
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"PVE-001" not in file.read_bytes()

    # Without its passphrase, with another, and with it.
    secrets = [{}, {"BACKUP_PASSPHRASE": "wrong"}, secret]
    restores = [(one, "restore", str(file)) for one in secrets]
    *refused, (status, said, why) = manage_all(*restores, **settings_of(new))
    no = f"CommandError: {file.name} cannot be decrypted by this BACKUP_PASSPHRASE: gpg: "
    (missing, _said, why_missing), (wrong, _said, why_wrong) = refused
    assert (missing, why_missing.startswith(no), "/tmp" in why_missing) == (1, True, False)
    assert (wrong, why_wrong) == (1, f"{no}decryption failed: Bad session key.\n")
    assert status == 0, why
    assert re.search(r"Restored the backup of \d{4}-\d\d-\d\d \d\d:\d\d UTC\.", said)
    assert "reconstruction-2026-11: unchanged, 223 projects" in said
    assert said.endswith("Faults: 0.\n")
    was, became = contents(old), contents(new)
    for table in ("django_session", "usersessions_usersession"):
        assert (len(was.pop(table)), len(became.pop(table))) == (1, 0)
    assert became == was
    # A browser's page of the old database is none of the new one.
    code = "from django.test import Client; ask = Client().get; page = '/projects/export.csv'; "
    told = "tag = ask(page)['ETag']; print(ask(page, HTTP_IF_NONE_MATCH=tag).status_code, tag)"
    (status, _said, why), (_status, shown, _why) = manage_all(
        (secret, "restore", str(file)), ({}, "shell", "-c", code + told), **settings_of(old)
    )
    assert (status, "The database is not empty." in why) == (1, True)
    status, tag = shown.splitlines()[-1].split(" ", 1)
    # What was restored can be written to: numbers go on where they were.
    code += f"print(ask(page, HTTP_IF_NONE_MATCH='{tag}').status_code); "
    code += "from projects.models import Entity; Entity(acronym='NEW', name='New').save()"
    assert [status, run(new, "shell", "-c", code).splitlines()[-1]] == ["304", "200"]


@pytest.mark.long
def test_a_damaged_backup_is_refused_and_restoring_ends_with_1_where_a_check_fails(
    old, new, tmp_path
):
    text = "projects_country SET search_text = '%s' WHERE code = 'KEN'"
    ((was,),) = rows(old, "SELECT search_text FROM projects_country WHERE code = 'KEN'")
    write(old, f"UPDATE {text % 'x'}")
    run(old, "backup", str(tmp_path / "kept"))
    write(old, f"UPDATE {text % was}")
    (file,) = (tmp_path / "kept").iterdir()
    whole = file.read_bytes()
    assert b"key-of-a-session" not in whole
    damaged = [
        whole[: len(whole) // 2],
        re.sub(rb'("sha256": ")....', rb"\g<1>beef", whole),
        b"no archive",
    ]
    for number, content in enumerate(damaged):
        (tmp_path / f"{number}.tar").write_bytes(content)
    restores = [({}, "restore", str(tmp_path / f"{number}.tar")) for number in range(4)]
    reasons = ["unexpected end of data", "it has another SHA-256", "tar file", "No such file"]
    ended = manage_all(*restores, **settings_of(new))
    for (status, _said, why), reason in zip(ended, reasons, strict=True):
        assert (status, reason in why) == (1, True), why
    assert contents(new) == {}
    secret = {"BACKUP_PASSPHRASE": "eleven green kettles"}
    (refused, _said, why), (status, said, _why) = manage_all(
        (secret, "restore", str(file)),
        (secret, "restore", str(file), "--unencrypted"),
        **settings_of(new),
    )
    assert (refused, "is not encrypted" in why) == (1, True)
    if new.startswith("sqlite"):
        assert os.stat(new.removeprefix("sqlite:///")).st_mode & 0o777 == 0o600
    assert (status, said.splitlines()[-1]) == (1, "Faults: 1.")


# Looking through what is stored


def looked(capsys) -> list[str]:
    """Return the lines of check_integrity; it exits 1 if it has any but the last."""
    try:
        call_command("check_integrity")
        status = 0
    except SystemExit as ended:
        status = ended.code
    *lines, last = capsys.readouterr().out.splitlines()
    assert (last, status) == (f"Faults: {len(lines)}.", min(1, len(lines)))
    return lines


def edited(reference: str, **values) -> Project:
    project = Project.live.get(reference=reference)
    for name, value in values.items():
        setattr(project, name, value)
    project.save()
    return project


@pytest.mark.long
def test_a_register_that_was_worked_on_has_no_problem(register, capsys):
    edited("PVE-001", title="Changed")
    project = edited("PVE-001", title="Changed again")
    new = Entity(acronym="ITU", name="Union")
    new.save()
    with recording(reason="Both at once"):
        project.summary = "S"
        project.save()
        project.entities.add(new)
    new.acronym = "ITU-T"
    new.save()
    edited("PVE-001", title="After its entity was renamed")
    Project.live.get(reference="PVE-005").delete()
    figure = Figure.objects.first()
    figure.value += 1
    figure.save()
    assert looked(capsys) == []


@pytest.mark.long
def test_every_kind_of_problem_is_reported(register, capsys):
    edited("PVE-001", title="Changed")
    project = edited("PVE-001", title="Changed again")
    first, second = Revision.objects.of(project)
    first.new["title"] = "Something else"
    first.save()
    with unrecorded("a fault is made"):
        Project.live.filter(pk=project.pk).update(source="Nowhere", title_sort="wrong")
        Figure.objects.filter(query="scope=global").update(query="scope=galactic")
        words = Quotation.objects.filter(project__edition=None, project__reference="PVE-010")
        words.filter(field="scope").update(words="in all the world")
        Statement.published.filter(code="G09").update(paragraphs="17")
    Project.live.get(reference="PVE-005").delete()
    last = Revision.objects.filter(key="PVE-005").get()
    last.pk, last.action, last.old, last.new = None, "changed", None, last.old
    last.save()
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute("UPDATE projects_project SET methodology = 'X' WHERE edition_id IS NOT NULL")
    lines = looked(capsys)
    for problem in (
        f"revision {second.pk} of PVE-001: begins with something else than revision {first.pk} "
        r"ended with \(title\)",
        rf"PVE-001: stored is not what revision {second.pk} ended with \(source\)",
        f"projects.Project {project.pk}: title_sort is not the folded text of its words",
        r"PVE-005: stored is not what revision \d+ ended with \(all\)",
        "edition reconstruction-2017-12: SHA-256 is .*",
        r"PVE-010, scope: “in all the world” stands in none of its paragraphs \(42\)",
        r"G09: “.* stands in none of its paragraphs \(17\)",
        r"A/72/621, figure \d+: .*galactic.*",
    ):
        assert any(re.fullmatch(problem, line) for line in lines), problem


# Tidying


@pytest.mark.long
def test_tidy_deletes_what_expired_and_reports_it(register, capsys):
    now, user = timezone.now(), User.objects.create_user("root")
    for name, day in (("old", -1), ("new", 1)):
        Session.objects.create(
            session_key=name, session_data="x", expire_date=now + timedelta(days=day)
        )
        UserSession.objects.create(user=user, session_key=name, ip="10.0.0.1")
        Batch.objects.create(
            kind="import", file_name=f"{name}.csv", at=now - timedelta(days=9 * (day < 0))
        )
    for age in (183, 181):
        sent = {"reference": "PVE-001", "column": "title", "value": "x", "source": "y"}
        correction = Correction.objects.create(**sent, at=now - timedelta(days=age))
        Contact.objects.create(correction=correction, words=f"{age} days")
    cache.clear()  # of what other tests left
    cache.set("kept", 1, 600)
    cache.set("expired", 1, -10)
    call_command("tidy")
    assert capsys.readouterr().out == (
        "Deleted: 1 expired sessions, 1 expired rows of the cache, "
        "1 uploaded files never confirmed, 1 contacts.\n"
    )
    for model in (Session, UserSession):
        assert [one.session_key for one in model.objects.all()] == ["new"]
    assert [one.file_name for one in Batch.objects.all()] == ["new.csv"]
    assert [one.words for one in Contact.objects.all()] == ["181 days"]
    assert cache.get("kept") == 1
