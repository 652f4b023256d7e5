"""Imports statements from a CSV or XLSX file."""

from projects.imports.lines import Refused
from projects.management.commands import import_projects
from reports import imports

HELP = (
    "Import {} from a CSV or XLSX file in the columns of {}. Everything or nothing is written, as "
    "one batch that can be undone at the desk. Exits 1 when the file has errors, which are listed."
)


class Command(import_projects.Command):
    table = "statements"
    imports = imports
    without_column = "the row"
    help = HELP.format("statements", "/statements.csv; rows match on the code")

    def add_options(self, parser):
        """Add none."""

    def template(self):
        return imports.template(self.table)

    def upload(self, name, file, options):
        return imports.upload(self.table, name, file)

    def say(self, shown, batch):
        if shown.unknown:
            names, known = shown.unknown, imports.plan_of(batch).table.names
            raise Refused(f"Unknown columns: {', '.join(names)}. Allowed: {', '.join(known)}.")
        self.say_problems(shown)
        self.say_counts(shown)
