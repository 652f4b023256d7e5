"""The words of a source from which a value of an entry was read."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import projects.text


class Migration(migrations.Migration):
    dependencies = [("projects", "0009_region_needed_if_counted")]

    operations = [
        migrations.CreateModel(
            name="Quotation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("title", "title"),
                            ("priority_area", "priority area"),
                            ("scope", "scope"),
                            ("regions", "regions"),
                            ("status", "status"),
                            ("start_date", "start date"),
                            ("end_date", "end date"),
                        ],
                        max_length=20,
                        verbose_name="field",
                    ),
                ),
                (
                    "words",
                    models.CharField(
                        help_text="Exactly as the source has them, without quotation marks.",
                        max_length=1000,
                        validators=[projects.text.validate_plain_text],
                        verbose_name="words",
                    ),
                ),
                (
                    "document",
                    models.CharField(
                        default="A/72/621",
                        help_text="Document symbol, e.g. A/72/621.",
                        max_length=100,
                        validators=[projects.text.validate_plain_text],
                        verbose_name="document",
                    ),
                ),
                (
                    "paragraphs",
                    models.CharField(
                        blank=True,
                        help_text="Where the words stand, e.g. 34; empty without paragraphs.",
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9]+(, [0-9]+)*\\Z", "Numbers, e.g. 34 or 44, 45."
                            )
                        ],
                        verbose_name="paragraphs",
                    ),
                ),
            ],
            options={
                "verbose_name": "quotation",
                "verbose_name_plural": "quotations",
                "ordering": ["project", "field"],
            },
        ),
        migrations.AddField(
            model_name="quotation",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="quotations",
                to="projects.project",
                verbose_name="project",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "field__in",
                        [
                            "title",
                            "priority_area",
                            "scope",
                            "regions",
                            "status",
                            "start_date",
                            "end_date",
                        ],
                    )
                ),
                name="quotation_field",
                violation_error_code="field",
                violation_error_message="Choose a field that can be read from words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotation",
            constraint=models.CheckConstraint(
                condition=models.Q(("words__regex", "^\\s*\\Z"), _negated=True),
                name="quotation_words",
                violation_error_code="words",
                violation_error_message="Quote the words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotation",
            constraint=models.CheckConstraint(
                condition=models.Q(("document", ""), _negated=True),
                name="quotation_document",
                violation_error_code="document",
                violation_error_message="A document is needed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotation",
            constraint=models.UniqueConstraint(
                fields=("project", "field"),
                name="quotation_once",
                violation_error_code="field",
                violation_error_message="The project already has words for this field.",
            ),
        ),
    ]
