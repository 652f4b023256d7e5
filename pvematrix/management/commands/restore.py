"""Puts a backup back."""

import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from projects.exclusive import one_at_a_time
from projects.history import move_data_version
from pvematrix.backups import BackupFailed, put_back


class Command(BaseCommand):
    help = (
        "Fill an empty database with a backup, and compare every table with what was backed up. "
        "Exits 1 if the database is not empty, or if anything differs."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    @one_at_a_time
    def handle(self, *args, file, **options):
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        try:
            manifest = put_back(file, os.environ.get("BACKUP_PASSPHRASE", ""))
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        # Nobody may take a page of the database that this one replaces for a page of this one.
        move_data_version()
        rows = sum(int(told.split()[0]) for told in manifest["tables"].values())
        self.stdout.write(
            f"Restored what was backed up at {manifest['made']}: {len(manifest['tables'])} tables, "
            f"{rows:,} rows, all equal."
        )
        needs = ", ".join(manifest["needs"])
        self.stdout.write(f"It needs the same {needs}. Now run: manage.py migrate")
