"""The keys of second factors, which stood in the database as they are, are encrypted."""

from django.db import migrations

from pvematrix.encryption import decrypt, encrypt

# allauth's names for what is secret in a factor: an app's key, and what recovery codes come from.
SECRETS = ("secret", "seed")


def change(apps, schema_editor, how):
    Authenticator = apps.get_model("mfa", "Authenticator")
    for factor in Authenticator.objects.using(schema_editor.connection.alias).all():
        factor.data |= {name: how(factor.data[name]) for name in SECRETS if name in factor.data}
        factor.save(update_fields=["data"])


def hide(apps, schema_editor):
    change(apps, schema_editor, encrypt)


def show(apps, schema_editor):
    change(apps, schema_editor, decrypt)


class Migration(migrations.Migration):
    dependencies = [("pvematrix", "0004_accounts"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [migrations.RunPython(hide, show)]
