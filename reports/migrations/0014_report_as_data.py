import json

import django.core.validators
import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

import projects.models.fields
import projects.text

ABOUT_A_REPORT = ("reports.category", "reports.note")


def fill(apps, schema_editor):
    """Give the reports of an existing database what the shipped ones have in the new columns."""
    using = schema_editor.connection.alias
    Report = apps.get_model("reports", "Report")._base_manager.using(using)
    Figure = apps.get_model("reports", "Figure")._base_manager.using(using)
    # Until now nothing of a report was a draft.
    Report.update(review="reviewed")
    # Of the page, only the year of its conference was known.
    Report.filter(slug="hlc-2018", date="2018").update(date="2018-06")
    there = dict(Report.values_list("symbol", "pk"))
    file = settings.BASE_DIR / "fixtures" / "report.json"
    for record in json.loads(file.read_text(encoding="utf-8")):
        fields = record["fields"]
        symbol = fields["symbol"] if record["model"] == "reports.report" else fields["report"][0]
        if symbol not in there:
            continue
        pk = there[symbol]
        if record["model"] == "reports.report":
            names = ("publisher", "is_undated", "population", "language", "words", "words_of_one")
            Report.filter(pk=pk).update(**{name: fields[name] for name in names})
        elif record["model"] == "reports.figure":
            same = {name: fields[name] for name in ("query", "unit", "value")}
            names = ("population", "words", "address", "how_seen")
            Figure.filter(report=pk, **same).update(**{name: fields[name] for name in names})
        elif record["model"] in ABOUT_A_REPORT:
            own = {name: value for name, value in fields.items() if name != "report"}
            model = apps.get_model(record["model"])
            model._base_manager.using(using).create(report_id=pk, **own)


