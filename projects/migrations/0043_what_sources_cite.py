from django.db import migrations

import projects.models.fields
from projects.citations import place_of


def read_sources(apps, schema_editor):
    """Fill in what the source of every row, in editions too, cites in its English form.

    The files of editions do not have the columns: their bytes stay.
    """
    is_guarded = schema_editor.connection.vendor == "postgresql"
    if is_guarded:
        schema_editor.execute("ALTER TABLE projects_project DISABLE TRIGGER frozen_update")
    rows = apps.get_model("projects", "Project")._base_manager
    for source in rows.order_by().values_list("source", flat=True).distinct():
        document, paragraphs = place_of(source)
        found = rows.filter(source=source)
        found.update(cited_document=document, cited_paragraphs=paragraphs)
    if is_guarded:
        schema_editor.execute("ALTER TABLE projects_project ENABLE TRIGGER frozen_update")


class Migration(migrations.Migration):
    dependencies = [("projects", "0042_places")]

    operations = [
        migrations.AddField(
            "project",
            name,
            field(default="", editable=False, length=None, sources=("source",)),
            preserve_default=False,
        )
        for name, field in {
            "cited_document": projects.models.fields.CitedDocumentField,
            "cited_paragraphs": projects.models.fields.CitedParagraphsField,
        }.items()
    ] + [migrations.RunPython(read_sources, migrations.RunPython.noop)]
