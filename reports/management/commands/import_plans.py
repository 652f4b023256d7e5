"""Imports plans of action from a CSV or XLSX file."""

from . import import_statements


class Command(import_statements.Command):
    table = "plans"
    help = (
        "Import plans of action from a CSV or XLSX file in the columns of /plans.csv. Rows match "
        "on the slug. Everything or nothing is written, as one batch that can be undone at the "
        "desk. Exits 1 when the file has faults, which are listed."
    )
