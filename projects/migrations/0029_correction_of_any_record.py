"""A correction can be of any record that has a page and a table of columns."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0028_saved_list")]

    operations = [
        migrations.AlterField(
            model_name="correction",
            name="column",
            field=models.CharField(max_length=30, verbose_name="field"),
        ),
        migrations.AlterField(
            model_name="correction",
            name="reference",
            field=models.CharField(max_length=40, verbose_name="entry"),
        ),
    ]
