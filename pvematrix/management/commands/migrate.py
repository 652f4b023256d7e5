"""Django's migrate, one process at a time and forward only; it sees to the triggers as well."""

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from projects.exclusive import one_at_a_time
from projects.models import DataVersion
from pvematrix import triggers


class Command(migrate.Command):
    @one_at_a_time
    def handle(self, *args, **options):
        if not settings.DEBUG and _goes_back(options["app_label"], options["migration_name"]):
            raise CommandError(
                "Migrations go forward only: the tables that later ones made hold what was written "
                "since. To go back, restore the backup from before the upgrade with the release "
                "that wrote it (docs/operators.md). Nothing was changed."
            )
        if any(options[name] for name in ("plan", "check_unapplied", "prune")):
            return super().handle(*args, **options)
        if options["app_label"] or _is_behind():
            triggers.take_away()
        super().handle(*args, **options)
        # A database of an earlier state, as tests make them, has nothing that they could move.
        if DataVersion._meta.db_table in connection.introspection.table_names():
            triggers.put_in_place()


def _is_behind() -> bool:
    """Return whether there is a migration to apply, or one to take back."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _goes_back(app: str | None, name: str | None) -> bool:
    """Return whether a migration that was applied would have to be taken back."""
    if not app or not name:
        return False
    executor = MigrationExecutor(connection)
    try:
        target = None
        if name != "zero":
            target = executor.loader.get_migration_by_prefix(app, name).name
        plan = executor.migration_plan([(app, target)])
    except (KeyError, LookupError, ValueError):
        return False  # no such migration, or more than one: Django says so
    return any(backwards for _migration, backwards in plan)
