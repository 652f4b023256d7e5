"""Django's admin, opening on our desk; not in apps.py, where there may be one default only."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """Django's admin with our first page."""

    default_site = "pvematrix.desk.site.Desk"
