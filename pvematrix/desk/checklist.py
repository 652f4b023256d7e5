"""Sentences for the person who publishes the register as an edition."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.editions import changes
from projects.models import DATES_IN_ORDER, Edition, Project
from projects.vocabulary import Review
from projects.worklist import TASKS
from reports.models import Report
from reports.reconciliation import reconcile

# The references named in a sentence; a longer list helps nobody.
REFERENCES_NAMED = 10


def errors() -> Iterator[str]:
    """Yield what forbids publishing."""
    live = Project.published.all()
    if not live.exists():
        yield _("The register has no project.")
    if references := _references(live.without_source()):
        yield _("No source is cited for: %s.") % references
    if references := _references(live.exclude(DATES_IN_ORDER)):
        yield _("The end date is before the start date of: %s.") % references


def warnings() -> Iterator[str]:
    live = Project.published.all()
    if references := _references(TASKS["contradicting"].find(live)):
        yield _("By its own dates, the status cannot be true of: %s.") % references
    if references := _references(live.filter(review=Review.CHANGED)):
        yield _("Changed since they were last reviewed: %s.") % references
    if report := Report.published.basis():
        for one in reconcile(report):
            if one.agrees is False:
                yield f"{report.symbol}, {one.label}: {one.state}."
    newest = Edition.objects.first()
    if newest and next(changes(newest, None), None) is None:
        yield _("Nothing changed since the edition “%s”.") % newest


def _references(projects) -> str:
    references = list(
        projects.in_order("reference").values_list("reference", flat=True)[:REFERENCES_NAMED]
    )
    more = projects.count() - len(references)
    named = ", ".join(references)
    if more:
        named += ngettext(" and %d more", " and %d more", more) % more
    return named
