from django.db import migrations


class Migration(migrations.Migration):
    # A report may count its projects by area and scope only.
    dependencies = [("projects", "0040_searchable_words")]
    operations = [migrations.RemoveConstraint("project", "project_region_needed")]
