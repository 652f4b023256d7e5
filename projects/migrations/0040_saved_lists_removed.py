from django.db import migrations


def say(apps, schema_editor):
    """Print the address of each list: what was saved of it."""
    lists = apps.get_model("projects", "SavedList").objects.order_by("name", "pk")
    if count := lists.count():
        print(f"Removed saved lists: {count}. Their addresses:")
    for one in lists:
        print(f"  {one.name}: /admin/projects/project/?{one.query}")


class Migration(migrations.Migration):
    dependencies = [("projects", "0039_searchable_words")]

    operations = [
        migrations.RunPython(say, migrations.RunPython.noop),
        migrations.DeleteModel("SavedList"),
    ]
