"""Checks what is stored."""

from typing import Any

from django.core.management.base import BaseCommand

from projects.exports import snapshot
from reports.integrity import errors


class Command(BaseCommand):
    help = (
        "Check the editions' SHA-256, the folded text, the filters of published figures, and that "
        "nothing refers to what is gone. Each revision must begin where the one before it ended, "
        "and the last end at what is stored. Exits 1 with a line for everything that is wrong."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with snapshot():
            found = 0
            for error in errors():
                found += 1
                self.stdout.write(error)
        self.stdout.write(f"Faults: {found}.")
        if found:
            raise SystemExit(1)