class Migration(migrations.Migration):
    dependencies = [
        # The last name that the squashed one replaces: Django refuses a database that is older.
        ("reports", "0013_bases_of_links"),
    ]

    operations = [
        migrations.CreateModel(
            name="Category",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "classification",
                    models.SlugField(
                        help_text="For example priority_area, scope, region or pillar.",
                        verbose_name="classification",
                    ),
                ),
                (
                    "slug",
                    models.SlugField(help_text="Names the value, e.g. youth.", verbose_name="slug"),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="The place in the report’s order, from 1.",
                        verbose_name="position",
                    ),
                ),
                (
                    "label",
                    models.CharField(
                        max_length=200,
                        validators=[projects.text.validate_one_line],
                        verbose_name="label",
                    ),
                ),
                (
                    "words",
                    models.CharField(
                        blank=True,
                        help_text="How the report counts it, e.g. {number} projects focus on empowering youth.",
                        max_length=500,
                        validators=[projects.text.validate_one_line],
                        verbose_name="words",
                    ),
                ),
                (
                    "words_of_one",
                    models.CharField(
                        blank=True,
                        help_text="The same for a single project; empty: the same words.",
                        max_length=500,
                        validators=[projects.text.validate_one_line],
                        verbose_name="words for one",
                    ),
                ),
                (
                    "meaning",
                    models.CharField(
                        blank=True,
                        help_text="What it is about, e.g. empowering youth.",
                        max_length=500,
                        validators=[projects.text.validate_one_line],
                        verbose_name="meaning",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        default="en",
                        help_text="The language of the register’s own words about the report, e.g. en.",
                        max_length=10,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z]{2,3}(-[A-Za-z]{2,4})?\\Z", "A code, e.g. en or fr."
                            )
                        ],
                        verbose_name="language",
                    ),
                ),
            ],
            options={
                "verbose_name": "value of a classification",
                "verbose_name_plural": "values of classifications",
                "ordering": ["report", "classification", "position"],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("origin", "Where the figures come from"),
                            ("readings", "Two readings of its counts by region"),
                            ("status", "What cannot be compared"),
                            ("example", "An example of a range"),
                        ],
                        max_length=20,
                        verbose_name="topic",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        default="en",
                        help_text="The language of the register’s own words about the report, e.g. en.",
                        max_length=10,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z]{2,3}(-[A-Za-z]{2,4})?\\Z", "A code, e.g. en or fr."
                            )
                        ],
                        verbose_name="language",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        validators=[projects.text.validate_plain_text], verbose_name="text"
                    ),
                ),
            ],
            options={
                "verbose_name": "note on a report",
                "verbose_name_plural": "notes on reports",
                "ordering": ["report", "topic", "language"],
            },
        ),
        migrations.AlterModelOptions(
            name="report",
            options={
                "ordering": ["-date"],
                "permissions": [
                    ("choose_basis", "Can choose the basis, and change published reports")
                ],
                "verbose_name": "report",
                "verbose_name_plural": "reports",
            },
        ),
        migrations.AlterModelManagers(
            name="report",
            managers=[
                ("published", django.db.models.manager.Manager()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="figure",
            name="figure_once",
        ),
        migrations.RemoveConstraint(
            model_name="figure",
            name="figure_unit",
        ),
        migrations.AddField(
            model_name="figure",
            name="address",
            field=projects.models.fields.WebAddressField(
                blank=True,
                help_text="If it is not that of the report.",
                max_length=500,
                verbose_name="address",
            ),
        ),
        migrations.AddField(
            model_name="figure",
            name="category",
            field=models.CharField(
                blank=True,
                help_text="Of a classification that the register does not have, e.g. pillar=measures; else empty.",
                max_length=100,
                validators=[projects.text.validate_one_line],
                verbose_name="category",
            ),
        ),
        migrations.AddField(
            model_name="figure",
            name="how_seen",
            field=models.CharField(
                blank=True,
                help_text="Where the words were read, e.g. page, or a copy of this page.",
                max_length=200,
                validators=[projects.text.validate_one_line],
                verbose_name="how seen",
            ),
        ),
        migrations.AddField(
            model_name="figure",
            name="population",
            field=models.CharField(
                blank=True,
                help_text="What it counts, if not what the report counts as a whole.",
                max_length=300,
                validators=[projects.text.validate_one_line],
                verbose_name="population",
            ),
        ),
        migrations.AddField(
            model_name="figure",
            name="words",
            field=models.CharField(
                blank=True,
                help_text="The words of the document that give the figure.",
                max_length=500,
                validators=[projects.text.validate_one_line],
                verbose_name="words",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="is_undated",
            field=models.BooleanField(
                default=False,
                help_text="The document has no date: the date above is that of its event.",
                verbose_name="undated",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="language",
            field=models.CharField(
                default="en",
                help_text="The language of the register’s own words about the report, e.g. en.",
                max_length=10,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[a-z]{2,3}(-[A-Za-z]{2,4})?\\Z", "A code, e.g. en or fr."
                    )
                ],
                verbose_name="language",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="population",
            field=models.CharField(
                blank=True,
                help_text="What it counts, e.g. ongoing and completed projects on preventing violent extremism.",
                max_length=300,
                validators=[projects.text.validate_one_line],
                verbose_name="population",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="publisher",
            field=models.CharField(
                blank=True,
                help_text="Who published it.",
                max_length=200,
                validators=[projects.text.validate_one_line],
                verbose_name="publisher",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="review",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("changed", "Changed since review"),
                    ("reviewed", "Reviewed"),
                    ("set-aside", "Set aside"),
                ],
                default="draft",
                editable=False,
                error_messages={
                    "invalid_choice": "Choose one of: draft, changed, reviewed, set-aside."
                },
                max_length=10,
                verbose_name="review",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="words",
            field=models.CharField(
                blank=True,
                help_text="The words that introduce its counts, with {number} in place of the total.",
                max_length=500,
                validators=[projects.text.validate_one_line],
                verbose_name="words",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="words_of_one",
            field=models.CharField(
                blank=True,
                help_text="The same for a single project; empty: the same words.",
                max_length=500,
                validators=[projects.text.validate_one_line],
                verbose_name="words for one",
            ),
        ),
        migrations.AlterField(
            model_name="figure",
            name="unit",
            field=models.CharField(
                choices=[
                    ("projects", "projects"),
                    ("mentions", "counts by region"),
                    ("entities", "entities"),
                    ("countries", "countries"),
                    ("initiatives", "initiatives"),
                    ("usd-requested", "US dollars requested"),
                    ("per-cent", "per cent"),
                ],
                default="projects",
                max_length=20,
                verbose_name="unit",
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="date",
            field=projects.models.fields.PartialDateField(
                help_text="As precise as the document: 2018, 2018-06 or 2018-06-28; of an undated one, that of the event that it belongs to.",
                max_length=10,
                verbose_name="date",
            ),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.UniqueConstraint(
                fields=("report", "query", "category", "unit"),
                name="figure_once",
                violation_error_message="This report already has a figure for that filter.",
            ),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "unit__in",
                        [
                            "projects",
                            "mentions",
                            "entities",
                            "countries",
                            "initiatives",
                            "usd-requested",
                            "per-cent",
                        ],
                    )
                ),
                name="figure_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("unit", "per-cent"), _negated=True),
                    ("value__lte", 100),
                    _connector="OR",
                ),
                name="figure_per_cent",
                violation_error_code="value",
                violation_error_message="A share is at most 100 per cent.",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("review__in", ["draft", "changed", "reviewed", "set-aside"])),
                name="report_review",
                violation_error_code="review",
                violation_error_message="Choose one of: draft, changed, reviewed, set-aside.",
            ),
        ),
        migrations.AddField(
            model_name="category",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="categories",
                to="reports.report",
                verbose_name="report",
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notes",
                to="reports.report",
                verbose_name="report",
            ),
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.UniqueConstraint(
                fields=("report", "classification", "slug", "language"),
                name="category_once",
                violation_error_code="slug",
                violation_error_message="The classification already has this value.",
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(("topic__in", ["origin", "readings", "status", "example"])),
                name="note_topic",
                violation_error_code="topic",
                violation_error_message="Choose one of: origin, readings, status, example.",
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="note_text",
                violation_error_code="text",
                violation_error_message="A note has a text.",
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.UniqueConstraint(
                fields=("report", "topic", "language"),
                name="note_once",
                violation_error_code="topic",
                violation_error_message="The report already has this note in that language.",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
