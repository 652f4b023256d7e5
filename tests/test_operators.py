"""The marked commands of docs/operators.md, taken from the page as they are, and run.

`tests/docker` takes Docker's place: see there. Each test asserts what came of the commands.
"""

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import closing
from glob import glob
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.request import HTTPCookieProcessor

import psycopg2
import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from .conftest import ROOT
from .parts import Client, free_port
from .servers import filled

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not (
            glob("/usr/lib/postgresql/*/bin/initdb") and all(map(shutil.which, ["gpg", "openssl"]))
        )
        and os.environ.get("REQUIRE_ALL") != "1",
        reason="no PostgreSQL, gpg or openssl on this machine (Debian: postgresql, gpg, openssl)",
    ),
]

SCALE = "docker compose -f compose.yaml -f compose.scale.yaml"
PASSPHRASE = "eleven green kettles"
FACTOR = "PVEMATRIXPVEMATRIXPVEMATRIX23456"
# Of these a backup has no rows.
LEFT_OUT = {"cache", "django_session", "usersessions_usersession"}


def blocks() -> dict[str, list[str]]:
    """Return the marked blocks of the page by their mark, in its order."""
    found = defaultdict(list)
    page = (ROOT / "docs/operators.md").read_text(encoding="utf-8")
    for margin, mark, text in re.findall(r"^( *)```sh ([\w-]+)\n(.*?)^ *```$", page, re.S | re.M):
        found[mark].append(re.sub(f"^{margin}", "", text, flags=re.M))
    return found


