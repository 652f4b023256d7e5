from django.db import migrations

import projects.models.fields


def fill(apps, schema_editor):
    """Store the words of every project, in editions too, as searches read them now.

    The files of editions do not have the column: their bytes stay.
    """
    is_guarded = schema_editor.connection.vendor == "postgresql"
    if is_guarded:
        schema_editor.execute("ALTER TABLE projects_project DISABLE TRIGGER frozen_update")
    manager = apps.get_model("projects", "Project")._base_manager
    some = []
    for project in manager.order_by("pk").iterator(chunk_size=500):
        some.append(project)  # whose attribute computes the text
        if len(some) == 500:
            manager.bulk_update(some, ["search_text"])
            some = []
    manager.bulk_update(some, ["search_text"])
    if is_guarded:
        schema_editor.execute("ALTER TABLE projects_project ENABLE TRIGGER frozen_update")


class Migration(migrations.Migration):
    dependencies = [("projects", "0038_words_of_reports")]
    operations = [
        migrations.AlterField(
            "project",
            "search_text",
            projects.models.fields.SearchableField(
                editable=False, length=None, sources=("title", "summary", "methodology")
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
