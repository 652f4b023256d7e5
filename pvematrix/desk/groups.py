"""The groups of staff, each with more permissions than the one before."""

from typing import Any

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

# A report, and what it consists of.
_REPORTS = ("report", "figure", "category", "note")


def rights(actions: str, *models: str) -> list[str]:
    return [f"{action}_{model}" for model in models for action in actions.split()]


LOOKING = rights(
    "view",
    *("project", "country", "entity", "edition", *_REPORTS, "revision", "batch", "correction"),
    *("quotation", "evidence", "document", "paragraph", "statement"),
    # Of projects elsewhere.
    *("record", "judgement"),
)
WRITING = [
    *LOOKING,
    *rights("add change", "project", "entity", "statement", *_REPORTS),
    # The words that an entry was read from are part of its form.
    *rights("add change delete", "quotation"),
    *rights("add change delete", "judgement"),
    *("add_comment", "add_evidence", "import_projects", "change_correction"),
]
REVIEWING = [
    *WRITING,
    *("review_project", "undo_batch", "delete_project"),
    # Editors can remove the files that they attached.
    "delete_evidence",
]
MANAGING = [
    *REVIEWING,
    *rights("add change delete", "country"),
    *rights("add change", "document", "paragraph"),
    *rights("delete", "entity", "statement", *_REPORTS),
    *rights("view add change", "user"),
    *("choose_basis", "publish_edition", "view_group", "view_secondperson", "change_secondperson"),
    # Where the site has these registers.
    *rights("view add change delete", "expert", "assistancerequest"),
]
ROLES = {
    "Viewers": _("see drafts and history"),
    "Editors": _("also write, comment, attach files, import, and settle corrections"),
    "Reviewers": _("also publish drafts, sign changes off, undo imports, and delete projects"),
    "Managers": _(
        "also manage accounts, countries and reports, choose the basis, and publish editions"
    ),
}
GROUPS = {"Viewers": LOOKING, "Editors": WRITING, "Reviewers": REVIEWING, "Managers": MANAGING}
APPS = ("projects", "elsewhere", "reports", "auth", "pvematrix")


def described(group: Group) -> str:
    """Return a group's name, with what its members may do if it is one of these."""
    may = ROLES.get(group.name)
    return f"{group.name}: {may}" if may else group.name


def make_groups(apps: Any, using: str) -> None:
    """Create missing groups; `apps` is the registry of a migration, or the current one."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        group, made = Group.objects.using(using).get_or_create(name=name)
        if made:
            # Django creates permissions after all migrations; the groups need them now.
            for label in APPS:
                create_permissions(installed.get_app_config(label), verbosity=0, using=using)
            permissions = Permission.objects.using(using).filter(
                codename__in=codenames, content_type__app_label__in=APPS
            )
            group.permissions.add(*permissions)
