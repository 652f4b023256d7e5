from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Published reports")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Give the register what it has to know of reports, which it does not import."""
        # Models can be imported only now.
        from projects import evidence  # noqa: PLC0415
        from projects.asking import answers  # noqa: PLC0415

        from .models import known_documents, published_figures  # noqa: PLC0415

        answers.read_published = published_figures
        evidence.read_documents = known_documents
