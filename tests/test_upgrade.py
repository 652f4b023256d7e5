"""Upgrading: what a database has that the code of commit 4ea42ed filled (tests/data/README.md)."""

import gzip
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from hashlib import sha256
from types import SimpleNamespace

import psycopg2
import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from .conftest import ROOT, SECRET_KEY
from .pages import body, text_of, total_of
from .servers import manage, new_database, python

pytestmark = [pytest.mark.long, pytest.mark.postgresql]

DATA = ROOT / "tests" / "data"
# It encrypts the second factors of the dump.
KEY = "the-key-of-the-dumps-which-is-nobodys-and-protects-nothing-at-all"
PASSWORD = "correct horse battery staple"
TOTP_SECRET = "PVEMATRIXPVEMATRIXPVEMATRIX23456"
RECOVERY_CODE = "90088395"
# The SHA-256 of each edition's CSV, and of its quotations.
EDITIONS = {
    "reconstruction-2017-12": (
        "ffb8275a202a79a84b2c30ba046927fc10b16fbc59fac25be46e0e9b498d8dc9",
        "f43fd9abf08a90e7c29d4ac583e5d86476b827158ffd87ec6989451b6707405b",
    ),
    "november-2026": (
        "242ac7a682ea42e63956bdc8d025916f41d2d88d08706d4d112ca5eb5790cebd",
        "a9cc85b11008053f93db388651c31a8bf1809940fce1203e3048039b58d7fb8e",
    ),
}
# What pages say, to everybody and to a manager.
PUBLIC = {
    "/projects/PVE-013/": ["Réseau “青年” 📗"],
    "/projects/PVE-001/changes/": ["NET-MED Youth II", "As its page spells it"],
    "/projects/PVE-223/changes/": ["Counted twice"],
    "/plans/": ["=Strategy"],
    "/statements/G900/": ["“We listened first.”"],
    "/projects/PVE-005/correct/1/": ["Staff will check the source."],
    "/projects/PVE-006/correct/4/": ["“The source does not say so”"],
    "/projects/PVE-002/correct/5/": ["the correction was made"],
    "/editions/": ["Entries described since the report."],
}
DESK = {
    "/admin/projects/revision/": ["The page was corrected"],
    "/admin/projects/project/": ["To date"],  # a saved list
    "/admin/projects/project/13/comments/": ["The page has no year.Ask them."],
    "/admin/projects/project/12/review/": ["The page speaks of another phase."],
    "/admin/projects/batch/4/preview/": ["Not confirmed yet"],
    "/admin/pvematrix/expert/": ["Example Expert"],
}
# Tables that have no row in the dump.
EMPTY = {
    *("account_emailaddress", "account_emailconfirmation", "auth_user_user_permissions"),
    *("cache", "django_session"),
    *("socialaccount_socialaccount", "socialaccount_socialapp", "socialaccount_socialtoken"),
}
# Django adds rows to these; those of the dump stay.
GROWING = ("auth_group_permissions", "auth_permission", "django_content_type")
# Columns that are computed from others: gone, or computed again, which check_integrity compares.
COMPUTED = ("combination", "search_text")
# Which migrations ran, and the number that moves with them.
OWN_STATE = ("django_migrations", "projects_dataversion", "sqlite_sequence")


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


def restore(url: str) -> None:
    """Fill the empty database with the dump that fits it."""
    if connection.vendor == "sqlite":
        with open(url.removeprefix("sqlite:///"), "wb") as file:
            file.write(gzip.decompress((DATA / "4ea42ed.sqlite3.gz").read_bytes()))
        return
    with opened(url) as database:
        dump = gzip.decompress((DATA / "4ea42ed.postgresql.sql.gz").read_bytes())
        database.cursor().execute(dump.decode())
        database.commit()


def contents(url: str, like: dict | None = None) -> dict[str, tuple[str, list[str]]]:
    """Return (columns, rows) of each table, or of those tables and columns of another result."""
    tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    if url.startswith("sqlite:"):
        tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
    found = {}
    with opened(url) as database:
        cursor = database.cursor()
        cursor.execute(tables)
        for table in {name for (name,) in cursor.fetchall()}.difference(OWN_STATE):
            if like is None or table in like:
                cursor.execute(f"SELECT * FROM {table} LIMIT 0")
                names = [one[0] for one in cursor.description if one[0] not in COMPUTED]
                columns = like[table][0] if like else ", ".join(f'"{name}"' for name in names)
                cursor.execute(f"SELECT {columns} FROM {table}")
                found[table] = (columns, sorted(map(plain, cursor.fetchall())))
    return found