class Machine:
    """A folder with an .env, from which the commands of an operator run."""

    def __init__(self, folder: Path, **settings: str):
        self.folder = folder
        self.ports = {name: free_port() for name in ("db", "standby", "web")}
        (folder / "ports.json").write_text(json.dumps(self.ports))
        self.password = secrets.token_hex(16)
        self.set(
            POSTGRES_PASSWORD=self.password,
            REPLICATION_PASSWORD=secrets.token_hex(16),
            VALKEY_PASSWORD="unused",
            DATABASE_URL=f"postgres://pvematrix:{self.password}@db:5432/pvematrix",
            **settings,
        )

    def set(self, **settings: str) -> None:
        self.settings = getattr(self, "settings", {}) | settings
        lines = [f"{name}={value}\n" for name, value in self.settings.items()]
        (self.folder / ".env").write_text("".join(lines))

    def env(self, name: str) -> str:
        return re.search(f"^{name}=(.*)$", (self.folder / ".env").read_text(), re.M)[1]

    def run(self, commands: str, fails=False, **environment: str) -> str:
        path = f"{ROOT / 'tests'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        own = {"PATH": path, "MACHINE": str(self.folder), "STATIC_ROOT": str(filled() / "static")}
        ended = subprocess.run(
            ["bash", "-c", commands],
            cwd=self.folder,
            env=own | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert bool(ended.returncode) is fails, ended.stdout + ended.stderr
        return ended.stdout + ended.stderr

    def ask(self, service: str, query: str, database="pvematrix") -> list[tuple]:
        """Ask a server over the network, as the site does."""
        own = {"user": "pvematrix", "password": self.password, "dbname": database}
        with closing(psycopg2.connect(host="127.0.0.1", port=self.ports[service], **own)) as plain:
            plain.autocommit = True
            with plain.cursor() as cursor:
                cursor.execute(query)
                return cursor.fetchall() if cursor.description else []

    def counts(self, database: str) -> dict[str, int]:
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        names = {name for (name,) in self.ask("db", tables, database)} - LEFT_OUT
        return {
            name: self.ask("db", f"SELECT count(*) FROM {name}", database)[0][0] for name in names
        }


@pytest.fixture
def machine():
    # PostgreSQL runs as somebody else where this is root, who has to reach it.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)
        machine = Machine(
            Path(made),
            SECRET_KEY=secrets.token_urlsafe(50),
            SECOND_FACTOR_KEYS=secrets.token_urlsafe(50),
            ALLOWED_HOSTS="127.0.0.1",
            HTTPS="off",
            WEB_CONCURRENCY="1",
        )
        yield machine
        machine.run("docker compose -f compose.yaml -f compose.scale.yaml down")


def eventually(asked, expected) -> None:
    ends = time.monotonic() + 15
    while (answer := asked()) != expected and time.monotonic() < ends:
        time.sleep(0.1)
    assert answer == expected


def test_each_marked_command_is_run_here():
    assert {mark: len(texts) for mark, texts in blocks().items()} == {
        "failover": 3,
        "second-factor-keys": 1,
        "secret-key": 1,
        "backup": 1,
        "restore": 1,
    }


def test_failover_loses_nothing_and_makes_the_old_primary_the_standby(machine):
    stop, promote, swap = blocks()["failover"]
    machine.run(f"{SCALE} up --detach --wait db standby")
    machine.ask("db", "CREATE TABLE saved AS SELECT 'before' AS row")
    rows, standby = "SELECT row FROM saved ORDER BY row", "SELECT pg_is_in_recovery()"
    eventually(lambda: machine.ask("standby", "SELECT to_regclass('saved')"), [("saved",)])
    assert machine.ask("standby", standby) == [(True,)]

    machine.run(stop)
    with pytest.raises(psycopg2.OperationalError):
        machine.ask("db", rows)
    machine.run(promote)
    assert (machine.ask("standby", standby), machine.ask("standby", rows)) == (
        [(False,)],
        [("before",)],
    )
    machine.ask("standby", "INSERT INTO saved VALUES ('between')")

    # Where the copy fails, the old files are all there.
    data = machine.folder / "db/data"
    before = {file.name for file in data.iterdir()}
    right = machine.env("REPLICATION_PASSWORD")
    machine.set(REPLICATION_PASSWORD="wrong")
    assert "password authentication failed" in machine.run(swap, fails=True)
    assert {file.name for file in data.iterdir()} == before | {"standby.signal"}
    machine.set(REPLICATION_PASSWORD=right)

    # After a crash half-way they do not start, and nothing is in the way of another attempt.
    machine.run(
        f"{SCALE} run --rm --no-deps --user postgres db bash -ec "
        "'mkdir old.crash new; mv base global PG_VERSION old.crash; mkdir base; touch new/x'"
    )
    machine.run(swap)
    eventually(lambda: machine.ask("db", rows), [("before",), ("between",)])
    machine.ask("standby", "INSERT INTO saved VALUES ('since')")
    eventually(lambda: machine.ask("db", rows), [("before",), ("between",), ("since",)])
    assert machine.ask("db", standby) == [(True,)]
    left = {file.name for file in data.iterdir()}
    assert not [name for name in left if name == "new" or name.startswith("old.")]


def login_with_second_factor(machine: Machine, steps: int) -> int:
    """Log in by a code, its clock this number of half minutes off; return the desk's status."""
    client = Client(f"http://127.0.0.1:{machine.ports['web']}", HTTPCookieProcessor(CookieJar()))
    page = client.ask("/accounts/login/")[2]
    sent = client.post("/accounts/login/", page, login="root", password="tangerine lamp violet")
    assert (sent[0], sent[1]["Location"][:27]) == (302, "/accounts/2fa/authenticate/")
    code = format_hotp_value(hotp_value(FACTOR, int(time.time()) // 30 + steps))
    page = client.ask("/accounts/2fa/authenticate/")[2]
    client.post("/accounts/2fa/authenticate/", page, code=code)
    return client.ask("/admin/projects/project/")[0]


def test_a_site_is_backed_up_restored_and_gets_new_keys(machine):
    marked = blocks()
    machine.run("docker compose up --detach --wait")
    made = (
        "from django.contrib.auth.models import User; "
        "from allauth.mfa.totp.internal.auth import TOTP; "
        "user = User.objects.create_superuser('root', 'r@example.org', 'tangerine lamp violet'); "
        f"TOTP.activate(user, '{FACTOR}')"
    )
    machine.run(f'docker compose exec -T web python manage.py shell -c "{made}"')
    assert login_with_second_factor(machine, -1) == 200

    (backup,), (restore,) = marked["backup"], marked["restore"]
    assert "encrypted." in machine.run(backup, BACKUP_PASSPHRASE=PASSPHRASE)
    (file,) = (machine.folder / "srv/backups").iterdir()
    said = machine.run(restore, BACKUP_PASSPHRASE=PASSPHRASE, FILE=file.name)
    assert "Faults: 0." in said
    counts = machine.counts("pvematrix")
    assert (counts["projects_project"], counts["mfa_authenticator"]) == (669, 1)
    assert machine.counts("restored") == counts

    secret, factors = machine.env("SECRET_KEY"), machine.env("SECOND_FACTOR_KEYS")
    stored = "SELECT data->>'secret' FROM mfa_authenticator"
    was = machine.ask("db", stored)
    assert "1 factors are encrypted" in machine.run(*marked["second-factor-keys"])
    assert re.fullmatch("[0-9a-f]{64}", machine.env("SECOND_FACTOR_KEYS"))
    assert machine.ask("db", stored) != was
    assert login_with_second_factor(machine, 0) == 200
    # A key that opens nothing takes no other one's place.
    kept = machine.env("SECOND_FACTOR_KEYS")
    machine.set(SECOND_FACTOR_KEYS=factors)
    assert "None of SECOND_FACTOR_KEYS reads these" in machine.run(
        *marked["second-factor-keys"], fails=True
    )
    assert machine.env("SECOND_FACTOR_KEYS").endswith(f",{factors}")
    machine.set(SECOND_FACTOR_KEYS="")
    machine.run(*marked["secret-key"], fails=True)
    assert machine.env("SECRET_KEY") == secret
    machine.set(SECOND_FACTOR_KEYS=kept)
    machine.run(*marked["secret-key"])
    assert re.fullmatch("[0-9a-f]{64}", machine.env("SECRET_KEY"))
    assert login_with_second_factor(machine, 1) == 200
