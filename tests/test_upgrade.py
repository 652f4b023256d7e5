"""Upgrading: what a database holds that the code of commit 0f7b048 filled (tests/data/README.md).

What is asked are pages and models, since migrations may give tables another shape.
"""

import gzip
import hashlib
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from types import SimpleNamespace

import psycopg2
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from projects.imports.lines import kept_lines

from .conftest import ROOT, SECRET_KEY
from .pages import body, text_of, total_of
from .servers import new_database

pytestmark = pytest.mark.long

DATA = ROOT / "tests" / "data"
SHA256 = {
    "a-72-621": "7ae6dc615e897dfdf3908ec4cf934885060e6bc499e573d1681b5a9d8db07bfe",
    "november-2026": "38727a4dbc9bbc454a118d04a7bc4cc94a0fea9a44736ea018dcb594123e74d9",
}
PASSWORD = "correct horse battery staple"
TOTP_SECRET = "PVEMATRIXPVEMATRIXPVEMATRIX23456"
RECOVERY_CODE = "90088395"


def opened(url: str):
    """Return a connection to that database, past the code under test."""
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
            file.write(gzip.decompress((DATA / "today.sqlite3.gz").read_bytes()))
        return
    with opened(url) as database:
        dump = gzip.decompress((DATA / "today.postgresql.sql.gz").read_bytes())
        database.cursor().execute(dump.decode())
        database.commit()


def run(url: str, *command: str, settings="pvematrix.settings") -> str:
    """Run Python with that database and return what it printed; it has to end well."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    own = {"SECRET_KEY": SECRET_KEY, "ALLOWED_HOSTS": "testserver", "HTTPS": "off"}
    ended = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=kept | own | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory):
    """The dump, migrated: its DATABASE_URL, and which group had which permissions before."""
    with new_database(tmp_path_factory.mktemp("upgraded")) as url:
        restore(url)
        granted = rows(
            url,
            "SELECT auth_group.name, codename FROM auth_group_permissions "
            "JOIN auth_group ON auth_group.id = group_id "
            "JOIN auth_permission ON auth_permission.id = permission_id",
        )
        run(url, "manage.py", "migrate", "--verbosity", "0")
        yield SimpleNamespace(url=url, granted=granted)


@pytest.fixture(scope="module")
def found(upgraded):
    """What the code under test finds in it, read by a process that has it as its database."""
    code = "import django; django.setup(); from tests import test_upgrade; test_upgrade.tell()"
    said = run(upgraded.url, "-c", code, settings="tests.settings")
    return SimpleNamespace(**json.loads(said.splitlines()[-1]))


def tell() -> None:
    """Print as one line of JSON what the database of this process holds."""
    names = ("project", "edition", "entity", "country", "revision", "batch", "correction")
    models = SimpleNamespace(**{name: apps.get_model("projects", name) for name in names})
    live, every = models.project.live, models.project.every
    figure = apps.get_model("reports", "figure")
    changed = {
        "PVE-001": live.get(reference="PVE-001"),
        "PVE-011": live.get(reference="PVE-011"),
        "november-2026": models.edition.objects.get(slug="november-2026"),
        "ITU": models.entity.objects.get(acronym="ITU"),
        "TUN": models.country.objects.get(code="TUN"),
        "HLC 2018": figure.objects.get(report__symbol="HLC 2018", unit="countries"),
    }
    history = {name: models.revision.objects.of(record) for name, record in changed.items()}
    history["PVE-223"] = models.revision.objects.filter(key="PVE-223")  # gone
    edition = models.edition.objects.values_list("slug", "name", "date", "count", "sha256")
    correction = models.correction.objects.order_by("pk").values_list
    found = {
        "live": live.count(),
        "unreviewed": dict(live.exclude(review="reviewed").values_list("reference", "review")),
        "entry": contents(live.get(reference="PVE-013")),
        "draft": contents(live.get(reference="PVE-224")),
        "frozen": contents(every.get(edition__slug="november-2026", reference="PVE-001")),
        "links": [
            models.project.entities.through.objects.count(),
            models.project.countries.through.objects.count(),
        ],
        "editions": {
            slug: [*told, every.filter(edition__slug=slug).count()] for slug, *told in edition
        },
        "figure": changed["HLC 2018"].value,
        "revisions": models.revision.objects.count(),
        "history": {name: [told(one) for one in kept] for name, kept in history.items()},
        "batches": [
            [
                batch.kind,
                (batch.undoes or batch).file_name,
                batch.by_name,
                batch.reason,
                [batch.added, batch.changed, batch.deleted, batch.revisions.count()],
                "applied" if batch.applied_at else "waits" if batch.content else "lost",
            ]
            for batch in models.batch.objects.order_by("pk")
        ],
        "waiting": list(kept_lines(bytes(models.batch.objects.get(applied_at=None).content))),
        "corrections": list(
            correction("reference", "column", "value", "state", "answer", "handled_by__username")
        ),
        "groups": {
            group.name: list(group.permissions.values_list("codename", flat=True))
            for group in Group.objects.all()
        },
        "accounts": {
            user.username: [user.email, *user.groups.values_list("name", flat=True)]
            for user in User.objects.all()
        },
        "superusers": list(User.objects.filter(is_superuser=True).values_list("username")),
        "factors": sorted(Authenticator.objects.values_list("user__username", "type")),
        "totp": decrypt(Authenticator.objects.get(type="totp").data["secret"]),
        "pages": pages(),
        "desk": desk(),
    }
    print(json.dumps(found))


def contents(project) -> list:
    """The entry's own words, and what it is linked with."""
    return [
        project.title,
        project.summary,
        ";".join(project.regions),
        ";".join(sorted(country.code for country in project.countries.all())),
        ";".join(sorted(entity.acronym for entity in project.entities.all())),
    ]


