"""Moves the data version, which SQL that was run by hand does not."""

from typing import Any

from django.core.management.base import BaseCommand

from projects.history import move_data_version


class Command(BaseCommand):
    help = "Have every page and file made again: after SQL that was run by hand."

    def handle(self, *args: Any, **options: Any) -> None:
        move_data_version()
        self.stdout.write("The data version moved: every page and file is made again.")
