"""Imports projects elsewhere from an IATI or a CSV file."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from projects.elsewhere import imports
from projects.elsewhere.imports import Preview
from projects.imports.command import ImportCommand
from projects.models import Batch
from projects.text import printable


class Command(ImportCommand):
    help = (
        "Import projects of another publisher from an IATI file (XML, 2.01 to 2.03) or a CSV file. "
        "Rows with an error are listed and left out; the others are written at once, as one batch "
        "that can be undone. Exits 1 if a row was left out."
    )
    imports = imports
    leaves_out = True

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--licence", default="", help="of the data")
        parser.add_argument("--attribution", default="", help="shown wherever the data is")
        parser.add_argument("--address", default="", help="where the publisher has the file")

    def upload(self, file: Path, options: dict[str, Any]) -> Batch:
        said = {name: options[name] for name in ("licence", "attribution", "address")}
        return imports.hold(file.name, file.read_bytes(), said)

    def say(self, shown: Preview) -> bool:
        for one in shown.problems:
            self.stderr.write(printable(f"row {one.row}, {one.identifier}: {one.sentence}"))
        plan = shown.plan
        self.stdout.write(
            f"{len(plan.new)} to add, {len(plan.changed)} to change, {plan.same} unchanged, "
            f"{len(plan.gone)} gone, {len(shown.problems)} left out."
        )
        return bool(shown.problems)
