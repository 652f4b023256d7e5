"""Errors that forbid publishing the register as an edition, and warnings."""

from collections.abc import Iterator
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Finding:
    """A sentence for the person who publishes; `stops`: it forbids publishing."""

    text: str
    stops: bool


def checklist() -> list[Finding]:
    return [*_errors(), *_warnings()]


def _errors() -> Iterator[Finding]:
    live = Project.published.all()
    if not live.exists():
        yield Finding(_("The register has no project."), True)
    if references := _references(live.without_source()):
        yield Finding(_("No source is cited for: %s.") % references, True)
    if references := _references(live.exclude(DATES_IN_ORDER)):
        yield Finding(_("The end date is before the start date of: %s.") % references, True)


def _warnings() -> Iterator[Finding]:
    live = Project.published.all()
    if references := _references(TASKS["contradicting"].find(live)):
        text = _("By its own dates, the status cannot be true of: %s.")
        yield Finding(text % references, False)
    if references := _references(live.filter(review=Review.CHANGED)):
        yield Finding(_("Changed since they were last reviewed: %s.") % references, False)
    if report := Report.published.basis():
        for one in reconcile(report):
            if one.agrees is False:
                yield Finding(f"{report.symbol}, {one.label}: {one.state}.", False)
    newest = Edition.objects.first()
    if newest and next(changes(newest, None), None) is None:
        yield Finding(_("Nothing changed since the edition “%s”.") % newest, False)


def _references(projects) -> str:
    references = list(
        projects.in_order("reference").values_list("reference", flat=True)[:REFERENCES_NAMED]
    )
    more = projects.count() - len(references)
    named = ", ".join(references)
    if more:
        named += ngettext(" and %d more", " and %d more", more) % more
    return named
