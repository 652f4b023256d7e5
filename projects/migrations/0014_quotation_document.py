"""A document that is quoted stands without its paragraphs, which have their own field."""

import django.core.validators
from django.db import migrations, models

import projects.text


class Migration(migrations.Migration):
    dependencies = [("projects", "0013_words")]

    operations = [
        migrations.AlterField(
            model_name="quotation",
            name="document",
            field=models.CharField(
                default="A/72/621",
                help_text="Document symbol, e.g. A/72/621.",
                max_length=100,
                validators=[
                    projects.text.validate_plain_text,
                    django.core.validators.RegexValidator(
                        '[“”"\\n]|, paras?\\. [0-9]',
                        "Without quotation marks. Paragraphs stand beside it, one by one: 44, 45.",
                        inverse_match=True,
                    ),
                ],
                verbose_name="document",
            ),
        ),
    ]
