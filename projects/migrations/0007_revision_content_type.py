"""A revision names its model by content type, which follows the model when that is renamed."""

import django.db.models.deletion
from django.db import migrations, models


def name_content_types(apps, schema_editor):
    alias = schema_editor.connection.alias
    ContentType = apps.get_model("contenttypes", "ContentType")
    Revision = apps.get_model("projects", "Revision")
    labels = Revision.objects.using(alias).order_by().values_list("model", flat=True).distinct()
    for label in list(labels):
        app_label, _dot, model = label.partition(".")
        # Django makes content types after all migrations; these are needed now.
        kind, _made = ContentType.objects.using(alias).get_or_create(
            app_label=app_label, model=model
        )
        Revision.objects.using(alias).filter(model=label).update(content_type=kind)


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("projects", "0001_squashed_0006_plain_links"),
    ]
    operations = [
        migrations.AddField(
            "revision",
            "content_type",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contenttypes.contenttype",
                verbose_name="kind of record",
            ),
        ),
        migrations.AddField(
            "revision", "schema", models.PositiveSmallIntegerField(default=1, editable=False)
        ),
        migrations.RunPython(name_content_types, migrations.RunPython.noop),
        migrations.RemoveIndex("revision", "revision_by_record"),
        migrations.RemoveIndex("revision", "revision_public"),
        migrations.RemoveField("revision", "model"),
        migrations.AlterField(
            "revision",
            "content_type",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contenttypes.contenttype",
                verbose_name="kind of record",
            ),
        ),
        migrations.AddIndex(
            "revision",
            models.Index(fields=["content_type", "object_id", "id"], name="revision_by_record"),
        ),
        migrations.AddIndex(
            "revision",
            models.Index(fields=["content_type", "is_public", "id"], name="revision_public"),
        ),
    ]