def told(revision) -> list:
    """What history says: who, what, why."""
    changes = [[change.column, change.old, change.new] for change in revision.changes]
    return [revision.by_name, revision.action, revision.reason, changes]


def pages() -> dict:
    """What everybody sees."""
    client = Client()
    changes = client.get("/editions/a-72-621/changes/november-2026.json")
    files = {slug: client.get(f"/projects/export.csv?edition={slug}") for slug in SHA256}
    return {
        "total": total_of(client.get("/projects/").content.decode()),
        "history": text_of(client, "/projects/PVE-001/changes/"),
        "deleted": text_of(client, "/projects/PVE-223/changes/"),
        "draft": client.get("/projects/PVE-224/").status_code,
        "editions": text_of(client, "/editions/"),
        "files": {slug: hashlib.sha256(body(file)).hexdigest() for slug, file in files.items()},
        "changes": json.loads(body(changes))["counts"],
    }


# The tests' own takes none of these passwords.
@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"])
def desk() -> dict:
    """What the manager sees after the password alone, and after a recovery code as well."""
    client, revisions = Client(), reverse("admin:projects_revision_changelist")
    client.post(reverse("account_login"), {"login": "example-manager", "password": PASSWORD})
    halfway = client.get(revisions).status_code
    client.post(reverse("mfa_authenticate"), {"code": RECOVERY_CODE})
    return {"halfway": halfway, "revisions": text_of(client, revisions)}


# What stays


def test_entries_keep_their_words_links_and_review(found):
    assert (found.live, found.pages["total"], found.pages["draft"]) == (224, 223, 404)
    assert found.unreviewed == {
        "PVE-001": "changed",
        "PVE-002": "changed",
        "PVE-011": "changed",
        "PVE-013": "changed",
        "PVE-224": "draft",
    }
    assert found.entry == ["Réseau “青年” 📗", "=1+1 is text.", "africa", "KEN", "UNDP"]
    assert found.draft == ["A draft", "", "", "", "ITU"]
    assert found.links == [44, 5]
    assert found.figure == 85