def plain(row: tuple) -> str:
    """Return a row as a text that is the same for the same values."""
    return repr([bytes(one) if isinstance(one, memoryview) else one for one in row])


def environment(url: str) -> dict[str, str]:
    own = {"SECRET_KEY": SECRET_KEY, "ALLOWED_HOSTS": "testserver", "HTTPS": "off"}
    own |= {"SECOND_FACTOR_KEYS": KEY, "STAFF_REGISTERS": "on"}
    return own | {"DATABASE_URL": url}


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory):
    """The dump, migrated: its DATABASE_URL, and what each table had before and after."""
    with new_database(tmp_path_factory.mktemp("upgraded")) as url:
        restore(url)
        before = contents(url)
        ended = manage("migrate", "--verbosity", "0", **environment(url))
        assert ended.returncode == 0, ended.stdout + ended.stderr
        # Read now: a login in a later test leaves rows.
        yield SimpleNamespace(url=url, before=before, after=contents(url, before))


@pytest.fixture(scope="module")
def found(upgraded):
    """What pages say of it, opened by a process that has it as its database."""
    code = "import django, json; django.setup(); from tests.test_upgrade import *; "
    code += "print(json.dumps(public_pages() | desk_pages() | checks()))"
    own = environment(upgraded.url) | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    ended = python("-c", code, **own)
    assert ended.returncode == 0, ended.stderr
    return SimpleNamespace(**json.loads(ended.stdout.splitlines()[-1]))


def public_pages() -> dict:
    client = Client()
    files = ("/projects/export.csv?edition=%s", "/editions/%s/quotations.csv")
    changes = "/api/v1/editions/reconstruction-2017-12/changes/november-2026/"
    found = client.get(changes).json()["results"]
    return {
        "total": total_of(client.get("/projects/").content.decode()),
        "hidden": [client.get(f"/projects/PVE-{n}/").status_code for n in (222, 223, 224)],
        "public": {address: text_of(client, address) for address in PUBLIC},
        "files": {
            slug: [sha256(body(client.get(file % slug))).hexdigest() for file in files]
            for slug in EDITIONS
        },
        "changes": Counter(one["change"] for one in found),
    }


