from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ElsewhereConfig(AppConfig):
    name = "projects.elsewhere"
    label = "elsewhere"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("projects elsewhere")
