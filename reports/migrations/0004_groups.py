"""Four groups: Viewers look, Editors write, Reviewers publish, Managers keep accounts and lists."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

SEEN = ["view_revision", "view_batch", "view_correction"]
WRITTEN = [
    *(f"view_{model}" for model in ("project", "country", "entity", "edition", "report", "figure")),
    *(f"{action}_{model}" for model in ("project", "entity") for action in ("add", "change")),
    *SEEN,
    "import_projects",
    "change_correction",
]
REVIEWED = [*WRITTEN, "review_project", "undo_batch", "delete_project"]
MANAGED = [
    *REVIEWED,
    *(
        f"{action}_{model}"
        for model in ("country", "entity")
        for action in ("add", "change", "delete")
    ),
    *(f"{action}_{model}" for model in ("report", "figure") for action in ("add", "change")),
    "publish_edition",
    *(f"{action}_user" for action in ("view", "add", "change")),
    "view_group",
]
GROUPS = {"Viewers": SEEN, "Editors": WRITTEN, "Reviewers": REVIEWED, "Managers": MANAGED}


def complete_groups(apps, schema_editor):
    alias = schema_editor.connection.alias
    for label in ("projects", "reports", "auth"):
        create_permissions(installed.get_app_config(label), verbosity=0, using=alias)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        group, _created = Group.objects.using(alias).get_or_create(name=name)
        group.permissions.add(
            *Permission.objects.using(alias).filter(
                codename__in=codenames,
                content_type__app_label__in=["projects", "reports", "auth"],
            )
        )


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_editions"), ("projects", "0005_corrections")]
    operations = [migrations.RunPython(complete_groups, migrations.RunPython.noop)]
