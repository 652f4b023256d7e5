from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PvematrixConfig(AppConfig):
    name = "pvematrix"
    verbose_name = _("Accounts")
    default_auto_field = "django.db.models.BigAutoField"
