from django.db import migrations, models


def basis(**more):
    return models.CharField(
        choices=[("stated", "Stated"), ("inferred", "Our reading"), ("allocated", "Not stated")],
        error_messages={"invalid_choice": "Choose one of: stated, inferred, allocated."},
        max_length=10,
        **more,
    )


class Migration(migrations.Migration):
    dependencies = [("projects", "0041_regions_not_needed")]
    operations = [
        migrations.AlterField("project", name, basis(verbose_name=label, **more))
        for name, label, more in (
            (
                "priority_area_basis",
                "basis of the priority area",
                {
                    "help_text": "Does the source state it, did you infer it, or was it assigned "
                    "to fit the totals?"
                },
            ),
            ("scope_basis", "basis of the scope", {}),
            (
                "regions_basis",
                "basis of the regions",
                {"blank": True, "help_text": "Leave empty where there is no region."},
            ),
        )
    ]
