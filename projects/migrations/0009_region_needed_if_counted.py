"""A described or confirmed entry may have no region, where its source states none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0008_frozen_editions"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="project",
            name="project_region_needed",
        ),
        migrations.AlterField(
            model_name="project",
            name="regions_basis",
            field=models.CharField(
                blank=True,
                choices=[
                    ("stated", "Stated"),
                    ("inferred", "Inferred"),
                    ("allocated", "Allocated"),
                ],
                error_messages={"invalid_choice": "Choose one of: stated, inferred, allocated."},
                help_text="Leave empty where there is no region.",
                max_length=10,
                verbose_name="basis of the regions",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("scope", "global"),
                    models.Q(
                        ("in_africa", False),
                        ("in_americas", False),
                        ("in_asia", False),
                        ("in_europe", False),
                        ("in_mena", False),
                        _negated=True,
                    ),
                    models.Q(("provenance", "counted"), _negated=True),
                    _connector="OR",
                ),
                name="project_region_needed",
                violation_error_code="scope",
                violation_error_message="A regional or national project that is only counted needs at least one region: the report’s totals count it under one.",
            ),
        ),
    ]
