"""Imports projects from a CSV or XLSX file."""

import logging
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from projects.imports import batches
from projects.imports.lines import Refused
from projects.imports.plan import ADDED, CHANGED, SKIPPED, UNCHANGED
from projects.imports.template import import_template
from projects.models import Batch
from projects.text import printable

security = logging.getLogger("pvematrix.security")


class Command(BaseCommand):
    help = (
        "Import projects from a CSV or XLSX file in the columns of an export. Rows match on the "
        "reference; an empty one adds a project. Everything or nothing is written, as one batch "
        "that can be undone. Exits 1 when the file has faults, which are listed."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument("--reason", default="", help="kept with every change")
        text = "write an empty workbook with drop-downs to the file instead"
        parser.add_argument("--template", action="store_true", help=text)
        only = parser.add_mutually_exclusive_group()
        only.add_argument("--new-only", action="store_const", dest="only", const=ADDED)
        only.add_argument("--update-only", action="store_const", dest="only", const=CHANGED)
        parser.add_argument(
            "--ignore-columns",
            default="",
            metavar="NAMES",
            help="unknown columns to leave out, separated by commas",
        )
        parser.add_argument(
            "--add-unknown",
            action="store_true",
            help="add projects under references that the register lacks",
        )

    def handle(self, *args, file, dry_run, reason, **options):
        batch = None
        try:
            if options["template"]:
                file.write_bytes(import_template())
                self.stdout.write(f"Wrote {file}.")
                return
            with file.open("rb") as opened:
                batch = self.upload(file.name, opened, options)
            shown = batches.preview(batch)
            self.say(shown)
            if shown.problems or shown.unknown or shown.unknown_references:
                raise SystemExit(1)
            if dry_run:
                self.stdout.write("Nothing was written (--dry-run).")
            elif shown.writes:
                batches.apply(batch, shown.digest, reason=reason)
                security.warning("import_on_server", extra={"detail": str(batch)})
                self.stdout.write(f"Written as batch {batch.pk}. Drafts: {shown.drafts}.")
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

    def upload(self, name, file, options):
        ignored = [one.strip() for one in options["ignore_columns"].split(",") if one.strip()]
        asked = {"only": options["only"], "ignored": ignored}
        return batches.upload(name, file, asked | {"add_unknown": options["add_unknown"]})

    def say(self, shown):
        for problem in shown.problems:
            place = f"row {problem.row}, {problem.column or 'without heading'}"
            self.stderr.write(printable(f"{place}: “{problem.value}”. {problem.message}"))
        if shown.more_problems:
            self.stderr.write("Reading ended there; more faults may follow.")
        if shown.unknown:
            names = ", ".join(shown.unknown)
            advice = "Leave them out with --ignore-columns."
            self.stderr.write(printable(f"Unknown columns: {names}. {advice}"))
        if missing := shown.unknown_references:
            most = batches.ITEMS_SHOWN
            more = f" and {len(missing) - most} more" if len(missing) > most else ""
            names = ", ".join(missing[:most])
            advice = "If they are new projects, add them with --add-unknown."
            self.stderr.write(printable(f"Not in the register: {names}{more}. {advice}"))
        for column, values in shown.read_otherwise:
            self.stdout.write(printable(f"{column}."))
            for value, read_as, count in values:
                self.stdout.write(printable(f"  “{value}” is read as “{read_as}”: {count}"))
        counts = shown.counts
        self.stdout.write(
            f"{counts[ADDED]} to add, {counts[CHANGED]} to change, {counts[UNCHANGED]} unchanged, "
            f"{counts[SKIPPED]} skipped, {len(shown.problems)} faults."
        )
