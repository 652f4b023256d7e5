"""The first page of the desk: what awaits somebody."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy

from projects.history.recorder import Batch
from projects.models import Project
from projects.models.correction import Correction
from projects.vocabulary import Provenance, Review
from projects.worklist import counts, probable_duplicates
from reports.models import Report
from reports.reconciliation import reconcile


class Desk(AdminSite):
    """Django's admin site, with the work to be done on its first page."""

    site_header = gettext_lazy("pvematrix: the register")
    site_title = gettext_lazy("pvematrix")
    index_title = gettext_lazy("The desk")
    # The first page and the breadcrumbs lead everywhere; tables need the room.
    enable_nav_sidebar = False

    def index(self, request, extra_context=None):
        desk = work() if request.user.has_perm("projects.view_project") else {}
        return super().index(request, desk | (extra_context or {}))


def work() -> dict:
    """Return what the desk shows: reviews, corrections, batches, differences, the worklist."""
    report = Report.objects.basis()
    comparisons = reconcile(report) if report else []
    waiting = Project.live.exclude(review=Review.REVIEWED)
    return {
        "tasks": counts(),
        "described": described(),
        "duplicates": len(probable_duplicates()),
        "drafts": waiting.filter(review=Review.DRAFT).count(),
        "changed": waiting.filter(review=Review.CHANGED).count(),
        "corrections": Correction.objects.filter(state=Correction.State.OPEN).count(),
        "batches": Batch.objects.exclude(applied_at=None).defer("content")[:5],
        "report": report,
        "differing": [one for one in comparisons if one.agrees is False],
    }


def described() -> tuple[int, int]:
    """Return how many published entries are described, and how many there are."""
    provenance = Project.objects.cube().counts("provenance")
    total = sum(provenance.values())
    return total - provenance[Provenance.COUNTED], total
