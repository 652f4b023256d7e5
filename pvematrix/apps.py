from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class PvematrixConfig(AppConfig):
    name = "pvematrix"
    verbose_name = _("Accounts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # The desk's names for other apps, which are called "MFA" and the like.
        apps.get_app_config("auth").verbose_name = _("Groups of staff")
        apps.get_app_config("mfa").verbose_name = _("Second factors")
