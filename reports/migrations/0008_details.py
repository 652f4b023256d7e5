"""A statement can be a detail of another: who chairs a body, who met at an event."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0018_objection"),
        ("reports", "0007_documents_and_statements"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="statement",
            name="statement_kind",
        ),
        migrations.AlterField(
            model_name="statement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("practice", "Practice"),
                    ("lesson", "Lesson"),
                    ("experience", "Experience"),
                    ("driver", "Driver"),
                    ("finding", "Figure of a study or of the report"),
                    ("measure", "Measure or recommendation"),
                    ("plan", "Plan or strategy"),
                    ("event", "Event"),
                    ("observance", "Observance"),
                    ("body", "Body"),
                    ("document", "Document"),
                    ("theme", "Theme"),
                    ("step", "Step of a project"),
                    ("detail", "Detail of a body or event"),
                ],
                error_messages={
                    "invalid_choice": "Choose one of: practice, lesson, experience, driver, finding, measure, plan, event, observance, body, document, theme, step, detail."
                },
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "practice",
                            "lesson",
                            "experience",
                            "driver",
                            "finding",
                            "measure",
                            "plan",
                            "event",
                            "observance",
                            "body",
                            "document",
                            "theme",
                            "step",
                            "detail",
                        ],
                    )
                ),
                name="statement_kind",
                violation_error_code="kind",
                violation_error_message="Choose one of: practice, lesson, experience, driver, finding, measure, plan, event, observance, body, document, theme, step, detail.",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "detail"), _negated=True),
                    ("parent__isnull", False),
                    _connector="OR",
                ),
                name="statement_detail",
                violation_error_code="parent",
                violation_error_message="Say of which body or event it is a detail.",
            ),
        ),
    ]
