"""Imports statements from a CSV or XLSX file."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from projects.imports.lines import Refused
from projects.imports.plan import ADDED, CHANGED, UNCHANGED
from projects.models import Batch
from projects.text import printable
from reports.imports import apply, plan_of, preview, upload


class Command(BaseCommand):
    table = "statements"
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
        batch = None
        try:
            with file.open("rb") as opened:
                batch = upload(self.table, file.name, opened)
            shown = preview(batch)
            if shown.unknown:
                names, known = shown.unknown, plan_of(batch).table.names
                raise Refused(f"Unknown columns: {', '.join(names)}. Allowed: {', '.join(known)}.")
            self._say(shown)
            if shown.problems:
                raise SystemExit(1)
            if dry_run:
                self.stdout.write("Nothing was written (--dry-run).")
            elif shown.writes:
                apply(batch, shown.digest, reason=reason)
                self.stdout.write(f"Written as batch {batch.pk}.")
            else:
                self.stdout.write("0 changes.")
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.", returncode=2) from error
        except Refused as error:
            raise CommandError(printable(f"{file}: {error}"), returncode=2) from error
        except ValidationError as error:
            raise CommandError(f"--reason: {' '.join(error.messages)}", returncode=2) from error
        finally:
            # Nobody will confirm a file that was not imported here.
            if batch:
                Batch.objects.filter(pk=batch.pk, applied_at=None).delete()

    def _say(self, shown):
        for problem in shown.problems:
            place = f"row {problem.row}, {problem.column or 'the row'}"
            self.stderr.write(printable(f"{place}: “{problem.value}”. {problem.message}"))
        self.stdout.write(
            f"{shown.counts[ADDED]} to add, {shown.counts[CHANGED]} to change, "
            f"{shown.counts[UNCHANGED]} unchanged, {len(shown.problems)} faults."
        )
