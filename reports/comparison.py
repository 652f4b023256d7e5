"""Two sets of projects side by side."""

from dataclasses import dataclass

from projects.asking.filters import ProjectFilter

from .breakdowns import BREAKDOWNS, Row, breakdown


@dataclass(frozen=True)
class Option:
    """A facet's value as a switch: `query` is the side's filter with it turned round."""

    label: str
    count: int
    chosen: bool
    query: str


@dataclass(frozen=True)
class Side:
    """One of the two sets: its filter, and per facet the switches that change it."""

    name: str
    filter: ProjectFilter
    facets: list[tuple[str, list[Option]]]


@dataclass(frozen=True)
class Pair:
    """A row of both breakdowns; `difference` is b minus a, shares are of the longest bar."""

    a: Row
    b: Row
    a_share: str
    b_share: str
    difference: str


@dataclass(frozen=True)
class PairedBreakdown:
    """The same breakdown of both sets; `unit` is projects or mentions."""

    title: str
    unit: str
    a_total: int
    b_total: int
    difference: str
    pairs: list[Pair]


def side(name: str, projects: ProjectFilter) -> Side:
    """Return one side of the comparison with the switches that edit it."""
    facets = []
    for facet, label, values in projects.facets:
        options = []
        for value in values:
            chosen = projects.conditions.get(facet, [])
            others = [slug for slug in chosen if slug != value.slug]
            turned = others if value.chosen else [*chosen, value.slug]
            query = projects.narrowed(**{facet: turned})
            options.append(Option(value.label, value.count, value.chosen, query))
        facets.append((str(label), options))
    return Side(name, projects, facets)


def paired(a: ProjectFilter, b: ProjectFilter) -> list[PairedBreakdown]:
    """Return the three breakdowns of both sets, row beside row."""
    breakdowns = []
    for slug in BREAKDOWNS:
        first, second = breakdown(slug, a), breakdown(slug, b)
        longest = max(row.count for row in [*first.rows, *second.rows]) or 1
        pairs = [
            Pair(
                one,
                other,
                f"{100 * one.count / longest:.1f}",
                f"{100 * other.count / longest:.1f}",
                difference(one.count, other.count),
            )
            for one, other in zip(first.rows, second.rows, strict=True)
        ]
        breakdowns.append(
            PairedBreakdown(
                str(first.title),
                first.unit,
                first.total,
                second.total,
                difference(first.total, second.total),
                pairs,
            )
        )
    return breakdowns


def difference(a: int, b: int) -> str:
    """Return b minus a with its sign, "0" for none."""
    return f"{b - a:+d}" if a != b else "0"
