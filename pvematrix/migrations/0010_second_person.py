from django.db import migrations

from pvematrix.desk.groups import make_groups


def groups(apps, schema_editor):
    new = ("view_secondperson", "change_secondperson")
    make_groups(apps, schema_editor.connection.alias, new)


class Migration(migrations.Migration):
    dependencies = [
        ("pvematrix", "0009_reports_by_editors"),
        ("projects", "0045_second_person"),
    ]

    operations = [migrations.RunPython(groups, migrations.RunPython.noop)]
