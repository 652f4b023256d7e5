"""The groups of staff: Viewers look, Editors also add and change what they are responsible for."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

VIEWED = ["project", "country", "entity", "report", "figure"]
EDITED = ["project", "entity"]
GROUPS = {
    "Viewers": [f"view_{model}" for model in VIEWED],
    "Editors": [
        *(f"view_{model}" for model in VIEWED),
        *(f"{action}_{model}" for model in EDITED for action in ("add", "change")),
    ],
}


def create_groups(apps, schema_editor):
    alias = schema_editor.connection.alias
    # Django creates permissions after all migrations; the groups need them now.
    for label in ("projects", "reports"):
        create_permissions(installed.get_app_config(label), verbosity=0, using=alias)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        group, created = Group.objects.using(alias).get_or_create(name=name)
        if created:
            group.permissions.set(
                Permission.objects.using(alias).filter(
                    codename__in=codenames, content_type__app_label__in=["projects", "reports"]
                )
            )


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0001_initial"),
        ("projects", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(create_groups, migrations.RunPython.noop)]
