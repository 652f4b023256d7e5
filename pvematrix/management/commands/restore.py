"""Restores a backup, and checks it."""

import json
import os
import shutil
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from projects.history import move_data_version
from projects.locks import start_alone

from .backup import DATABASE, MANIFEST, SECRETS, gpg, postgresql, sha256_of


class Command(BaseCommand):
    help = "Fill an empty database with a backup, migrate it, and check what is in it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--unencrypted",
            action="store_true",
            help="Take a file that is not encrypted, although BACKUP_PASSPHRASE is set.",
        )

    def handle(self, *args: Any, file: Path, unencrypted: bool, **options: Any) -> None:
        start_alone()
        if connection.introspection.table_names():
            raise CommandError("The database is not empty. Set DATABASE_URL to an empty one.")
        if os.environ.get("BACKUP_PASSPHRASE") and file.suffix != ".gpg" and not unencrypted:
            raise CommandError(
                f"{file.name} is not encrypted: anybody may have written it. If it is to be "
                "restored all the same, add --unencrypted."
            )
        with tempfile.TemporaryDirectory() as made:
            place = Path(made)
            try:
                if file.suffix == ".gpg":
                    file = gpg(file, place / "decrypted.tar", "--decrypt")
            except CommandError as error:
                text = f"{file.name} cannot be decrypted by this BACKUP_PASSPHRASE: {error}."
                raise CommandError(text) from error
            try:
                shutil.unpack_archive(file, place, "tar", filter="data")
                manifest = json.loads((place / MANIFEST).read_text())
                if sha256_of(place / DATABASE) != manifest["sha256"]:
                    raise ValueError("it has another SHA-256")
            except (tarfile.TarError, OSError, ValueError, KeyError) as error:
                text = f"{file.name} is damaged, or no backup for {connection.vendor}: {error}"
                raise CommandError(text) from error
            if connection.vendor == "postgresql":
                whole = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
                postgresql("pg_restore", *whole, str(place / DATABASE))
            else:
                connection.close()
                # Before there is anything in it.
                Path(connection.settings_dict["NAME"]).chmod(0o600)
                shutil.copyfile(place / DATABASE, connection.settings_dict["NAME"])
        call_command("migrate", verbosity=0)
        # No page of the database that this one replaces counts as one of this one.
        move_data_version()
        self.stdout.write(f"Restored the backup of {manifest['made']}. It needs {SECRETS}.")
        call_command("verify_editions", stdout=self.stdout)
        call_command("check_integrity", stdout=self.stdout)
