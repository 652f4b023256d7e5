"""How the projects that a filter asks for divide by area, scope or region."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from projects.asking.filters import ProjectFilter
from projects.cube import BASES, DIMENSIONS
from projects.vocabulary import DOCUMENTED, Basis, Provenance

PROJECTS, MENTIONS = "projects", "mentions"


@dataclass(frozen=True)
class Part:
    """What has one provenance, of a row or of all; `query` lists the projects.

    `allocated` of them have their value of the dimension by allocation, and `allocated_query`
    lists those, `documented_query` the others; a query is None when no filter lists them.
    """

    provenance: str
    label: str
    count: int
    allocated: int
    query: str | None
    documented_query: str | None
    allocated_query: str | None

    @property
    def documented(self) -> int:
        """Those of which the value is stated or inferred."""
        return self.count - self.allocated


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
    result at all, by a classification that was allocated, where classifications are combined; the
    others are `documented`, and `documented_query` lists them.
    """

    slug: str
    title: str
    paragraph: str
    unit: str
    total: int
    projects: int
    allocated: int
    documented_query: str
    rows: list[Row]
    legend: list[Part]

    @property
    def documented(self) -> int:
        """The projects counted that are not among those `allocated`."""
        return self.projects - self.allocated

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

    kinds = (
        projects.of_basis(dimension, DOCUMENTED),
        projects.of_basis(dimension, [Basis.ALLOCATED]),
    )

    def listed(value: str | None, **changes) -> str | None:
        # Beside the regions asked for, others appear that the same projects mention as well; the
        # list cannot ask for "both", so such a row has nothing to link to.
        if value and chosen and value not in chosen:
            return None
        return projects.narrowed(**({dimension: [value]} if value else whole), **changes)

    def part(provenance: Provenance, value: str | None, count: int, allocated: int) -> Part:
        query = listed(value, provenance=[provenance.value])
        queries = (query, None)
        if allocated:
            queries = (
                None if kind is None else listed(value, provenance=[provenance.value], **kind)
                for kind in kinds
            )
        return Part(provenance.value, provenance.label, count, allocated, query, *queries)

    figures = {} if projects.is_filtered else published or {}
    printed = {value: figures.get(f"{dimension}={value}") for value in counts}
    longest = max(*counts.values(), *(figure or 0 for figure in printed.values())) or 1
    rows = []
    for value, label in DIMENSIONS[dimension].choices:
        parts = [
            part(provenance, value, part_counts[value], by_allocation[provenance][value])
            for provenance, part_counts in by_provenance.items()
        ]
        share, tick = (
            f"{100 * (number or 0) / longest:.1f}" for number in (counts[value], printed[value])
        )
        row = Row(value, label, counts[value], share, listed(value), parts, printed[value], tick)
        rows.append(row)
    legend = [
        part(provenance, None, one.total, allocated[provenance].total)
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
        documented_query=projects.narrowed(**whole, **projects.only_documented(dimension)),
        rows=rows,
        legend=legend,
    )


def breakdowns(projects: ProjectFilter, published: Mapping[str, int]) -> list[Breakdown]:
    """Return the three breakdowns of paragraphs 24 and 25."""
    return [breakdown(slug, projects, published) for slug in BREAKDOWNS]
