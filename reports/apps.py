from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Published reports")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give the register what it has to know of reports, which it does not import."""
        from projects import evidence, vocabulary  # noqa: PLC0415 - models are ready only now
        from projects.asking import published  # noqa: PLC0415 - the same

        from . import models  # noqa: PLC0415 - the same

        published.read_published = models.published_figures
        vocabulary.read_facts = published.shown
        evidence.read_documents = models.known_documents
        evidence.read_days = models.days_of_reports
