from django.db import migrations, models

import projects.text


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0043_what_sources_cite"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="project",
            name="project_priority_area",
        ),
        migrations.RemoveConstraint(
            model_name="project",
            name="project_priority_area_basis",
        ),
        migrations.AddField(
            model_name="project",
            name="attribution",
            field=models.CharField(
                blank=True,
                help_text="Whom that licence wants to be named",
                max_length=300,
                validators=[projects.text.validate_one_line],
                verbose_name="attribution",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="is_of_other_report",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="project",
            name="licence",
            field=models.CharField(
                blank=True,
                help_text="Of the source’s data, e.g. CC BY 4.0",
                max_length=100,
                validators=[projects.text.validate_one_line],
                verbose_name="licence",
            ),
        ),
        migrations.AlterField(
            model_name="project",
            name="priority_area",
            field=models.CharField(
                blank=True,
                choices=[
                    (
                        "governance",
                        "Strengthening good governance, human rights and the rule of law",
                    ),
                    ("education", "Education, skills development and employment facilitation"),
                    ("dialogue", "Dialogue and conflict prevention"),
                    ("youth", "Empowering youth"),
                    ("communications", "Strategic communications, the Internet and social media"),
                    ("gender", "Gender equality and empowering women"),
                    ("communities", "Engaging communities"),
                    ("other", "Other areas"),
                ],
                error_messages={
                    "invalid_choice": "Choose one of: governance, education, dialogue, youth, communications, gender, communities, other."
                },
                max_length=20,
                verbose_name="priority area",
            ),
        ),
        migrations.AlterField(
            model_name="project",
            name="priority_area_basis",
            field=models.CharField(
                blank=True,
                choices=[
                    ("stated", "Stated"),
                    ("inferred", "Our reading"),
                    ("allocated", "Not stated"),
                ],
                error_messages={"invalid_choice": "Choose one of: stated, inferred, allocated."},
                max_length=10,
                verbose_name="basis of the priority area",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "priority_area__in",
                        [
                            "governance",
                            "education",
                            "dialogue",
                            "youth",
                            "communications",
                            "gender",
                            "communities",
                            "other",
                            "",
                        ],
                    )
                ),
                name="project_priority_area",
                violation_error_code="priority_area",
                violation_error_message="Choose one of: governance, education, dialogue, youth, communications, gender, communities, other.",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("priority_area_basis__in", ["stated", "inferred", "allocated", ""])
                ),
                name="project_priority_area_basis",
                violation_error_code="priority_area_basis",
                violation_error_message="Choose one of: stated, inferred, allocated.",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("priority_area", ""), ("priority_area_basis", "")),
                    models.Q(
                        models.Q(("priority_area", ""), _negated=True),
                        models.Q(("priority_area_basis", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="project_priority_area_basis_if_area",
                violation_error_code="priority_area_basis",
                violation_error_message="Give the basis of the priority area; leave it empty when there is no area.",
            ),
        ),
    ]
