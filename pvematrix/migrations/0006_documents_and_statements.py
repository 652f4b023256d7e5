"""The groups of staff may look at documents, statements and plans, or keep them."""

from django.db import migrations

from pvematrix.desk.groups import grant

ACTIONS = ("view", "add", "change", "delete")
MODELS = ("document", "paragraph", "statement", "plan")


def grant_statements(apps, schema_editor):
    came = [f"{action}_{model}" for action in ACTIONS for model in MODELS]
    grant(apps, schema_editor.connection.alias, came)


class Migration(migrations.Migration):
    dependencies = [
        ("pvematrix", "0005_encrypt_second_factors"),
        ("reports", "0007_documents_and_statements"),
    ]
    operations = [migrations.RunPython(grant_statements, migrations.RunPython.noop)]
