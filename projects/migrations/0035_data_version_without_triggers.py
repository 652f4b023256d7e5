from django.db import migrations

TABLES = [
    *("projects_project", "projects_project_entities", "projects_project_countries"),
    *("projects_quotation", "projects_revision", "projects_edition", "projects_entity"),
    *("projects_country", "reports_report", "reports_figure", "reports_document"),
    *("reports_paragraph", "reports_statement", "reports_statement_entities", "reports_plan"),
]
OF_SQLITE = (
    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'moves\\_%' ESCAPE '\\'"
)


def drop_triggers(apps, schema_editor):
    """Drop those that moved the data version; history's recorder does it now."""
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            for name in [*TABLES, "emptied"]:
                cursor.execute(f"DROP FUNCTION IF EXISTS pvematrix_{name}() CASCADE")
            cursor.execute("DROP FUNCTION IF EXISTS pvematrix_move()")
            return
        cursor.execute(OF_SQLITE)
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("projects", "0034_edition_columns")]
    operations = [
        migrations.RunPython(drop_triggers, migrations.RunPython.noop),
        migrations.RemoveField("DataVersion", "at"),
    ]
