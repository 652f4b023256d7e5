"""How the projects that a filter asks for divide by area, scope or region."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from projects.cube import DIMENSIONS
from projects.filters import ProjectFilter
from projects.vocabulary import Provenance

PROJECTS, MENTIONS = "projects", "mentions"


@dataclass(frozen=True)
class Part:
    """The projects or mentions of a row that have one provenance; `query` lists its projects."""

    provenance: str
    label: str
    count: int
    query: str | None


@dataclass(frozen=True)
class Row:
    """One value of a breakdown.

    `share` is its percentage of the longest bar; `query` lists its projects, or is None when no
    filter does (a region beside those asked for).
    """

    slug: str
    label: str
    count: int
    share: str
    query: str | None
    parts: list[Part]


@dataclass(frozen=True)
class Breakdown:
    """Counts per value of a dimension, in the report's order.

    `unit` says what `total` and the rows count: projects, or mentions where a project can be
    counted in several rows; `projects` is the number of distinct projects counted in any row.
    """

    slug: str
    title: str
    paragraph: str
    unit: str
    total: int
    projects: int
    rows: list[Row]
    legend: list[Part]


# slug in the address: dimension, title, paragraph of A/72/621
BREAKDOWNS = {
    "priority-area": ("priority_area", _("Projects by priority area"), "24"),
    "scope": ("scope", _("Projects by scope"), "25"),
    "region": ("region", _("Mentions of regions by regional and national projects"), "25"),
}


def breakdown(slug: str, projects: ProjectFilter) -> Breakdown:
    """Return the breakdown with that slug of the projects that a valid filter asks for."""
    dimension, title, paragraph = BREAKDOWNS[slug]
    counts = projects.cube.counts(dimension)
    by_provenance = {
        provenance: projects.cube.where({"provenance": [provenance]}).counts(dimension)
        for provenance in Provenance
    }
    longest = max(counts.values()) or 1
    chosen = projects.conditions.get(dimension, [])
    rows = []
    for value, label in DIMENSIONS[dimension].choices:
        # Beside the regions asked for, others appear that the same projects mention as well; the
        # list cannot ask for "both", so such a row has nothing to link to.
        linked = not chosen or value in chosen
        parts = [
            Part(
                provenance.value,
                provenance.label,
                by_count[value],
                projects.narrowed(**{dimension: [value], "provenance": [provenance.value]})
                if linked
                else None,
            )
            for provenance, by_count in by_provenance.items()
        ]
        query = projects.narrowed(**{dimension: [value]}) if linked else None
        share = f"{100 * counts[value] / longest:.1f}"
        rows.append(Row(value, label, counts[value], share, query, parts))
    legend = [
        Part(
            provenance.value,
            provenance.label,
            sum(by_count.values()),
            projects.narrowed(provenance=[provenance.value]),
        )
        for provenance, by_count in by_provenance.items()
        if sum(by_count.values())
    ]
    is_region = dimension == "region"
    return Breakdown(
        slug=slug,
        title=title,
        paragraph=paragraph,
        unit=MENTIONS if is_region else PROJECTS,
        total=sum(counts.values()),
        projects=projects.cube.with_region if is_region else projects.total,
        rows=rows,
        legend=legend,
    )


def breakdowns(projects: ProjectFilter) -> list[Breakdown]:
    """Return the three breakdowns of paragraphs 24 and 25."""
    return [breakdown(slug, projects) for slug in BREAKDOWNS]
