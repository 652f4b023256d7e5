"""Makes a report the one that the register is kept equal to, as a batch that can be undone.

The placeholders of the report before are set aside, and entries that make up the new report's
totals are added with the next free numbers; described and confirmed entries stay, and count.
"""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from projects.columns import PROJECT_TABLE, QUOTATIONS
from projects.history import Snapshot, recording
from projects.imports.batches import finish, queue_up
from projects.imports.lines import Refused
from projects.imports.writing import Write, write
from projects.models import Batch, Project, highest_number
from projects.models.conditions import in_table
from projects.text import cited, reference_of
from projects.vocabulary import Provenance, Review

from .models import Report, published_figures
from .reconstruction import placeholders


def make_basis(report: Report, by: Any = None, reason: str = "") -> Batch:
    """Let the register be kept equal to the report; return the batch. Raises Refused."""
    name = _("Basis: %s") % report
    batch = Batch(kind=Batch.Kind.IMPORT, file_name=name, by=by)
    with transaction.atomic(), recording(by=by, reason=reason or name, batch=batch) as recorder:
        queue_up()
        chosen = Report.published.select_for_update().filter(pk=report.pk).first()
        if chosen is None:
            raise Refused(
                _("%s is not published. Only a published report can be a basis.") % report
            )
        if chosen.is_basis:
            raise Refused(_("The register is kept equal to %s already.") % report)
        batch.save()
        write([*_set_aside(), *_added(chosen)], recorder, batch)
        for other in Report.published.filter(is_basis=True):
            other.is_basis = False
            other.save()
        chosen.is_basis = True
        chosen.save()
        finish(batch, reason, by)
    return batch


def _set_aside() -> Iterator[Write]:
    counted = Project.published.filter(edition=None, provenance=Provenance.COUNTED)
    for project in counted.select_for_update().order_by("number"):
        old = project.snapshot()
        yield Write(project.pk, old, {**old, "review": Review.SET_ASIDE.value})


def _added(report: Report) -> list[Write]:
    """Return the entries that the report's totals need besides those that stay."""
    stay = Project.published.filter(edition=None).exclude(provenance=Provenance.COUNTED)
    printed = published_figures(report.slug)
    taken = [
        {name: getattr(one, name) for name in ("priority_area", "scope")}
        | {"regions": [region.value for region in one.regions], "regions_basis": ""}
        for one in stay.filter(in_table(printed.whole)).order_by("number")
    ]
    try:
        if printed.totals is None:
            raise ValueError("It does not count all areas and scopes.")
        source = cited(report.symbol, printed.paragraphs("priority_area"))
        made = placeholders(source, printed.totals, taken)
    except ValueError as error:
        text = _("The register cannot be made equal to %(report)s: %(why)s")
        raise Refused(text % {"report": report, "why": error}) from None
    columns = (PROJECT_TABLE.by_name[name] for name in PROJECT_TABLE.kept)
    nothing: Snapshot = {one.name: one.nothing for one in columns}
    nothing = {**nothing, QUOTATIONS.name: {}, "review": Review.REVIEWED.value}
    first = highest_number() + 1
    return [
        Write(None, None, {**nothing, **one, "reference": reference_of(number)})
        for number, one in enumerate(made, start=first)
    ]
