"""What PostgreSQL reads the totals of years, entities and countries from.

Like the index of words it has these alone: SQLite, which looks up each row by itself, would take
one of them for the cube, and ten times as long.
"""

from django.db import migrations

MADE = (
    # The dates alone, instead of whole rows.
    "CREATE INDEX IF NOT EXISTS edition_dates ON projects_project"
    " (edition_id, start_date, end_date, review)",
    # Without it two dates seem to make as many pairs of years as of days, which would be sorted.
    "CREATE STATISTICS IF NOT EXISTS project_years"
    " ON (substring(start_date, 1, 4)), (substring(end_date, 1, 4)) FROM projects_project",
    # Few rows, unless there are large editions. As a text: so PostgreSQL writes it as it reads it.
    "CREATE INDEX IF NOT EXISTS beside_register ON projects_project (id)"
    " WHERE edition_id IS NOT NULL OR review::text IN ('draft', 'set-aside')",
)
TAKEN_AWAY = (
    "DROP INDEX IF EXISTS beside_register",
    "DROP STATISTICS IF EXISTS project_years",
    "DROP INDEX IF EXISTS edition_dates",
)


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in MADE:
            schema_editor.execute(statement)


def take_away(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in TAKEN_AWAY:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("projects", "0032_correction_reference")]
    operations = [migrations.RunPython(make, take_away)]
