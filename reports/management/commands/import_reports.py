"""Imports reports with their figures from a CSV or XLSX file."""

from . import import_statements


class Command(import_statements.Command):
    table = "reports"
    help = (
        "Import reports with their figures from a CSV or XLSX file in the columns of /figures.csv, "
        "a row for each figure. It adds reports and changes none. Everything or nothing is "
        "written, as one batch that can be undone at the desk. Exits 1 when the file has faults, "
        "which are listed."
    )