def test_editions_keep_their_rows_and_hashes(found, upgraded):
    assert found.editions == {
        "a-72-621": ["A/72/621, December 2017", "2017-12", 223, SHA256["a-72-621"], 223],
        "november-2026": ["November 2026", "2026-11-26", 223, SHA256["november-2026"], 223],
    }
    assert (found.frozen[0], found.frozen[2:]) == (
        "NET-MED Youth",
        ["mena;europe", "MAR;TUN", "ITU;UNESCO"],
    )
    assert found.pages["files"] == SHA256
    assert found.pages["changes"] == {"added": 1, "removed": 1, "reclassified": 1, "changed": 4}
    assert "A/72/621, December 2017" in found.pages["editions"]
    assert "Entries described since the report." in found.pages["editions"]
    said = run(upgraded.url, "manage.py", "verify_editions")
    for slug, digest in SHA256.items():
        assert re.search(rf"^{slug}: unchanged, 223 projects, {digest}$", said, re.MULTILINE)


def test_history_keeps_who_what_and_why(found):
    assert found.revisions == 22
    assert found.history == {
        "PVE-001": [
            [
                "example-editor",
                "changed",
                "Letter of 3 November 2026",
                [
                    ["title", "Networks of Mediterranean Youth (NET-MED Youth)", "NET-MED Youth"],
                    ["countries", "", "MAR;TUN"],
                    ["entities", "UNESCO", "ITU;UNESCO"],
                    ["status", "not-stated", "completed"],
                    ["start_date", "", "2014-02"],
                    ["review", "reviewed", "changed"],
                ],
            ],
            ["example-manager", "changed", "", [["review", "changed", "reviewed"]]],
            [
                "example-editor",
                "changed",
                "As its page spells it",
                [
                    ["title", "NET-MED Youth", "NET-MED Youth II"],
                    ["countries", "MAR;TUN", "MAR"],
                    ["review", "reviewed", "changed"],
                ],
            ],
        ],
        "PVE-011": [
            [
                "example-leaver",
                "changed",
                "Phase three is over",
                [
                    ["status", "ongoing", "completed"],
                    ["end_date", "", "2018-06"],
                    ["review", "reviewed", "changed"],
                ],
            ],
            [
                "example-root",
                "changed",
                "Ended a month earlier",
                [["end_date", "2018-06", "2018-05"]],
            ],
        ],
        "november-2026": [
            [
                "example-manager",
                "added",
                "",
                [
                    ["date", "", "2026-11-26"],
                    ["name", "", "November 2026"],
                    ["note", "", "Entries described since the report."],
                    ["slug", "", "november-2026"],
                ],
            ]
        ],
        "ITU": [
            [
                "example-editor",
                "added",
                "",
                [
                    ["acronym", "", "ITU"],
                    ["kind", "", "agency"],
                    ["name", "", "International Telecommunication Union"],
                ],
            ]
        ],
        "TUN": [
            [
                "example-root",
                "changed",
                "Its long name",
                [["name", "Tunisia", "Tunisia (Republic of)"]],
            ]
        ],
        "HLC 2018": [
            ["example-manager", "changed", "The page was corrected", [["value", "84", "85"]]]
        ],
        "PVE-223": [
            [
                "example-manager",
                "deleted",
                "Counted twice",
                [
                    ["reference", "PVE-223", ""],
                    ["title", "Other areas: project 33 of 33", ""],
                    ["priority_area", "other", ""],
                    ["priority_area_basis", "stated", ""],
                    ["scope", "global", ""],
                    ["scope_basis", "allocated", ""],
                    ["status", "not-stated", ""],
                    ["provenance", "counted", ""],
                    ["source", "A/72/621, para. 24", ""],
                    ["review", "reviewed", ""],
                ],
            ]
        ],
    }
    told = found.pages["history"]
    for words in ("NET-MED Youth II", "As its page spells it", "Letter of 3 November 2026"):
        assert words in told
    assert "example-" not in told
    assert "Counted twice" in found.pages["deleted"]
    assert "The page was corrected" in found.desk["revisions"]


