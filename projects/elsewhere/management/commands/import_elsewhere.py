"""Imports projects elsewhere from an IATI or a CSV file."""

import logging
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from projects.elsewhere import imports
from projects.imports.lines import Refused
from projects.models import Batch
from projects.text import printable

security = logging.getLogger("pvematrix.security")


class Command(BaseCommand):
    help = (
        "Import projects of another publisher from an IATI file (XML, 2.01 to 2.03) or a CSV file. "
        "Rows with an error are listed and left out; the others are written at once, as one batch "
        "that can be undone. Exits 1 if a row was left out."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument("--reason", default="", help="kept with every change")
        parser.add_argument("--licence", default="", help="of the data")
        parser.add_argument("--attribution", default="", help="shown wherever the data is")
        parser.add_argument("--address", default="", help="where the publisher has the file")

    def handle(self, *args, file, dry_run, reason, **options):
        batch = None
        try:
            said = {name: options[name] for name in ("licence", "attribution", "address")}
            batch = imports.hold(file.name, file.read_bytes(), said)
            shown = imports.preview(batch)
            for one in shown.problems:
                self.stderr.write(printable(f"row {one.row}, {one.identifier}: {one.sentence}"))
            plan = shown.plan
            self.stdout.write(
                f"{len(plan.new)} to add, {len(plan.changed)} to change, {plan.same} unchanged, "
                f"{len(plan.gone)} gone, {len(shown.problems)} left out."
            )
            if dry_run:
                self.stdout.write("Nothing was written (--dry-run).")
            elif shown.writes:
                imports.apply(batch, shown.digest, None, reason)
                security.warning("import_on_server", extra={"detail": str(batch)})
                self.stdout.write(f"Written as batch {batch.pk}.")
            else:
                self.stdout.write("0 changes.")
            if shown.problems:
                raise SystemExit(1)
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
