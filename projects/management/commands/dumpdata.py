"""Django's dumpdata, which would leave out what the default manager hides: drafts and editions."""

from typing import Any

from django.core.management.commands import dumpdata


class Command(dumpdata.Command):
    def handle(self, *app_labels: str, **options: Any) -> None:
        super().handle(*app_labels, **{**options, "use_base_manager": True})
