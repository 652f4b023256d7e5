"""What the commands that import a file share."""

import logging
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ..models import Batch
from ..text import printable
from .lines import Refused

security = logging.getLogger("pvematrix.security")


class ImportCommand(BaseCommand):
    """Imports a file as one batch, which goes again if it is not written.

    `imports` previews and applies batches. `upload` takes the file and the options, and returns the
    batch, or None if something else was asked for and is done. `say` prints what a preview shows,
    and returns whether the file has problems. With one nothing is written, unless the command
    `leaves_out` the rows with a problem. It exits 1 in both cases.
    """

    imports: Any
    upload: Any
    say: Any
    leaves_out = False
    written = "Written as batch {batch.pk}."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument("--reason", default="", help="kept with every change")

    def handle(self, *args: Any, file: Path, dry_run: bool, reason: str, **options: Any) -> None:
        batch = None
        try:
            batch = self.upload(file, options)
            if batch is None:
                return
            shown = self.imports.preview(batch)
            has_problems = self.say(shown)
            if has_problems and not self.leaves_out:
                raise SystemExit(1)
            if dry_run:
                self.stdout.write("Nothing was written (--dry-run).")
            elif shown.writes:
                self.imports.apply(batch, shown.digest, None, reason)
                security.warning("import_on_server", extra={"detail": str(batch)})
                self.stdout.write(self.written.format(batch=batch, shown=shown))
            else:
                self.stdout.write("0 changes.")
            if has_problems:
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
