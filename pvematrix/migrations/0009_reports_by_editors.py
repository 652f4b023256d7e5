from django.db import migrations

from pvematrix.desk.groups import make_groups

# What the groups of a database that is older than these may do now.
NEW = (
    *("add_report", "change_report", "delete_report", "choose_basis"),
    *("add_figure", "change_figure", "delete_figure"),
    *(f"{action}_category" for action in ("view", "add", "change", "delete")),
    *(f"{action}_note" for action in ("view", "add", "change", "delete")),
)


def groups(apps, schema_editor):
    make_groups(apps, schema_editor.connection.alias, NEW)


class Migration(migrations.Migration):
    dependencies = [
        ("pvematrix", "0008_comments_and_evidence"),
        ("reports", "0014_report_as_data"),
    ]
    operations = [migrations.RunPython(groups, migrations.RunPython.noop)]
