"""Backups: one file with the database and a manifest, by which a restored one is compared.

The file is a tar of `manifest.json` and the database: PostgreSQL's custom dump, or an SQLite file.
Sessions and the cache stay out: nobody is logged in by a backup. With a passphrase it is encrypted
by gpg. The secrets of the environment are not in it; the manifest names those that it needs.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

MANIFEST, POSTGRESQL, SQLITE = "manifest.json", "database.dump", "database.sqlite3"
# Rows of these are not kept; the tables are.
FORGOTTEN = ("cache", "django_session")
# The table of which a row is a file.
FILES = "projects_evidencefile"
# What the database is of no use without, or of less.
SECRETS = ("SECRET_KEY", "SECOND_FACTOR_KEYS")


class BackupFailed(Exception):
    """A backup that could not be made, read or put back; says why."""


def digests() -> dict[str, str]:
    """Return for each table with rows to keep how many it has, and the SHA-256 of them, by name."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table in FORGOTTEN:
                continue
            digest, count = hashlib.sha256(), 0
            columns = sorted(
                one.name for one in connection.introspection.get_table_description(cursor, table)
            )
            names = ", ".join(connection.ops.quote_name(name) for name in columns)
            # Every table has one, and so the order is the same wherever the rows lie.
            key = connection.ops.quote_name("id" if "id" in columns else columns[0])
            sql = f"SELECT {names} FROM {connection.ops.quote_name(table)} ORDER BY {key}"  # noqa: S608 - names of our tables
            # Of files that are 20 MB each, one after the other and not all at once.
            with connection.chunked_cursor() as rows_of:
                rows_of.execute(sql)
                while rows := rows_of.fetchmany(1 if table == FILES else 2000):
                    count += len(rows)
                    for row in rows:
                        digest.update(repr([_plain(value) for value in row]).encode())
            found[table] = f"{count} {digest.hexdigest()}"
    return found


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def back_up(folder: Path, passphrase: str = "") -> Path:
    """Return the file that now holds the database, written whole or not at all.

    Others go on reading and writing: it is of one moment. Raises BackupFailed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"pvematrix-{timezone.now():%Y%m%dT%H%M%SZ}.tar{'.gpg' if passphrase else ''}"
    with tempfile.TemporaryDirectory(dir=folder, prefix=".backup-") as made:
        place = Path(made)
        postgresql = connection.vendor == "postgresql"
        database, kept = _dump(place) if postgresql else _copy(place)
        manifest = {
            "made": f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}",
            "database": connection.vendor,
            "needs": list(SECRETS),
            "tables": kept,
        }
        (place / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        file = place / name.removesuffix(".gpg")
        with tarfile.open(file, "w") as archive:
            for one in (place / MANIFEST, database):
                archive.add(one, one.name)
        if passphrase:
            file = _gpg(file, place / name, passphrase, "--symmetric", "--cipher-algo", "AES256")
        file.chmod(0o600)
        return file.rename(folder / name)


def _dump(place: Path) -> tuple[Path, dict[str, str]]:
    file = place / POSTGRESQL
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0; SELECT pg_export_snapshot()")
        (moment,) = cursor.fetchone()
        without = [f"--exclude-table-data={table}" for table in FORGOTTEN]
        _postgresql(
            "pg_dump", "--format=custom", f"--snapshot={moment}", f"--file={file}", *without
        )
        return file, digests()


def _copy(place: Path) -> tuple[Path, dict[str, str]]:
    file = place / SQLITE
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)
    with _looking_at(file), connection.cursor() as cursor:
        for table in FORGOTTEN:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - one of FORGOTTEN
        cursor.execute("VACUUM")  # so that nothing of them is left in the file
        return file, digests()


@contextmanager
def _looking_at(file: Path) -> Iterator[None]:
    """Let the default connection be one to this SQLite file inside."""
    used, connection.connection = connection.connection, None
    name, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], str(file)
    try:
        yield
    finally:
        connection.close()
        connection.connection, connection.settings_dict["NAME"] = used, name


def put_back(file: Path, passphrase: str = "") -> dict[str, Any]:
    """Fill the empty database with a backup; return its manifest once both are found equal.

    Raises BackupFailed: the database is not empty, the file is not such a backup or is damaged,
    or what is in the database now differs from what was.
    """
    if connection.introspection.table_names():
        raise BackupFailed(
            "The database is not empty. A backup is put back into an empty one only: make one, and "
            "set DATABASE_URL to it. Nothing was changed."
        )
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        if file.suffix == ".gpg":
            if not passphrase:
                raise BackupFailed("The file is encrypted: set BACKUP_PASSPHRASE.")
            file = _gpg(file, place / "decrypted.tar", passphrase, "--decrypt")
        manifest = _unpacked(file, place)
        if manifest["database"] != connection.vendor:
            raise BackupFailed(
                f"The backup is of {manifest['database']}, the database here is "
                f"{connection.vendor}. Nothing was changed."
            )
        if connection.vendor == "postgresql":
            options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
            _postgresql("pg_restore", *options, "--dbname", "", str(place / POSTGRESQL))
        else:
            connection.close()
            shutil.copyfile(place / SQLITE, connection.settings_dict["NAME"])
    differing = _differing(manifest["tables"], digests())
    if differing:
        raise BackupFailed(f"These tables differ from what was backed up: {', '.join(differing)}.")
    return manifest


def _differing(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [table for table in sorted({*before, *after}) if before.get(table) != after.get(table)]


def _unpacked(file: Path, place: Path) -> dict[str, Any]:
    try:
        with tarfile.open(file) as archive:
            archive.extractall(place, filter="data")
        return json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    except (tarfile.TarError, OSError, ValueError) as error:
        raise BackupFailed(f"{file.name} is no backup of pvematrix: {error}.") from error


def _gpg(source: Path, target: Path, passphrase: str, *what: str) -> Path:
    options = ["--batch", "--quiet", "--yes", "--pinentry-mode", "loopback"]
    with tempfile.TemporaryDirectory() as home:  # no keys are needed, nobody's are touched
        _run(
            [
                *("gpg", "--homedir", home, *options, "--passphrase-fd", "0"),
                *(*what, "--output", str(target), str(source)),
            ],
            passphrase,
        )
    return target


def _postgresql(program: str, *options: str) -> None:
    """Run one of PostgreSQL's programs with this database; the password is no argument of it."""
    given = connection.get_connection_params()
    name = str(given.get("dbname") or given.get("database") or "")
    places = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password"}
    places |= {"PGSSLMODE": "sslmode"}
    known = {name: str(given[key]) for name, key in places.items() if given.get(key)}
    arguments = [name if one == "" else one for one in options]
    if program == "pg_dump":
        arguments += ["--dbname", name]
    _run([program, *arguments], environment={**os.environ, **known})


def _run(command: Iterable[str], said: str = "", environment: dict[str, str] | None = None) -> None:
    program, *rest = command
    if not shutil.which(program):
        raise BackupFailed(f"{program} is not on this machine: install it.")
    ended = subprocess.run(  # noqa: S603 - our own arguments
        [program, *rest], input=said, env=environment, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise BackupFailed(f"{program}: {ended.stderr.strip()}")
