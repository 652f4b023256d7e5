"""Rules that nothing in the database changes by: one line, https or http, nothing hidden."""

from django.db import migrations, models

import projects.models.fields
import projects.text


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0005_words"),
    ]

    operations = [
        migrations.AlterField(
            model_name="report",
            name="link",
            field=projects.models.fields.WebAddressField(
                blank=True, max_length=500, verbose_name="link"
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="symbol",
            field=models.CharField(
                help_text="Document symbol, e.g. A/72/621, or a short name if it has none.",
                max_length=50,
                unique=True,
                validators=[projects.text.validate_one_line],
                verbose_name="symbol",
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="title",
            field=models.CharField(
                max_length=300, validators=[projects.text.validate_one_line], verbose_name="title"
            ),
        ),
    ]
