"""The groups of staff, as pvematrix/desk/groups.py has them; those that are there stay."""

from django.db import migrations

from pvematrix.desk.groups import make_groups


def groups(apps, schema_editor):
    make_groups(apps, schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("pvematrix", "0001_cache_table"),
        ("projects", "0008_frozen_editions"),
        ("reports", "0001_squashed_0004_groups"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(groups, migrations.RunPython.noop)]
