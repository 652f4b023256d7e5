from django.db import migrations, models


def columns():
    """Return the columns of every edition that was published before editions kept theirs."""
    return [
        *("reference", "title", "summary", "priority_area", "priority_area_basis", "scope"),
        *("scope_basis", "regions", "regions_basis", "countries", "entities", "status"),
        *("start_date", "end_date", "methodology", "link", "provenance", "source", "updated_at"),
    ]


def quotation_columns():
    return ["reference", "field", "words", "document", "paragraphs"]


class Migration(migrations.Migration):
    dependencies = [("projects", "0033_count_indexes")]
    # By defaults, since PostgreSQL refuses to update a published edition.
    operations = [
        migrations.AddField(
            "edition", "columns", models.JSONField(default=columns, editable=False)
        ),
        migrations.AlterField("edition", "columns", models.JSONField(default=list, editable=False)),
        migrations.AddField(
            "edition",
            "quotation_columns",
            models.JSONField(default=quotation_columns, editable=False),
        ),
        migrations.AlterField(
            "edition", "quotation_columns", models.JSONField(default=list, editable=False)
        ),
        # Until now a register had no other report as its basis.
        migrations.AddField(
            "edition",
            "report",
            models.CharField(max_length=50, blank=True, default="a-72-621", editable=False),
            preserve_default=False,
        ),
    ]
