from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Register")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import places  # noqa: PLC0415 - models are ready only now
        from .history import derivations  # noqa: PLC0415 - the same

        derivations.append(places.update)
