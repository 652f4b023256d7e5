"""Imports projects from a CSV or XLSX file."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from projects.imports import batches, previews
from projects.imports.command import ImportCommand
from projects.imports.items import ADDED, CHANGED, SKIPPED, UNCHANGED
from projects.imports.previews import Preview
from projects.imports.template import import_template
from projects.models import Batch
from projects.text import printable


class Command(ImportCommand):
    help = (
        "Import projects from a CSV or XLSX file in the columns of an export. Rows match on the "
        "reference; an empty one adds a project. Everything or nothing is written, as one batch "
        "that can be undone. Exits 1 when the file has errors, which are listed."
    )
    imports = batches
    written = "Written as batch {batch.pk}. Drafts: {shown.drafts}."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
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

    def upload(self, file: Path, options: dict[str, Any]) -> Batch | None:
        if options["template"]:
            file.write_bytes(import_template())
            self.stdout.write(f"Wrote {file}.")
            return None
        ignored = [one.strip() for one in options["ignore_columns"].split(",") if one.strip()]
        asked = {name: options[name] for name in ("only", "add_unknown")} | {"ignored": ignored}
        with file.open("rb") as opened:
            return batches.upload(file.name, opened, asked)

    def say(self, shown: Preview) -> bool:
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
            most = previews.ITEMS_SHOWN
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
        return bool(shown.problems or shown.unknown or shown.unknown_references)