def test_imports_and_corrections_stay(found):
    assert found.batches == [
        ["import", "kept.csv", "example-editor", "A year’s list", [1, 1, 0, 2], "applied"],
        ["import", "mistaken.csv", "example-editor", "A year’s list", [1, 1, 0, 2], "applied"],
        ["undo", "mistaken.csv", "example-manager", "The wrong file", [0, 1, 1, 2], "applied"],
        ["import", "waiting.csv", "example-editor", "", [0, 0, 0, 0], "waits"],
    ]
    assert found.waiting == [[1, ["reference", "title"]], [2, ["PVE-016", "Not confirmed yet"]]]
    answer = "The source does not say so"
    assert found.corrections == [
        ["PVE-005", "status", "ongoing", "open", "", None],
        ["PVE-006", "status", "ongoing", "declined", answer, "example-editor"],
        ["PVE-002", "status", "ongoing", "applied", "", "example-editor"],
    ]


def test_groups_lose_nothing(found, upgraded):
    granted = Counter(group for group, _codename in upgraded.granted)
    assert granted == {"Editors": 15, "Guests": 2, "Managers": 31, "Reviewers": 18, "Viewers": 9}
    assert ("Managers", "publish_edition") in upgraded.granted
    for group, codename in upgraded.granted:
        assert codename in found.groups[group], group
    assert sorted(found.groups["Guests"]) == ["view_entity", "view_project"]
    # And gain what came later.
    assert "view_quotation" in found.groups["Viewers"]
    for action in ("view", "add", "change", "delete"):
        assert f"{action}_quotation" in found.groups["Editors"]


def test_accounts_and_second_factors_go_on(found):
    assert found.accounts == {
        "example-root": ["root@example.org"],
        "example-editor": ["editor@example.org", "Editors"],
        "example-manager": ["manager@example.org", "Managers"],
    }
    assert found.superusers == [["example-root"]]
    assert found.factors == [["example-manager", "recovery_codes"], ["example-manager", "totp"]]
    assert found.totp == TOTP_SECRET
    assert found.desk["halfway"] == 302


def test_the_key_of_a_second_factor_is_encrypted_since(upgraded):
    stored = str(rows(upgraded.url, "SELECT data FROM mfa_authenticator"))
    assert "secret" in stored and "seed" in stored
    assert TOTP_SECRET not in stored
    assert stored.count("gAAAA") == 2


@pytest.mark.parametrize(
    "command",
    ["check", "migrate --check", "makemigrations --check --dry-run", "check_integrity"],
)
def test_nothing_is_left_to_do(upgraded, command):
    run(upgraded.url, "manage.py", *command.split())


# Two servers that start at once


def test_two_that_start_at_once_on_an_empty_database_take_turns(tmp_path):
    start = "manage.py migrate --verbosity 0 && exec manage.py load_register"
    start = start.replace("manage.py", f"{sys.executable} manage.py")
    with new_database(tmp_path) as url:
        own = {"SECRET_KEY": SECRET_KEY, "ALLOWED_HOSTS": "testserver", "DATABASE_URL": url}
        both = [
            subprocess.Popen(
                ["sh", "-c", start],
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], **own},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for _server in range(2)
        ]
        said = [process.communicate()[0] for process in both]
        assert [process.returncode for process in both] == [0, 0], said
        assert sorted("Published the edition" in one for one in said) == [False, True]
        assert rows(url, "SELECT count(*) FROM projects_edition") == [(1,)]
        assert rows(url, "SELECT count(*) FROM projects_project") == [(446,)]
        applied = rows(url, "SELECT app, name FROM django_migrations")
        assert len(applied) == len(set(applied))


# One schema, whichever way it came about


def schema(url: str) -> list[str]:
    """Return what tables, columns, indexes and constraints are there, a line each, sorted.

    With their definitions: what was only added to a squashed migration never reached a database
    that counts as migrated.
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
        """,
    )
    # A dump that was read in again has its casts at other places.
    casts = r"::(?:character varying|text)(?:\[\])?|[()]"
    return sorted(re.sub(casts, "", line) for (line,) in found)


def test_an_upgraded_database_is_made_like_a_new_one(upgraded, tmp_path):
    with new_database(tmp_path) as url:
        run(url, "manage.py", "migrate", "--verbosity", "0")
        assert schema(upgraded.url) == schema(url)
