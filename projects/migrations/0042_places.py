from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0041_rows_say_what_is_known")]

    operations = [
        migrations.AddField(
            "project",
            "report",
            models.CharField("report", max_length=50, blank=True, default="", editable=False),
            preserve_default=False,
        ),
        migrations.AddField(
            "project", "holds_place", models.BooleanField(default=False, editable=False)
        ),
    ]
