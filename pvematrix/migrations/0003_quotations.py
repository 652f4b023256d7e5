"""The groups of staff may look at quotations, or keep them, as they may entries."""

from django.db import migrations

from pvematrix.desk.groups import grant


def grant_quotations(apps, schema_editor):
    came = [f"{action}_quotation" for action in ("view", "add", "change", "delete")]
    grant(apps, schema_editor.connection.alias, came)


class Migration(migrations.Migration):
    dependencies = [("pvematrix", "0002_groups"), ("projects", "0010_quotation")]
    operations = [migrations.RunPython(grant_quotations, migrations.RunPython.noop)]
