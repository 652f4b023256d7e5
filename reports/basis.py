"""Makes a report the one that the register is kept equal to, as a batch that can be undone.

Nothing but the reports is recorded: the placeholders of the report before are set aside, and those
of the new one are made, or return.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from projects import places
from projects.history import recording
from projects.imports.batches import finish
from projects.imports.lines import Refused
from projects.locks import queue_up
from projects.models import Batch
from projects.vocabulary import Region

from .models import Report, published_figures


def name_of_basis(report: Report) -> str:
    """Return the name of the batch that makes the report the basis; raises Refused if it cannot."""
    if report.is_draft:
        raise Refused(_("%s is not published. Only a published report can be a basis.") % report)
    if report.is_basis:
        raise Refused(_("The register is kept equal to %s already.") % report)
    totals = published_figures(report.slug).totals
    if totals is None:
        text = _("%s cannot be the basis: it does not count all areas and scopes.")
        raise Refused(text % report)
    most = sum(totals.scopes[one] for one in totals.local)
    for region, number in totals.regions.items():
        if number > most:
            values = {"symbol": report, "number": number, "most": most}
            text = _(
                "%(symbol)s cannot be the basis: it counts %(number)d projects under “%(region)s”, "
                "and at most %(most)d can have a region."
            )
            raise Refused(text % {**values, "region": Region(region).label})
    return _("Basis: %s") % report


def make_basis(slug: str, by: Any = None, reason: str = "", batch: Batch | None = None) -> Batch:
    """Let the register be kept equal to a report; return the batch. Raises Refused."""
    report = Report.live.get(slug=slug)
    name = name_of_basis(report)
    batch = batch or Batch(kind=Batch.Kind.IMPORT, file_name=name, by=by)
    with transaction.atomic(), recording(by=by, reason=reason or name, batch=batch):
        queue_up()
        chosen = Report.live.select_for_update().get(slug=slug)
        name_of_basis(chosen)
        batch.save()
        for other in Report.published.filter(is_basis=True):
            other.is_basis = False
            other.save()
        chosen.is_basis = True
        chosen.save()
        finish(batch, reason, by)
        # Its first placeholders; the others follow when the recording ends.
        places.update(makes=True)
    return batch
