"""A correction can be of a plan, too, whose slug may be longer than a reference or code."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0031_word_index")]

    operations = [
        migrations.AlterField(
            model_name="correction",
            name="reference",
            field=models.CharField(max_length=50, verbose_name="entry"),
        ),
    ]
