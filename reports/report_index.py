"""The small pictures of the index of figures, and the series of counts.

Positions and lengths are percentages, as text.
"""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.asking import Selection, whole_cube
from projects.models import Edition, Project
from projects.vocabulary import NOT_STATED, Provenance

from .models import Figure, Report, Unit

NO_LINE = gettext_lazy(
    "No line may be drawn through these numbers, because they count different things."
)


@dataclass(frozen=True)
class Dot:
    acronym: str
    count: int
    at: str


@dataclass(frozen=True)
class Progress:
    """An edition, or the register now: `known` of its entries are described or confirmed."""

    name: str
    known: int
    total: int
    share: str
    address: str


def entities(selection: Selection) -> tuple[list[Dot], int]:
    """Return the entities that sources name, most first, and how many entries name none."""
    answers = {one.slug: one.answer for one in selection.facets["entity"]}
    unnamed = answers.pop(NOT_STATED).entries
    counts = {slug: one.described for slug, one in answers.items() if one.described}
    most = max(counts.values(), default=1)
    ranked = sorted(counts, key=lambda acronym: (-counts[acronym], acronym))
    dots = [Dot(one, counts[one], f"{90 * counts[one] / most:.1f}") for one in ranked]
    return dots, unnamed


def progress() -> list[Progress]:
    known = Count("pk", filter=~Q(provenance=Provenance.COUNTED))
    frozen = Project.every.order_by().exclude(edition=None).values("edition_id")
    of_editions = {
        row["edition_id"]: row for row in frozen.annotate(known=known, total=Count("pk"))
    }
    cube = whole_cube()
    counted = cube.counts("provenance")[Provenance.COUNTED]
    live, nothing = {"known": cube.total - counted, "total": cube.total}, {"known": 0, "total": 0}
    found = []
    for edition in [*reversed(Edition.objects.all()), None]:
        row = of_editions.get(edition.pk, nothing) if edition else live
        share = f"{100 * row['known'] / (row['total'] or 1):.1f}"
        name = str(edition) if edition else _("The current register")
        address = reverse("edition-detail", args=[edition.slug]) if edition else ""
        found.append(Progress(name, row["known"], row["total"], share, address))
    return found


def series() -> list[list[Figure]]:
    """Return the figures of the whole that each report has, its count first; earliest first."""
    steps = []
    for report in Report.published.with_figures().order_by("date", "symbol"):
        whole = [one for one in report.figures.all() if not (one.query or one.category)]
        whole.sort(key=lambda one: one.unit not in (Unit.PROJECTS, Unit.INITIATIVES))
        steps += [whole] if whole else []
    return steps
