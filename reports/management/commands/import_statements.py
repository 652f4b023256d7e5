"""Imports statements from a CSV or XLSX file."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from projects.imports.lines import Refused
from projects.imports.plan import ADDED, CHANGED, UNCHANGED
from projects.text import printable
from reports.imports import import_statements


class Command(BaseCommand):
    help = (
        "Import statements from a CSV or XLSX file in the columns of /statements.csv. Rows match "
        "on the code. Everything or nothing is written, as one batch that can be undone at the "
        "desk. Exits 1 when the file has faults, which are listed."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument("--reason", default="", help="kept with every change")

    def handle(self, *args, file, dry_run, reason, **options):
        try:
            with file.open("rb") as opened:
                done = import_statements(file.name, opened, reason=reason, dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.", returncode=2) from error
        except Refused as error:
            raise CommandError(printable(f"{file}: {error}"), returncode=2) from error
        except ValidationError as error:
            raise CommandError(f"--reason: {' '.join(error.messages)}", returncode=2) from error
        for fault in done.faults:
            place = f"row {fault.row}, {fault.column or 'the row'}"
            self.stderr.write(printable(f"{place}: “{fault.value}”. {fault.message}"))
        self.stdout.write(
            f"{done.counts[ADDED]} to add, {done.counts[CHANGED]} to change, "
            f"{done.counts[UNCHANGED]} unchanged, {len(done.faults)} faults."
        )
        if done.faults:
            raise SystemExit(1)
        if dry_run:
            self.stdout.write("Nothing was written (--dry-run).")
        elif done.batch:
            self.stdout.write(f"Written as batch {done.batch.pk}.")
        else:
            self.stdout.write("0 changes.")
