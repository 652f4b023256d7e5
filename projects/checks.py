"""The register's own checks for `manage.py check`."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from .columns import PROJECT_TABLE, QUOTATION_TABLE
from .models import Edition


@register(Tags.models)
def editions_have_their_columns(**kwargs: Any) -> list[CheckMessage]:
    """Return an error for each published edition with a column that the tables do not have."""
    try:
        return list(_errors())
    except DatabaseError:
        return []  # no database yet, or one that is still to be migrated


def _errors() -> Iterator[CheckMessage]:
    for edition in Edition.objects.all():
        unknown = [
            *sorted({*edition.columns} - {*PROJECT_TABLE.names}),
            *sorted({*edition.quotation_columns} - {*QUOTATION_TABLE.names}),
        ]
        if unknown:
            yield Error(
                f"The edition “{edition.slug}” has columns that the tables in projects/columns.py "
                f"do not have: {', '.join(unknown)}.",
                hint="An edition never changes: its columns can be neither renamed nor removed.",
                id="projects.E001",
            )
