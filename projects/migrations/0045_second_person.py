from django.conf import settings
from django.db import migrations, models

import projects.models.fields
import projects.text


def begin(apps, schema_editor):
    """Make the row, and say of the imports that wait who uploaded or took them over."""
    apps.get_model("projects", "SecondPerson")._base_manager.get_or_create(name="second-person")
    users = apps.get_model("auth", "User")._base_manager
    for batch in apps.get_model("projects", "Batch")._base_manager.filter(applied_at=None):
        names = [*batch.options.get("taken_over_from", ()), batch.by_name]
        batch.prepared_by.set(users.filter(username__in=names))


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0044_three_kinds_of_entries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SecondPerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(default="second-person", max_length=20, unique=True),
                ),
                (
                    "reviews",
                    models.BooleanField(default=True, verbose_name="a second person reviews"),
                ),
                (
                    "since",
                    projects.models.fields.PartialDateField(
                        blank=True, max_length=10, verbose_name="one suffices since"
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        help_text="Public, on the page about the data",
                        max_length=300,
                        validators=[projects.text.validate_one_line],
                        verbose_name="why one suffices",
                    ),
                ),
            ],
            options={
                "verbose_name": "second person",
                "verbose_name_plural": "second person",
                "default_permissions": ["view", "change"],
            },
        ),
        migrations.AddField(
            model_name="batch",
            name="prepared_by",
            field=models.ManyToManyField(
                editable=False,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="prepared by",
            ),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
