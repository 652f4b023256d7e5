"""Django's loaddata; its rows bring their history along, or need none."""

from typing import Any

from django.core.management.commands import loaddata

from projects.history import loading


class Command(loaddata.Command):
    def handle(self, *fixture_labels: str, **options: Any) -> None:
        with loading("a fixture's rows are as they were dumped, their revisions too"):
            super().handle(*fixture_labels, **options)
