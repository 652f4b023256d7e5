"""Backs the database up: a tar of a manifest and PostgreSQL's custom dump, or an SQLite file."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from hashlib import file_digest
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from psycopg2.extensions import make_dsn

MANIFEST, DATABASE = "manifest.json", f"{connection.vendor}.dump"
SECRETS = "SECRET_KEY, SECOND_FACTOR_KEYS"


class Command(BaseCommand):
    help = "Back the database up into one file in FOLDER; BACKUP_PASSPHRASE encrypts it (gpg)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, nargs="?", default=Path("backups"))

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        now, protection = timezone.now(), "NOT encrypted: it has personal data and keys"
        with tempfile.TemporaryDirectory(dir=folder, prefix=".backup-") as made:
            parts = Path(made) / "parts"
            parts.mkdir()
            dump(parts / DATABASE)
            manifest = {"made": f"{now:%Y-%m-%d %H:%M} UTC", "sha256": sha256_of(parts / DATABASE)}
            (parts / MANIFEST).write_text(json.dumps(manifest))
            name = f"{made}/pvematrix-{now:%Y%m%dT%H%M%SZ}"
            file = Path(shutil.make_archive(name, "tar", parts))
            if os.environ.get("BACKUP_PASSPHRASE"):
                protection = "encrypted"
                file = gpg(file, Path(f"{file}.gpg"), "--symmetric", "--cipher-algo=AES256")
            file.chmod(0o600)
            file = file.rename(folder / file.name)
        self.stdout.write(f"{file}: {file.stat().st_size:,} bytes, {protection}.")
        self.stdout.write(f"Not in it, keep it elsewhere: {SECRETS}.")


def dump(file: Path) -> None:
    """Write the database of one moment into a file; others go on reading and writing."""
    if connection.vendor == "postgresql":
        # A backup logs nobody in.
        tables = ("cache", "django_session", "usersessions_usersession")
        left_out = [f"--exclude-table-data={table}" for table in tables]
        return postgresql("pg_dump", "--format=custom", f"--file={file}", *left_out)
    # Django's, since VACUUM needs its functions, which the tables' rules call.
    copy = connection.copy()
    copy.settings_dict["NAME"] = str(file)
    connection.ensure_connection()
    with copy.cursor() as cursor:
        connection.connection.backup(copy.connection)
        cursor.executescript(
            "DELETE FROM cache; DELETE FROM django_session; DELETE FROM usersessions_usersession;"
            "VACUUM"
        )
    copy.close()


def sha256_of(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def gpg(source: Path, target: Path, *what: str) -> Path:
    options = ["--batch", "--quiet", "--pinentry-mode=loopback", "--passphrase-fd=0"]
    # No keys are needed: those of the account are left alone. The path of a socket may have 107
    # characters, so the folder of the backup could be too deep for it.
    with tempfile.TemporaryDirectory() as home:
        options += [f"--homedir={home}", f"--output={target}", *what, str(source)]
        run("gpg", *options, stdin=os.environ.get("BACKUP_PASSPHRASE", ""))
    return target


def postgresql(program: str, *options: str) -> None:
    """Run one of PostgreSQL's programs with this database; its arguments have no password."""
    where = connection.get_connection_params()
    password, _python = where.pop("password", ""), where.pop("cursor_factory", None)
    run(program, f"--dbname={make_dsn(**where)}", *options, PGPASSWORD=password)


def run(*command: str, stdin: str = "", **environment: str) -> None:
    """Run a program; an error is in its words, without the arguments and their temporary paths."""
    own, pipe = os.environ | environment, subprocess.PIPE
    try:
        ended = subprocess.run(  # noqa: S603 - ours
            command, input=stdin, text=True, env=own, check=True, stderr=pipe
        )
    except OSError as error:
        raise CommandError(f"{command[0]}: {error}") from error
    except subprocess.CalledProcessError as error:
        raise CommandError(error.stderr.strip() or f"{command[0]} ended early.") from error
    sys.stderr.write(ended.stderr)
