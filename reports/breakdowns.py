"""How the projects that a filter asks for divide by area, scope or region."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from projects.cube import BASES, DIMENSIONS
from projects.filters import ProjectFilter
from projects.vocabulary import Basis, Provenance

PROJECTS, MENTIONS = "projects", "mentions"


@dataclass(frozen=True)
class Part:
    """What has one provenance, of a row or of all; `query` lists the projects.

    `allocated` of them have their value of the dimension by allocation.
    """

    provenance: str
    label: str
    count: int
    query: str | None
    allocated: int


@dataclass(frozen=True)
class Row:
    """One value of a breakdown, and its parts by provenance.

    `share` is its percentage of the longest bar; `query` lists its projects, or is None when no
    filter does (a region beside those asked for). `published` is the report's figure, if there is
    one to compare with, and `tick` its place on the bar in per cent.
    """

    slug: str
    label: str
    count: int
    share: str
    query: str | None
    parts: list[Part]
    published: int | None
    tick: str


@dataclass(frozen=True)
class Breakdown:
    """Counts per value of a dimension, in the report's order.

    `unit` says what `total` and the rows count: projects, or mentions where a project can be
    counted in several rows. `projects` is the number of distinct projects counted in any row,
    and the `legend` divides them by provenance. `allocated` of them are in their row, or in the
    result at all, by a classification that was allocated, where classifications are combined.
    """

    slug: str
    title: str
    paragraph: str
    unit: str
    total: int
    projects: int
    allocated: int
    rows: list[Row]
    legend: list[Part]

    @property
    def has_published(self) -> bool:
        """Whether a report's figures stand beside the counts."""
        return any(row.published is not None for row in self.rows)

    @property
    def in_mentions(self) -> bool:
        """Whether the rows count mentions."""
        return self.unit == MENTIONS


# slug in the address: dimension, title, paragraph of A/72/621
BREAKDOWNS = {
    "priority-area": ("priority_area", _("Projects by priority area"), "24"),
    "scope": ("scope", _("Projects by scope"), "25"),
    "region": ("region", _("Mentions of regions by regional and national projects"), "25"),
}


def breakdown(
    slug: str, projects: ProjectFilter, published: Mapping[str, int] | None = None
) -> Breakdown:
    """Return the breakdown with that slug of the projects that a valid filter asks for.

    `published` maps filters to a report's figures; it is compared with the whole register only.
    """
    dimension, title, paragraph = BREAKDOWNS[slug]
    is_region = dimension == "region"
    chosen = projects.conditions.get(dimension, [])
    # Projects without a region are in no row of the breakdown by region.
    whole = {"region": chosen or DIMENSIONS["region"].values} if is_region else {}
    cube = projects.cube.where(whole)
    counts = cube.counts(dimension)
    cubes = {
        provenance: cube.where({"provenance": [provenance]})
        for provenance in Provenance
        if cube.counts("provenance")[provenance]
    }
    by_provenance = {provenance: one.counts(dimension) for provenance, one in cubes.items()}
    allocated = {
        provenance: one.where({BASES[dimension]: [Basis.ALLOCATED]})
        for provenance, one in cubes.items()
    }
    by_allocation = {provenance: one.counts(dimension) for provenance, one in allocated.items()}
    figures = {} if projects.is_filtered else published or {}
    printed = {value: figures.get(f"{dimension}={value}") for value in counts}
    longest = max(*counts.values(), *(figure or 0 for figure in printed.values())) or 1
    rows = []
    for value, label in DIMENSIONS[dimension].choices:
        # Beside the regions asked for, others appear that the same projects mention as well; the
        # list cannot ask for "both", so such a row has nothing to link to.
        linked = not chosen or value in chosen
        query = projects.narrowed(**{dimension: [value]}) if linked else None
        parts = []
        for provenance, part_counts in by_provenance.items():
            only = {dimension: [value], "provenance": [provenance.value]}
            part_query = projects.narrowed(**only) if linked else None
            parts.append(
                Part(
                    provenance.value,
                    provenance.label,
                    part_counts[value],
                    part_query,
                    by_allocation[provenance][value],
                )
            )
        share, tick = (
            f"{100 * (number or 0) / longest:.1f}" for number in (counts[value], printed[value])
        )
        rows.append(Row(value, label, counts[value], share, query, parts, printed[value], tick))
    legend = [
        Part(
            provenance.value,
            provenance.label,
            one.total,
            projects.narrowed(**whole, provenance=[provenance.value]),
            allocated[provenance].total,
        )
        for provenance, one in cubes.items()
    ]
    combined = projects.combines(dimension)
    return Breakdown(
        slug=slug,
        title=title,
        paragraph=paragraph,
        unit=MENTIONS if is_region else PROJECTS,
        total=sum(counts.values()),
        projects=cube.total,
        allocated=cube.allocated({*projects.conditions, dimension}) if combined else 0,
        rows=rows,
        legend=legend,
    )


def breakdowns(projects: ProjectFilter, published: Mapping[str, int]) -> list[Breakdown]:
    """Return the three breakdowns of paragraphs 24 and 25."""
    return [breakdown(slug, projects, published) for slug in BREAKDOWNS]
