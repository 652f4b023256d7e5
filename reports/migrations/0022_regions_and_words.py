from django.db import migrations, models

import projects.text

# How paragraphs 24 and 25 of A/72/621 begin what they count, and how they say the regions.
BEGIN = {
    "areas_begin": "They break down as follows:",
    "scopes_begin": "With respect to the geographic spread of these projects,",
    "regions_begin": "Of all the regional projects related to preventing violent extremism,",
}


def write(apps, schema_editor):
    """Give A/72/621 its words, and its second reading of paragraph 25, as report.json has them."""
    reports = apps.get_model("reports", "Report")._base_manager.filter(slug="a-72-621")
    reports.update(regions_read_as="regional", **BEGIN)
    categories = apps.get_model("reports", "Category")._base_manager
    own = categories.filter(report__slug="a-72-621", language="en")
    own.filter(classification="priority_area", slug="other").update(introduction="In addition,")
    for one in own.filter(classification="region").exclude(words=""):
        place = one.words.removeprefix("{number} are ")
        if "{number}" not in place:
            one.words, one.words_after = f"{{number}} are {place}", f"{{number}} {place}"
            one.words_of_one = f"{{number}} is {place}"
            one.save()


BEFORE = "The report’s own words before its numbers, e.g. They break down as follows:"
READINGS = [
    ("regional-and-national", "Regional and national projects"),
    ("regional", "Regional projects alone"),
    ("national", "National projects alone"),
]


def words(verbose_name: str, help_text: str, max_length: int = 300) -> models.CharField:
    return models.CharField(
        verbose_name,
        blank=True,
        help_text=help_text,
        max_length=max_length,
        validators=[projects.text.validate_one_line],
    )


def reading(verbose_name: str, help_text: str, **more) -> models.CharField:
    return models.CharField(
        verbose_name, choices=READINGS, help_text=help_text, max_length=30, **more
    )


def allowed(field: str, *more: str) -> migrations.AddConstraint:
    values = [value for value, _label in READINGS]
    rule = models.CheckConstraint(
        condition=models.Q((f"{field}__in", [*values, *more])),
        name=f"report_{field}",
        violation_error_code=field,
        violation_error_message=f"Choose one of: {', '.join(values)}.",
    )
    return migrations.AddConstraint("report", rule)


APART = "If it has a sentence of its own after the others: In addition,"
AFTER = "If shorter after another value: {number} in Asia"
ARE_OF = "The projects that its numbers by region are of."
OR_OF = "If its text can be read in another way, as a note explains."


class Migration(migrations.Migration):
    dependencies = [("reports", "0021_sentences_of_that_day")]

    operations = [
        migrations.AddField("category", "introduction", words("introduction", APART, 100)),
        migrations.AddField("category", "words_after", words("words after another", AFTER, 500)),
        migrations.AddField("report", "areas_begin", words("before its priority areas", BEFORE)),
        migrations.AddField("report", "scopes_begin", words("before its scopes", BEFORE)),
        migrations.AddField("report", "regions_begin", words("before its regions", BEFORE)),
        migrations.AddField(
            "report",
            "regions_are_of",
            reading("its regions count", ARE_OF, default="regional-and-national"),
        ),
        migrations.AddField(
            "report", "regions_read_as", reading("or, read otherwise", OR_OF, blank=True)
        ),
        migrations.RunPython(write, migrations.RunPython.noop),
        allowed("regions_are_of"),
        allowed("regions_read_as", ""),
    ]
