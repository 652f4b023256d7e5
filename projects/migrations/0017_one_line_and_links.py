"""Rules that nothing in the database changes by: one line, https or http, nothing hidden."""

import django.core.validators
from django.db import migrations, models

import projects.models.fields
import projects.text


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0016_kept_lines"),
    ]

    operations = [
        migrations.AlterField(
            model_name="batch",
            name="reason",
            field=models.CharField(
                blank=True,
                max_length=300,
                validators=[projects.text.validate_one_line],
                verbose_name="reason",
            ),
        ),
        migrations.AlterField(
            model_name="correction",
            name="answer",
            field=models.CharField(
                blank=True,
                max_length=300,
                validators=[projects.text.validate_one_line],
                verbose_name="answer",
            ),
        ),
        migrations.AlterField(
            model_name="country",
            name="name",
            field=models.CharField(
                help_text="The English name in the United Nations standard M49.",
                max_length=200,
                validators=[projects.text.validate_one_line],
                verbose_name="name",
            ),
        ),
        migrations.AlterField(
            model_name="edition",
            name="name",
            field=models.CharField(
                help_text="How the edition is cited, e.g. Register of December 2026.",
                max_length=100,
                unique=True,
                validators=[projects.text.validate_one_line],
                verbose_name="name",
            ),
        ),
        migrations.AlterField(
            model_name="entity",
            name="aliases",
            field=models.CharField(
                blank=True,
                help_text="Other acronyms and names in use, separated by semicolons.",
                max_length=500,
                validators=[projects.text.validate_one_line],
                verbose_name="other names",
            ),
        ),
        migrations.AlterField(
            model_name="entity",
            name="kind",
            field=models.CharField(
                blank=True,
                help_text="For example: office, programme, specialized agency, working group.",
                max_length=60,
                validators=[projects.text.validate_one_line],
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="entity",
            name="name",
            field=models.CharField(
                max_length=300, validators=[projects.text.validate_one_line], verbose_name="name"
            ),
        ),
        migrations.AlterField(
            model_name="project",
            name="link",
            field=projects.models.fields.WebAddressField(
                blank=True,
                help_text="A page about the project, starting with https://.",
                max_length=500,
                verbose_name="link",
            ),
        ),
        migrations.AlterField(
            model_name="project",
            name="methodology",
            field=models.CharField(
                blank=True,
                help_text="How the project works, e.g. “Capacity-building workshops”.",
                max_length=500,
                validators=[projects.text.validate_one_line],
                verbose_name="methodology",
            ),
        ),
        migrations.AlterField(
            model_name="project",
            name="source",
            field=models.CharField(
                help_text="Document symbol and paragraphs, e.g. A/72/621, para. 34.",
                max_length=300,
                validators=[projects.text.validate_one_line],
                verbose_name="source",
            ),
        ),
        migrations.AlterField(
            model_name="project",
            name="title",
            field=models.CharField(
                max_length=300, validators=[projects.text.validate_one_line], verbose_name="title"
            ),
        ),
        migrations.AlterField(
            model_name="quotation",
            name="document",
            field=models.CharField(
                default="A/72/621",
                help_text="Document symbol, e.g. A/72/621.",
                max_length=100,
                validators=[
                    projects.text.validate_one_line,
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
