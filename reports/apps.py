from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Published reports")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Give the register what it has to know of reports, which it does not import."""
        # Models can be imported only now.
        from projects import evidence, vocabulary  # noqa: PLC0415
        from projects.asking import answers  # noqa: PLC0415

        from .models import days_of_reports, known_documents, published_figures  # noqa: PLC0415

        answers.read_published = published_figures
        vocabulary.read_facts = answers.shown
        evidence.read_documents = known_documents
        evidence.read_days = days_of_reports
