"""Statements and plans are reviewed as projects are; those that are there stay published."""

import django.db.models.manager
from django.db import migrations, models

STATES = [
    ("draft", "Draft"),
    ("changed", "Changed since review"),
    ("reviewed", "Reviewed"),
    ("set-aside", "Set aside"),
]
ALLOWED = "Choose one of: draft, changed, reviewed, set-aside."


def review(default: str) -> models.CharField:
    return models.CharField(
        choices=STATES,
        default=default,
        editable=False,
        error_messages={"invalid_choice": ALLOWED},
        max_length=10,
        verbose_name="review",
    )


def of(model: str) -> list:
    return [
        migrations.AlterModelManagers(
            name=model, managers=[("published", django.db.models.manager.Manager())]
        ),
        migrations.AddField(model_name=model, name="review", field=review("reviewed")),
        migrations.AlterField(model_name=model, name="review", field=review("draft")),
        migrations.AddConstraint(
            model_name=model,
            constraint=models.CheckConstraint(
                condition=models.Q(("review__in", [value for value, _label in STATES])),
                name=f"{model}_review",
                violation_error_code="review",
                violation_error_message=ALLOWED,
            ),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("projects", "0023_data_version"), ("reports", "0009_answered_by")]

    operations = [*of("plan"), *of("statement")]
