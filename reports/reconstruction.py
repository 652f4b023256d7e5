"""Makes rows that add up to a report's totals, besides the activities that it describes.

A report prints the number of projects per area, scope and region. Elsewhere it describes some
activities, and does not say whether they are among these projects. An entry for one of them has the
values of the report's text; without wording on geography its scope is assigned, its region never.
Every assigned value is marked as allocated.

The counts by region are read as those of the regional and national projects. Where they are more
than these, giving every counted entry one region, and some regional ones two, is the register's own
choice: a few projects with five regions each would fit too. A report may count no regions: then no
entry has any.
"""

from collections import Counter
from collections.abc import Mapping
from itertools import chain

from projects.ranges import Totals
from projects.vocabulary import Basis, InMatrix, PriorityArea, Provenance, Region, Scope, Status

Figures = Mapping[str, int]  # by slug


def spread(counts: dict) -> list:
    """Return every value as often as it counts, spread evenly: item k of n is at (k + 1/2) / n."""
    places = [
        ((2 * k + 1) / (2 * n), order, value)
        for order, (value, n) in enumerate(counts.items())
        for k in range(n)
    ]
    return [value for _place, _order, value in sorted(places)]


def placeholders(source: str, totals: Totals, described: list[dict]) -> list[dict]:
    """Return the entries that make up the totals besides those described, as dictionaries.

    Raises ValueError for totals that do not add up, or that leave too few for the described.
    """
    areas, scopes, mentions = totals.areas, totals.scopes, totals.regions
    _check(totals.projects, areas, scopes, mentions)
    rest = {
        "areas": _left("areas", areas, (row["priority_area"] for row in described)),
        "scopes": _left("scopes", scopes, (row["scope"] for row in described)),
        "mentions": _left("regions", mentions, chain(*(row["regions"] for row in described))),
    }
    projects = _counted(source, areas, rest["areas"], spread(rest["scopes"]))
    if mentions:
        _allocate_regions(projects, rest["mentions"])
    return projects


def _check(total: int, areas: Figures, scopes: Figures, mentions: Figures) -> None:
    for name, figures in (("priority areas", areas), ("scopes", scopes)):
        if sum(figures.values()) != total:
            raise ValueError(
                f"The {name} add up to {sum(figures.values())}, not to the total of {total}: "
                + ", ".join(f"{slug} {figure}" for slug, figure in figures.items())
                + "."
            )
    for region, figure in mentions.items():
        if figure > scopes[Scope.REGIONAL] + scopes[Scope.NATIONAL]:
            raise ValueError(
                f"{figure} projects in {region} are more than are regional or national."
            )
    if not mentions:
        return
    local = scopes[Scope.REGIONAL] + scopes[Scope.NATIONAL]
    most = local + scopes[Scope.REGIONAL]
    if not local <= sum(mentions.values()) <= most:
        raise ValueError(
            f"The regions add up to {sum(mentions.values())} mentions; {local} regional and "
            f"national projects with one region each, or two if regional, make {local} to {most}."
        )


def _left(name: str, figures: Figures, taken) -> dict:
    taken = Counter(taken)
    left = {slug: figure - taken[slug] for slug, figure in figures.items()}
    for slug, figure in left.items():
        if figure < 0:
            raise ValueError(
                f"The named projects take {taken[slug]} of the {name} figure for {slug}, "
                f"which is only {figures[slug]}."
            )
    return left


def _counted(source: str, areas: Figures, left: dict, scopes: list[str]) -> list[dict]:
    projects: list[dict] = []
    for area, number in left.items():
        for n in range(areas[area] - number + 1, areas[area] + 1):
            scope = scopes[len(projects)]
            projects.append(
                {
                    "title": placeholder(area, n, areas[area]),
                    "priority_area": area,
                    "priority_area_basis": Basis.STATED.value,
                    "scope": scope,
                    "scope_basis": Basis.ALLOCATED.value,
                    "regions": [],
                    "regions_basis": "",
                    "status": Status.NOT_STATED.value,
                    "provenance": Provenance.COUNTED.value,
                    "in_matrix": InMatrix.YES.value,
                    "source": source,
                }
            )
    return projects


def placeholder(area: str, n: int, of: int) -> str:
    """Return a title that claims only the area under which the report counts the project."""
    label = str(PriorityArea(area).label)
    return f"Unidentified project {n} of {of} ({label[:1].lower()}{label[1:]})"


def _allocate_regions(projects: list[dict], left: dict) -> None:
    """Give every counted project that is not global a region; some regional ones two."""
    open_ = [project for project in projects if project["scope"] != Scope.GLOBAL]
    wide = [n for n, project in enumerate(open_) if project["scope"] == Scope.REGIONAL]
    second = sum(left.values()) - len(open_)
    if not 0 <= second <= len(wide):
        raise ValueError(
            f"After the named projects, {sum(left.values())} mentions are left for {len(open_)} "
            f"projects, of which {len(wide)} can have two regions."
        )
    twice = {wide[(2 * k + 1) * len(wide) // (2 * second)] for k in range(second)}
    mentions = spread(left)
    for place, project in enumerate(open_):
        regions = {mentions.pop(0)}
        if place in twice:
            others = [n for n, region in enumerate(mentions) if region not in regions]
            if not others:
                raise ValueError("One region has too many mentions to give each project two.")
            regions.add(mentions.pop(others[0]))
        project["regions"] = [region for region in Region.values if region in regions]
        project["regions_basis"] = Basis.ALLOCATED.value
