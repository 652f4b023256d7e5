"""The small pictures of the index of figures, and the series of counts.

Positions and lengths are percentages, as text.
"""

from dataclasses import dataclass
from math import ceil, floor

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.asking import Selection, whole_cube
from projects.models import Edition, Project
from projects.vocabulary import NOT_STATED, Provenance

from .models import Figure, Report, Unit

# A timeline of fewer entries shows chance; nobody reads more rows.
FEWEST_DATED, MOST_DATED = 10, 60
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


@dataclass(frozen=True)
class Span:
    """An entry's bar in the timeline; `is_open`: one of its two dates is not stated."""

    project: Project
    start: str
    width: str
    is_open: bool


@dataclass(frozen=True)
class Timeline:
    """The entries with dates, earliest first; the year `end` is not included."""

    first: int
    end: int
    spans: list[Span]


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


def timeline() -> Timeline | None:
    """Return the entries with dates as a timeline, None if there are too few."""
    dated = Project.every.of_edition(None).dated()
    columns = ("reference", "title", "start_date", "end_date", "edition_id")
    entries = sorted(dated.only(*columns)[:MOST_DATED], key=lambda one: _years(one)[0])
    if len(entries) < FEWEST_DATED:
        return None
    years = [_years(one) for one in entries]
    first = floor(min(start for start, _end in years))
    end = ceil(max(end for _start, end in years))
    whole = end - first
    spans = [
        Span(
            one,
            f"{100 * (start - first) / whole:.2f}",
            f"{100 * (stop - start) / whole:.2f}",
            not (one.start_date and one.end_date),
        )
        for one, (start, stop) in zip(entries, years, strict=True)
    ]
    return Timeline(first, end, spans)


def _years(project: Project) -> tuple[float, float]:
    start, end = project.start_date or project.end_date, project.end_date or project.start_date
    return _place(start), _place(end, is_end=True)


def _place(partial: str, is_end: bool = False) -> float:
    """Return in years, to the month, where a YYYY, YYYY-MM or YYYY-MM-DD begins, or ends."""
    year, *rest = map(int, partial.split("-"))
    return year + (rest[0] - 1 + is_end) / 12 if rest else year + is_end
