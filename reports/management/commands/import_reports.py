"""Imports reports with their figures from a CSV or XLSX file."""

from . import import_statements


class Command(import_statements.Command):
    table = "reports"
    help = import_statements.HELP.format("new reports", "/figures.csv; a figure in each row")
