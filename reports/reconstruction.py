"""From a report's totals and its named projects to the rows that the totals count.

The report (A/72/621, paras. 22, 24, 25) prints how many projects there are per area, scope and
region, and describes a dozen. The rows made here add up to exactly those totals. What was
assigned only to that end is marked as allocated, and nothing else is said of a counted project.

Paragraph 25 is read as covering regional and national projects: "61 ... 55 ... 22 ... 12 ... 3"
are 153 mentions, which the 66 regional projects alone could carry only if at least 50 of them
were in both Africa and the Middle East and North Africa.
"""

from collections import Counter
from itertools import chain

from projects.vocabulary import Basis, PriorityArea, Provenance, Region, Scope, Status


def spread(counts: dict) -> list:
    """Return every value as often as it counts, each spread evenly over the whole length.

    Item k of n stands at position (k + 1/2) / n; all values are merged in that order.
    """
    places = [
        ((2 * k + 1) / (2 * n), order, value)
        for order, (value, n) in enumerate(counts.items())
        for k in range(n)
    ]
    return [value for _place, _order, value in sorted(places)]


def reconstruct(total: int, areas: dict, scopes: dict, mentions: dict, named: list[dict]):
    """Return the projects as dictionaries of field values, those named first.

    `areas`, `scopes` and `mentions` map every slug to the published figure, in the report's
    order; `named` are rows of named_projects.csv. Raises ValueError, with the sums, for figures
    that do not add up.
    """
    _check(total, areas, scopes, mentions)
    described = [_described(row) for row in named]
    rest = {
        "areas": _left("areas", areas, (row["priority_area"] for row in described)),
        "scopes": _left("scopes", scopes, (row["scope"] for row in described)),
        "mentions": _left("regions", mentions, chain(*(row["regions"] for row in described))),
    }
    projects = described + _counted(areas, rest["areas"], spread(rest["scopes"]))
    _allocate_regions(projects, rest["mentions"])
    for number, project in enumerate(projects, start=1):
        project["reference"] = f"PVE-{number:03d}"
    return projects


def _check(total: int, areas: dict, scopes: dict, mentions: dict) -> None:
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
    local = scopes[Scope.REGIONAL] + scopes[Scope.NATIONAL]
    most = local + scopes[Scope.REGIONAL]
    if not local <= sum(mentions.values()) <= most:
        raise ValueError(
            f"The regions add up to {sum(mentions.values())} mentions; {local} regional and "
            f"national projects with one region each, or two if regional, make {local} to {most}."
        )


def _left(name: str, figures: dict, taken) -> dict:
    taken = Counter(taken)
    left = {slug: figure - taken[slug] for slug, figure in figures.items()}
    for slug, figure in left.items():
        if figure < 0:
            raise ValueError(
                f"The named projects take {taken[slug]} of the {name} figure for {slug}, "
                f"which is only {figures[slug]}."
            )
    return left


def _described(row: dict) -> dict:
    paragraphs = row["paragraphs"].split(";")
    return {
        "title": row["title"],
        "summary": row["summary"],
        "priority_area": row["priority_area"],
        "priority_area_basis": row["priority_area_basis"],
        "scope": row["scope"],
        "scope_basis": row["scope_basis"],
        "regions": [region for region in Region.values if region in row["regions"].split(";")],
        "regions_basis": row["regions_basis"],
        "entities": row["entities"].split(";"),
        "status": row["status"] or Status.NOT_STATED.value,
        "start_date": row["start_date"],
        "end_date": row["end_date"],
        "methodology": row["methodology"],
        "provenance": Provenance.NAMED.value,
        "source": f"A/72/621, para{'s' * (len(paragraphs) > 1)}. {', '.join(paragraphs)}",
    }


def _counted(areas: dict, left: dict, scopes: list[str]) -> list[dict]:
    projects: list[dict] = []
    for area, number in left.items():
        for n in range(areas[area] - number + 1, areas[area] + 1):
            scope = scopes[len(projects)]
            projects.append(
                {
                    "title": f"{PriorityArea(area).label}: project {n} of {areas[area]}",
                    "priority_area": area,
                    "priority_area_basis": Basis.STATED.value,
                    "scope": scope,
                    "scope_basis": Basis.ALLOCATED.value,
                    "regions": [],
                    "regions_basis": "" if scope == Scope.GLOBAL else Basis.ALLOCATED.value,
                    "status": Status.NOT_STATED.value,
                    "provenance": Provenance.COUNTED.value,
                    "source": "A/72/621, para. 24",
                }
            )
    return projects


def _allocate_regions(projects: list[dict], left: dict) -> None:
    """Give every regional and national project without a region one; some regional ones two."""
    open_ = [p for p in projects if p["regions_basis"] == Basis.ALLOCATED]
    wide = [
        place
        for place, project in enumerate(open_)
        if project["scope"] == Scope.REGIONAL and project["provenance"] == Provenance.COUNTED
    ]
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
