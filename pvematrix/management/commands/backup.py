"""Backs the database up into one file."""

import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from pvematrix.backups import SECRETS, BackupFailed, back_up


class Command(BaseCommand):
    help = (
        "Back the database up into one file in FOLDER, as it stands at one moment; others go on "
        "writing. With BACKUP_PASSPHRASE in the environment the file is encrypted (gpg)."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, nargs="?", default=Path("backups"))

    def handle(self, *args, folder, **options):
        passphrase = os.environ.get("BACKUP_PASSPHRASE", "")
        try:
            file = back_up(folder, passphrase)
        except (BackupFailed, OSError) as error:
            raise CommandError(f"No backup was made. {error}") from error
        kept = "encrypted" if passphrase else "NOT encrypted: it holds personal data and keys"
        self.stdout.write(f"{file}: {file.stat().st_size:,} bytes, {kept}.")
        self.stdout.write(f"Not in it, keep it elsewhere: {', '.join(SECRETS)}.")
