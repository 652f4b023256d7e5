"""Everybody at the desk sees the editions; publishing one is a permission of its own."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations


def let_groups_view_editions(apps, schema_editor):
    alias = schema_editor.connection.alias
    create_permissions(installed.get_app_config("projects"), verbosity=0, using=alias)
    Permission = apps.get_model("auth", "Permission")
    view = Permission.objects.using(alias).get(
        codename="view_edition", content_type__app_label="projects"
    )
    for group in apps.get_model("auth", "Group").objects.using(alias).all():
        if group.name in ("Viewers", "Editors"):
            group.permissions.add(view)


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_groups"), ("projects", "0002_editions")]
    operations = [migrations.RunPython(let_groups_view_editions, migrations.RunPython.noop)]
