"""The activities that the report names, with their entries and statements.

`named_activities.csv` has the register's reading of the text; a `note` explains an activity. The
phases of a project and publications are statements, not activities.
"""

from pathlib import Path
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.imports.names import rows_of
from projects.models import Project, cached

from ..models import Document, Statement

NOTES = {
    "repository": _("Its contents are not in the report."),
    "other-areas": _("The report counts it among the projects in other areas."),
    "nameless": _("The report gives the activity no name."),
}


class Activity(NamedTuple):
    name: str
    place: str
    project: Project | None
    statements: list[Statement]
    note: Promise | None

    @property
    def connected(self) -> list[tuple[str, str, str]]:
        found = [(one.kind_label, one.get_absolute_url(), one.title) for one in self.statements]
        if self.project:
            address = self.project.get_absolute_url()
            found.insert(0, (gettext("Project"), address, self.project.reference))
        return found


def activities_read() -> tuple[dict[str, str], ...]:
    return rows_of("named_activities", Path(__file__).parent)


@cached
def named_activities(_language: str | None) -> list[Activity]:
    rows = activities_read()
    codes = {code for row in rows for code in _codes(row)}
    said = Statement.published.of_report().in_bulk(codes, field_name="code")
    if not said:
        return []
    report = Document.objects.get(is_the_report=True)
    references = {row["project"] for row in rows}
    entries = {one.reference: one for one in Project.published.filter(reference__in=references)}
    return [
        Activity(
            row["name"],
            report.place(row["paragraphs"]),
            entries.get(row["project"]),
            [said[code] for code in _codes(row) if code in said],
            NOTES.get(row["note"]),
        )
        for row in rows
    ]


def _codes(row: dict[str, str]) -> list[str]:
    return row["statements"].split(", ") if row["statements"] else []
