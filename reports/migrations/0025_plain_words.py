from django.db import migrations

import projects.models.fields

EXAMPLE = (
    "where two sets do not fit beside each other: 183 of the 223 projects focus on something else "
    "than governance",
    "where two groups must overlap: 183 of the 223 projects focus on something other than "
    "governance",
)


def say_it_plainly(apps, schema_editor):
    """Change the example of ranges where it is as it was shipped."""
    for note in apps.get_model("reports", "Note")._base_manager.filter(text__contains=EXAMPLE[0]):
        note.text = note.text.replace(*EXAMPLE)
        note.save()


class Migration(migrations.Migration):
    dependencies = [("reports", "0024_words_of_the_first_report")]

    operations = [
        migrations.RunPython(say_it_plainly, migrations.RunPython.noop),
        migrations.AlterField(
            "figure",
            "date",
            projects.models.fields.PartialDateField(
                blank=True,
                help_text="Date of the figure, if the document says",
                max_length=10,
                verbose_name="date",
            ),
        ),
    ]
