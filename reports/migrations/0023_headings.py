from django.db import migrations, models

import projects.text

# What the overview said of every report, until each had words of its own.
SAID = "{number} United Nations-supported projects on preventing violent extremism"


def write(apps, schema_editor):
    apps.get_model("reports", "Report")._base_manager.filter(symbol="A/72/621").update(heading=SAID)


class Migration(migrations.Migration):
    dependencies = [("reports", "0022_regions_and_words")]

    operations = [
        migrations.AddField(
            "report",
            "heading",
            models.CharField(
                blank=True,
                help_text="What it counts, in short, with {number}; if empty, the number and the "
                "population.",
                max_length=200,
                validators=[projects.text.validate_one_line],
                verbose_name="heading",
            ),
        ),
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
