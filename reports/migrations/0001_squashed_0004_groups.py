"""Reports and figures as they stood at 0f7b048. The groups of staff are pvematrix.0002."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import projects.models.fields
import reports.models


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("reports", "0001_initial"),
        ("reports", "0002_groups"),
        ("reports", "0003_editions"),
        ("reports", "0004_groups"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        help_text="Stands in the web address, e.g. a-72-621. It never changes.",
                        unique=True,
                        validators=[reports.models.validate_free_slug],
                        verbose_name="slug",
                    ),
                ),
                (
                    "symbol",
                    models.CharField(
                        help_text="Document symbol, e.g. A/72/621, or a short name if it has none.",
                        max_length=50,
                        unique=True,
                        verbose_name="symbol",
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                (
                    "date",
                    projects.models.fields.PartialDateField(
                        help_text="As precise as the document: 2018, 2018-06 or 2018-06-28.",
                        max_length=10,
                        verbose_name="date",
                    ),
                ),
                ("link", models.URLField(blank=True, max_length=500, verbose_name="link")),
                (
                    "is_basis",
                    models.BooleanField(
                        default=False,
                        help_text="Ticked: the overview says whether the register equals this report, and a staff edit that would make a figure differ asks first. Leave empty for other documents.",
                        verbose_name="the register is kept equal to it",
                    ),
                ),
            ],
            options={
                "verbose_name": "report",
                "verbose_name_plural": "reports",
                "ordering": ["-date"],
            },
        ),
        migrations.CreateModel(
            name="Figure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="The place of the figure in the report, from 1.",
                        verbose_name="position",
                    ),
                ),
                (
                    "paragraph",
                    models.CharField(
                        blank=True,
                        help_text="Where the report prints it, e.g. 24 or 22, 24; empty without paragraphs.",
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9]+(, [0-9]+)*\\Z", "Numbers, e.g. 24 or 22, 24."
                            )
                        ],
                        verbose_name="paragraphs",
                    ),
                ),
                (
                    "query",
                    models.CharField(
                        blank=True,
                        help_text="Which projects it counts, as in the list’s address, e.g. scope=national&region=africa; empty for all projects.",
                        max_length=500,
                        verbose_name="filter",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("projects", "projects"),
                            ("mentions", "mentions of regions"),
                            ("entities", "entities"),
                            ("countries", "countries"),
                        ],
                        default="projects",
                        max_length=10,
                        verbose_name="unit",
                    ),
                ),
                (
                    "comparator",
                    models.CharField(
                        choices=[
                            ("=", "exactly"),
                            ("≥", "at least"),
                            (">", "more than"),
                            ("≈", "about"),
                        ],
                        default="=",
                        max_length=1,
                        verbose_name="comparator",
                    ),
                ),
                ("value", models.PositiveIntegerField(verbose_name="published figure")),
                (
                    "date",
                    projects.models.fields.PartialDateField(
                        blank=True,
                        help_text="When the figure held, if the document says; else empty.",
                        max_length=10,
                        verbose_name="date",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="figures",
                        to="reports.report",
                        verbose_name="report",
                    ),
                ),
            ],
            options={
                "verbose_name": "figure",
                "verbose_name_plural": "figures",
                "ordering": ["report", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "query", "unit"),
                        name="figure_once",
                        violation_error_message="This report already has a figure for that filter.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("unit__in", ["projects", "mentions", "entities", "countries"])
                        ),
                        name="figure_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("comparator__in", ["=", "≥", ">", "≈"])),
                        name="figure_comparator",
                    ),
                ],
            },
        ),
    ]
