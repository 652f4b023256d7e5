from django.db import migrations

from pvematrix.desk.groups import make_groups, rights

NEW = [*rights("view", "record"), *rights("view add change delete", "judgement")]


def groups(apps, schema_editor):
    make_groups(apps, schema_editor.connection.alias, NEW)


class Migration(migrations.Migration):
    dependencies = [
        ("pvematrix", "0010_second_person"),
        ("elsewhere", "0001_records_and_judgements"),
    ]

    operations = [migrations.RunPython(groups, migrations.RunPython.noop)]
