"""Who may comment on entries, and attach files to them."""

from django.db import migrations

from pvematrix.desk.groups import grant

CAME = ["add_comment", "view_evidence", "add_evidence", "delete_evidence"]


def grant_what_is_beside(apps, schema_editor):
    grant(apps, schema_editor.connection.alias, CAME)


class Migration(migrations.Migration):
    dependencies = [
        ("pvematrix", "0007_staff_registers"),
        ("projects", "0027_evidence"),
    ]

    operations = [migrations.RunPython(grant_what_is_beside, migrations.RunPython.noop)]
