from django.db import migrations

import projects.models.fields

PLAINER = [
    (
        "where two sets do not fit beside each other: 183 of the 223 projects focus on something "
        "else than governance",
        "where two groups must overlap: 183 of the 223 projects focus on something other than "
        "governance",
    ),
    ("The Office’s own repository", "The repository of the Office of Counter-Terrorism"),
]


def say_it_plainly(apps, schema_editor):
    """Change what is noted of the first report where it is as it was shipped."""
    notes = apps.get_model("reports", "Note")._base_manager
    for former, plainer in PLAINER:
        for note in notes.filter(text__contains=former):
            note.text = note.text.replace(former, plainer)
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
