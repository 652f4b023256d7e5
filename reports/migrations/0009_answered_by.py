"""What is due says which edition answered it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0018_objection"),
        ("reports", "0008_details"),
    ]

    operations = [
        migrations.AddField(
            model_name="statement",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                help_text="Of a report or review that is due: the edition that was published for it.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="projects.edition",
                verbose_name="answered by the edition",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answered_by__isnull", True), ("kind", "event"), _connector="OR"
                ),
                name="statement_answered",
                violation_error_code="answered_by",
                violation_error_message="Only an event is answered by an edition.",
            ),
        ),
    ]
