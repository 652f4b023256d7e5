"""Labels and help in the words of readers: described, counted only, assigned."""

from django.db import migrations, models

import projects.text


class Migration(migrations.Migration):
    dependencies = [("projects", "0011_acronym_from")]

    operations = [
        migrations.AlterField(
            model_name="edition",
            name="name",
            field=models.CharField(
                help_text="How the edition is cited, e.g. Register of December 2026.",
                max_length=100,
                unique=True,
                validators=[projects.text.validate_plain_text],
                verbose_name="name",
            ),
        ),
        migrations.AlterField(
            model_name="project",
            name="priority_area_basis",
            field=models.CharField(
                choices=[("stated", "Stated"), ("inferred", "Inferred"), ("allocated", "Assigned")],
                error_messages={"invalid_choice": "Choose one of: stated, inferred, allocated."},
                help_text="Does the source state it, did you infer it, or was it assigned to fit the totals?",
                max_length=10,
                verbose_name="basis of the priority area",
            ),
        ),
        migrations.AlterField(
            model_name="project",
            name="provenance",
            field=models.CharField(
                choices=[
                    ("counted", "Counted only"),
                    ("named", "Described"),
                    ("confirmed", "Confirmed"),
                ],
                error_messages={"invalid_choice": "Choose one of: counted, named, confirmed."},
                help_text="Counted only: the report counts it and says no more. Described: the report describes the activity, and does not say whether it is one of the 223. Confirmed: you confirm the entry from the source that you cite below.",
                max_length=10,
                verbose_name="provenance",
            ),
        ),
        migrations.AlterField(
            model_name="project",
            name="regions_basis",
            field=models.CharField(
                blank=True,
                choices=[("stated", "Stated"), ("inferred", "Inferred"), ("allocated", "Assigned")],
                error_messages={"invalid_choice": "Choose one of: stated, inferred, allocated."},
                help_text="Leave empty where there is no region.",
                max_length=10,
                verbose_name="basis of the regions",
            ),
        ),
        migrations.AlterField(
            model_name="project",
            name="scope_basis",
            field=models.CharField(
                choices=[("stated", "Stated"), ("inferred", "Inferred"), ("allocated", "Assigned")],
                error_messages={"invalid_choice": "Choose one of: stated, inferred, allocated."},
                max_length=10,
                verbose_name="basis of the scope",
            ),
        ),
    ]
