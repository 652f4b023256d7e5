"""Editions have quotations of their own, with their fingerprint; the database keeps them, too."""

from django.db import migrations, models

TRIGGER = """
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON projects_quotation FOR EACH ROW
    EXECUTE FUNCTION pvematrix_frozen_link();
"""


def freeze(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(TRIGGER)


def thaw(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER frozen ON projects_quotation")


class Migration(migrations.Migration):
    dependencies = [("projects", "0014_quotation_document")]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="quotations_sha256",
            field=models.CharField(
                blank=True,
                editable=False,
                max_length=64,
                verbose_name="SHA-256 of its quotations",
            ),
        ),
        migrations.RunPython(freeze, thaw),
    ]
