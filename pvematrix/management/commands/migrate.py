"""Django's migrate, one process at a time and forward only."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import pre_migrate

from projects import places
from projects.locks import start_alone


def refuse_to_go_back(plan: Any, **_kwargs: Any) -> None:
    if not settings.DEBUG and any(backwards for _migration, backwards in plan):
        raise CommandError(
            "Migrations go forward only: the tables that later ones made hold what was written "
            "since. To go back, restore the backup from before the upgrade with the release "
            "that wrote it (docs/operators.md). Nothing was changed."
        )


class Command(migrate.Command):
    def execute(self, *args: Any, **options: Any) -> Any:
        start_alone()
        pre_migrate.connect(refuse_to_go_back)
        done = super().execute(*args, **options)
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            places.update()
        return done
