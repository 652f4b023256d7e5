"""Errors that forbid publishing the register as an edition, and warnings."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.editions import changes
from projects.models import DATES_IN_ORDER, Edition, Project
from projects.vocabulary import Review
from reports.models import Report
from reports.reconciliation import reconcile

# The references named in a sentence; a longer list helps nobody.
REFERENCES_NAMED = 10


@dataclass(frozen=True)
class Finding:
    """A sentence for the person who publishes; `stops`: it forbids publishing."""

    text: str
    stops: bool


def checklist() -> list[Finding]:
    return [*_errors(), *_warnings()]


def _errors() -> list[Finding]:
    live = Project.published.all()
    found = []
    if not live.exists():
        found.append(Finding(_("The register has no project."), True))
    for projects, text in (
        (live.without_source(), _("No source is cited for: %s.")),
        (live.exclude(DATES_IN_ORDER), _("The end date is before the start date of: %s.")),
    ):
        if references := _references(projects):
            found.append(Finding(text % references, True))
    return found


def _warnings() -> list[Finding]:
    found = []
    contradicting = Project.published.contradicting_dates(timezone.now().date())
    if references := _references(contradicting):
        text = _("By its own dates, the status cannot be true of: %s.") % references
        found.append(Finding(text, False))
    if references := _references(Project.published.filter(review=Review.CHANGED)):
        text = _("Changed since they were last reviewed: %s.") % references
        found.append(Finding(text, False))
    report = Report.objects.basis()
    if report:
        found += [
            Finding(f"{report.symbol}, {one.label}: {one.state}.", False)
            for one in reconcile(report)
            if one.agrees is False
        ]
    newest = Edition.objects.first()
    if newest and next(changes(newest, None), None) is None:
        found.append(Finding(_("Nothing changed since the edition “%s”.") % newest, False))
    return found


def _references(projects) -> str:
    references = list(
        projects.in_order("reference").values_list("reference", flat=True)[:REFERENCES_NAMED]
    )
    more = projects.count() - len(references)
    named = ", ".join(references)
    if more:
        named += ngettext(" and %d more", " and %d more", more) % more
    return named
