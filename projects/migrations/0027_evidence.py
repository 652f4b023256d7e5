"""Files that entries rest on, and their bytes."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import projects.text


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0026_comment"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EvidenceFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("content", models.BinaryField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=40, verbose_name="reference")),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
                ),
                ("by_name", models.CharField(max_length=150, verbose_name="by")),
                (
                    "name",
                    models.CharField(
                        max_length=150,
                        validators=[projects.text.validate_one_line],
                        verbose_name="file",
                    ),
                ),
                ("size", models.PositiveIntegerField(verbose_name="size")),
                (
                    "page",
                    models.CharField(
                        blank=True,
                        max_length=40,
                        validators=[projects.text.validate_one_line],
                        verbose_name="page",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="projects.project",
                        verbose_name="project",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.evidencefile",
                        to_field="sha256",
                        verbose_name="SHA-256",
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "ordering": ["pk"],
                "default_permissions": ["view", "add", "delete"],
                "constraints": [
                    models.UniqueConstraint(fields=("project", "file"), name="evidence_once")
                ],
            },
        ),
    ]
