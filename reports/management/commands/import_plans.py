"""Imports plans of action from a CSV or XLSX file."""

from . import import_statements


class Command(import_statements.Command):
    table = "plans"
    help = import_statements.HELP.format("plans", "/plans.csv; rows match on the slug")
