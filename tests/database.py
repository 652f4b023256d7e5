"""The database of each process that runs tests: a copy of one that has the shipped register.

Migrations and `load_register` run once for a state of the code, into a template. SQLite keeps the
file in the temporary folder for the next run; PostgreSQL keeps the template as long as the server.
What a test committed is undone by copying the template again.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

FOLDER = Path(tempfile.gettempdir(), f"pvematrix-tests-{os.getuid()}")
TODAY = f"{date.today():%Y%m%d}"


@cache
def state_of_the_code() -> str:
    """Return a name for what the template is made of; its rows have dates, so the day is part."""
    told = hashlib.sha256()
    files = [settings.BASE_DIR / "requirements.txt"]
    for folder in ("projects", "reports", "pvematrix", "fixtures"):
        files += sorted(Path(settings.BASE_DIR, folder).rglob("*.*"))
    for path in files:
        if path.suffix not in (".pyc", ".html") and path.is_file():
            told.update(f"{path}\0".encode() + path.read_bytes())
    return f"{TODAY}_{told.hexdigest()[:20]}"


def template_file() -> Path:
    """Return where SQLite's template is, if a run has made it today."""
    return FOLDER / f"{state_of_the_code()}.sqlite3"


def template_database() -> str:
    """Return what PostgreSQL's template is called, once a test has asked for the register."""
    return f"pvematrix_{state_of_the_code()}"


@contextmanager
def one_at_a_time():
    """Let one process build the template while the others wait for it."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    with open(FOLDER / "lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def use(name: str) -> None:
    """Let Django's connection be to this database."""
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def fill(name: str) -> None:
    """Migrate and load the shipped register into an empty database."""
    use(name)
    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    call_command("load_register", verbosity=0)
    call_command("load_elsewhere", verbosity=0)
    connections.close_all()


class OnSQLite:
    """A file for each process; one more connection notices whether anybody committed anything."""

    def __init__(self, name: str):
        self.name = name
        self.template = template_file()
        with one_at_a_time():
            if not self.template.exists():
                for old in set(FOLDER.glob("*.sqlite3")) - set(FOLDER.glob(f"{TODAY}_*")):
                    old.unlink()
                with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
                    fill(f"{folder}/filled")
                    os.rename(f"{folder}/filled", self.template)
            shutil.copyfile(self.template, name)
        use(name)
        self.watching = sqlite3.connect(name)
        self.seen = self.version()

    def version(self) -> int:
        """Return a number that changes when another connection commits a change."""
        return self.watching.execute("PRAGMA data_version").fetchone()[0]

    def restore(self) -> None:
        connections.close_all()
        if self.version() != self.seen:
            with (
                closing(sqlite3.connect(self.template)) as template,
                closing(sqlite3.connect(self.name, timeout=20)) as own,
            ):
                template.backup(own)
            self.seen = self.version()

    def remove(self) -> None:
        connections.close_all()
        self.watching.close()
        for path in Path(self.name).parent.glob(f"{Path(self.name).name}*"):
            path.unlink()


class OnPostgreSQL:
    """A database for each process, on the server that DATABASE_URL names."""

    def __init__(self, name: str):
        self.name = name
        self.template = template_database()
        begun = f"{self.template}_begun"
        with one_at_a_time():
            there = self.on_the_server("SELECT datname FROM pg_database WHERE NOT datistemplate")
            if (self.template,) not in there:
                for (old,) in there:
                    if old.startswith("pvematrix_20") and (TODAY not in old or old == begun):
                        self.on_the_server(f"DROP DATABASE {old} WITH (FORCE)")
                self.on_the_server(f"CREATE DATABASE {begun}")
                fill(begun)
                self.on_the_server(f"ALTER DATABASE {begun} RENAME TO {self.template}")
            self.restore()
        use(name)

    def on_the_server(self, statement: str) -> list:
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def restore(self) -> None:
        self.remove()
        self.on_the_server(f"CREATE DATABASE {self.name} TEMPLATE {self.template}")

    def remove(self) -> None:
        connections.close_all()
        self.on_the_server(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


def own_database() -> OnSQLite | OnPostgreSQL:
    """Make this process's database and connect Django to it."""
    name = connection.creation._get_test_db_name()
    return OnSQLite(name) if connection.vendor == "sqlite" else OnPostgreSQL(name)
