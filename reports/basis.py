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
from projects.models import Batch

from .models import Report, published_figures


def make_basis(report: Report, by: Any = None, reason: str = "") -> Batch:
    """Let the register be kept equal to the report; return the batch. Raises Refused."""
    name = _("Basis: %s") % report
    batch = Batch(kind=Batch.Kind.IMPORT, file_name=name, by=by)
    with transaction.atomic(), recording(by=by, reason=reason or name, batch=batch):
        places.queue_up()
        chosen = Report.published.select_for_update().filter(pk=report.pk).first()
        if chosen is None:
            raise Refused(
                _("%s is not published. Only a published report can be a basis.") % report
            )
        if chosen.is_basis:
            raise Refused(_("The register is kept equal to %s already.") % report)
        if published_figures(chosen.slug).totals is None:
            text = _("%s cannot be the basis: it does not count all areas and scopes.")
            raise Refused(text % report)
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
