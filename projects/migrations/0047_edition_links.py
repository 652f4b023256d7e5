from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0046_merged_entries")]
    # By defaults, since PostgreSQL refuses to update a published edition: those that are published
    # keep their zips, new ones have the files of links.
    operations = [
        migrations.AddField(
            "edition", "has_links", models.BooleanField(default=False, editable=False)
        ),
        migrations.AlterField(
            "edition", "has_links", models.BooleanField(default=True, editable=False)
        ),
    ]