# The tests' own hasher reads no password of the dump.
@override_settings(
    PASSWORD_HASHERS=["pvematrix.passwords.PasswordHasher"], STAFF_SECOND_FACTOR=True
)
def desk_pages() -> dict:
    """What the manager sees after the password alone, and after a code as well."""
    client, other = Client(), Client()
    page, halfway = "/admin/projects/revision/", []
    for one in (client, other):
        one.post(reverse("account_login"), {"login": "example-manager", "password": PASSWORD})
        halfway.append(one.get(page).status_code)
    code = format_hotp_value(hotp_value(TOTP_SECRET, int(time.time()) // 30))
    client.post(reverse("mfa_authenticate"), {"code": code})
    other.post(reverse("mfa_authenticate"), {"code": RECOVERY_CODE})
    client.post("/admin/projects/batch/4/take-over/")  # an editor's
    return {
        "halfway": halfway,
        "by_recovery_code": other.get(page).status_code,
        "desk": {address: text_of(client, address) for address in DESK},
        "evidence": body(client.get("/admin/projects/project/evidence/1/file/")).decode("latin-1"),
    }


def checks() -> dict:
    """What the checks of a database print; each raises where something is left to do."""
    printed = io.StringIO()
    call_command("migrate", check_unapplied=True, stdout=printed)
    for command in ("verify_editions", "check_integrity"):
        call_command(command, stdout=printed)
    return {"checks": printed.getvalue()}


# What stays


def test_an_upgrade_changes_no_row_no_edition_and_no_page(upgraded, found):
    """One test: a second worker that took a part of it would upgrade a database of its own."""
    before, after = upgraded.before, upgraded.after
    assert {table for table, (_columns, kept) in before.items() if not kept} == EMPTY
    counts = {"projects_project": 667, "projects_revision": 50, "reports_statement": 239}
    assert {table: len(before[table][1]) for table in counts} == counts
    for table, (_columns, kept) in before.items():
        now = after[table][1]
        if table == "reports_report":
            # An undated page is placed at its event.
            kept = sorted(row.replace("'2018'", "'2018-06'") for row in kept)
        assert set(kept) <= set(now) if table in GROWING else kept == now, table
    # Reports have what the shipped ones have.
    reports = "SELECT slug, is_undated, review, called FROM reports_report ORDER BY slug"
    assert rows(upgraded.url, reports) == [
        ("a-72-621", False, "reviewed", "the Secretary-General’s report A/72/621"),
        ("hlc-2018", True, "reviewed", "the page of the High-level Conference"),
    ]
    the_report = "SELECT slug FROM reports_document WHERE is_the_report"
    assert rows(upgraded.url, the_report) == [("a-72-621",)]
    of_parts = "SELECT count(*) FROM reports_%s"
    counts = {part: rows(upgraded.url, of_parts % part) for part in ("category", "note")}
    assert counts == {"category": [(16,)], "note": [(10,)]}
    # Editions keep their bytes.
    assert {slug: tuple(digests) for slug, digests in found.files.items()} == EDITIONS
    assert found.changes == {"added": 1, "removed": 3, "reclassified": 1, "changed": 5}
    for slug, count in (("reconstruction-2017-12", 223), ("november-2026", 221)):
        assert f"{slug}: unchanged, {count} projects, {EDITIONS[slug][0]}" in found.checks
    # Everybody sees what is public.
    assert found.total == 221
    assert found.hidden == [200, 404, 404]  # set aside, deleted, a draft
    for address, words in PUBLIC.items():
        assert [one for one in words if one not in found.public[address]] == [], address
    assert "Zonal strategy" not in found.public["/plans/"]  # a draft
    assert "example-" not in found.public["/projects/PVE-001/changes/"]
    # Staff log in with either second factor.
    assert found.halfway == [302, 302]
    assert found.by_recovery_code == 200
    for address, words in DESK.items():
        assert [one for one in words if one not in found.desk[address]] == [], address
    assert found.evidence == "%PDF-1.7\nA letter \x00\xff\n%%EOF\n"


def test_an_older_database_is_refused_and_left_as_it_is(tmp_path):
    with new_database(tmp_path) as url:
        restore(url)
        with opened(url) as database:
            database.cursor().execute("DELETE FROM django_migrations WHERE name LIKE '0033%'")
            database.commit()
        before = contents(url)
        ended = manage("migrate", **environment(url))
        assert ended.returncode == 1
        assert "some of the replaced migrations are already applied" in ended.stderr
        assert contents(url) == before


# Two servers that start at once


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """A database that was empty when two servers started at once: its URL, and what they did."""
    start = "manage.py migrate --verbosity 0 && exec manage.py load_register"
    start = start.replace("manage.py", f"{sys.executable} manage.py")
    with new_database(tmp_path_factory.mktemp("started")) as url:
        both = [
            subprocess.Popen(
                ["sh", "-c", start],
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], **environment(url)},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for _server in range(2)
        ]
        said = [process.communicate()[0] for process in both]
        assert [process.returncode for process in both] == [0, 0], said
        yield SimpleNamespace(url=url, said=said)


# One schema, however it was made


def schema(url: str) -> list[str]:
    """Return the tables, columns, indexes, constraints and triggers, a line each, sorted.

    With their definitions: what is only in the squashed migrations never reaches a database that
    counts as migrated, and what is only in those that they replace never reaches a new one.
    """
    if url.startswith("sqlite:"):
        lines = []
        for table, sql in rows(url, "SELECT tbl_name, sql FROM sqlite_master WHERE sql <> ''"):
            parts = [sql]
            if sql.startswith("CREATE TABLE"):
                start, end = sql.index("(") + 1, sql.rindex(")")
                parts = [sql[end:], *re.split(r', (?=(?:CONSTRAINT )?")', sql[start:end])]
            lines += [f"{table}: {part}" for part in parts]
        return sorted(lines)
    found = rows(
        url,
        """
        SELECT concat_ws(' ', table_name, column_name, data_type, character_maximum_length,
            is_nullable, column_default, identity_generation, generation_expression)
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT concat_ws(' ', tgenabled, pg_get_triggerdef(oid))
        FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT concat_ws(' ', proname, prosrc)
        FROM pg_proc WHERE proname LIKE 'pvematrix%'
        UNION ALL SELECT pg_get_statisticsobjdef(oid) FROM pg_statistic_ext
        UNION ALL SELECT extname FROM pg_extension
        """,
    )
    # A dump that was restored has its casts at other places.
    casts = r"::(?:character varying|text)(?:\[\])?|[()]"
    return sorted(re.sub(casts, "", line) for (line,) in found)


def test_two_that_start_at_once_take_turns_and_get_the_schema_of_an_upgrade(upgraded, started):
    assert sorted("Published the edition" in one for one in started.said) == [False, True]
    assert rows(started.url, "SELECT count(*) FROM projects_edition") == [(2,)]
    assert rows(started.url, "SELECT count(*) FROM projects_project") == [(669,)]
    applied = rows(started.url, "SELECT app, name FROM django_migrations")
    assert len(applied) == len(set(applied))
    assert schema(upgraded.url) == schema(started.url)
