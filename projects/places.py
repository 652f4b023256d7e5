"""Who holds a place in the matrix that the basis report counts, and the placeholders left over.

A report prints how many projects there are by area, scope and region. Entries that hold a place
there are described; the others are placeholders, and all that is known of one is its area. Their
scopes and regions are filled in so that the totals add up, and say nothing of any project.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, chain, count
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation

from .asking import published
from .asking.published import Published
from .citations import cited
from .columns import ROWS_AT_ONCE
from .history import Revision, Snapshot, unrecorded
from .locks import queue_up
from .models import Project, highest_number
from .ranges import LOCAL, Totals
from .text import number_of, reference_of
from .vocabulary import (
    BY_SOURCE,
    NOT_COUNTED,
    NOT_STATED,
    REGION_COLUMNS,
    Basis,
    InMatrix,
    PriorityArea,
    Provenance,
    Review,
    Scope,
)

# What is written of a row: all of it is derived.
_DERIVED = (
    *("title", "title_sort", "search_text", "review", "holds_place", "is_of_other_report"),
    *("scope", "scope_basis", *REGION_COLUMNS.values(), "regions_basis"),
)


class Entry(NamedTuple):
    """What sources state of an entry that may hold a place; `is_sure` if one says that it does."""

    number: int
    is_sure: bool
    area: str
    scope: str = ""
    regions: frozenset[str] = frozenset()


class Moved(NamedTuple):
    """A total: its published number, and what the register counts there before and after."""

    dimension: str
    value: str
    published: int
    before: int
    after: int


@dataclass
class Place:
    """A place in the matrix: the `nth` of its area, and a scope and regions, maybe filled in."""

    area: str
    nth: int
    scope: str = ""
    regions: set[str] = field(default_factory=set)


def spread(counts: Mapping[str, int]) -> list[str]:
    """Return every value as often as it counts, spread evenly: item k of n is at (k + 1/2) / n."""
    places = [
        ((2 * k + 1) / (2 * n), order, value)
        for order, (value, n) in enumerate(counts.items())
        for k in range(n)
    ]
    return [value for _place, _order, value in sorted(places)]


def places(
    totals: Totals,
    entries: Iterable[Entry],
    stored: Mapping[str, Iterable[int]],
    free: Iterator[int],
) -> tuple[dict[int, Place], dict[int, Place]]:
    """Return the places of entries, and those of placeholders, by number.

    Entries whose source says that they are in the matrix come first; any other holds a place while
    its area has room, lowest number first. The placeholders of an area have the lowest numbers
    `stored` for it, then `free` ones. What is left of a total is never below zero, and what finds
    no room stays not stated; so totals that entries contradict raise nothing.
    """
    held, empty, taken = dict[int, Place](), dict[int, Place](), Counter[str]()
    for entry in sorted(entries, key=lambda one: (not one.is_sure, one.number)):
        if entry.is_sure or taken[entry.area] < totals.areas.get(entry.area, 0):
            taken[entry.area] += 1
            held[entry.number] = Place(entry.area, taken[entry.area], entry.scope, {*entry.regions})
    for area, whole in totals.areas.items():
        numbers = chain(stored.get(area, ()), free)
        for nth in range(taken[area] + 1, whole + 1):
            empty[next(numbers)] = Place(area, nth)
    _fill_scopes(totals, held, empty)
    left = _left(totals.regions, chain.from_iterable(one.regions for one in held.values()))
    local = [one for _number, one in sorted(empty.items()) if one.scope in totals.local]
    for region in sorted(left, key=lambda region: -left[region]):
        # The order of the numbers stays where the rest is equal.
        local_first = sorted(local, key=lambda one: (len(one.regions), LOCAL.index(one.scope)))
        for place in local_first[: left[region]]:
            place.regions.add(region)
    return held, empty


def _fill_scopes(totals: Totals, held: dict[int, Place], empty: dict[int, Place]) -> None:
    left = _left(totals.scopes, (one.scope for one in held.values()))
    for _number, place in sorted(held.items(), key=lambda item: (not item[1].regions, item[0])):
        if not place.scope:
            several = len(place.regions) > 1
            wanted = (
                [*LOCAL] if several else [*LOCAL[::-1]] if place.regions else [Scope.GLOBAL, *LOCAL]
            )
            if place.regions:
                # The report counts the regions of the first.
                wanted.sort(key=lambda scope: scope not in totals.local)
            place.scope = next((scope for scope in wanted if left.get(scope)), "")
            left[place.scope] = left.get(place.scope, 0) - 1
    left.pop("", None)
    # A place keeps its scope where it can, so that an edit changes few of them.
    starts = dict(zip(totals.areas, accumulate(totals.areas.values(), initial=0), strict=False))
    spread_out = spread(totals.scopes)
    for place in empty.values():
        nth = starts[place.area] + place.nth - 1
        place.scope = spread_out[nth] if nth < len(spread_out) else ""
    lacking = spread(_left(left, (one.scope for one in empty.values())))
    for _number, place in sorted(empty.items(), reverse=True):
        if left.get(place.scope, 0):
            left[place.scope] -= 1
        else:
            place.scope = lacking.pop() if lacking else ""


def _left(totals: Mapping[str, int], taken: Iterable[str]) -> dict[str, int]:
    counts = Counter(taken)
    return {value: max(0, number - counts[value]) for value, number in totals.items()}


def title_of(place: Place, whole: int) -> str:
    """Return a title that claims only the area under which the report counts the project."""
    return f"Unidentified project {place.nth} of {whole} ({_in_english(place.area)})"


@cache
def _in_english(area: str) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        label = str(PriorityArea(area).label)
    return label[:1].lower() + label[1:]


def basis_report() -> tuple[str, Published]:
    """Return the slug of the report that the register is kept equal to, and its figures, as now."""
    printed = published.read_published("")
    return (printed.about.slug if printed.about else ""), printed


def entry_of(values: Mapping[str, Any], slug: str) -> Entry | None:
    """Return an entry that may hold a place in the matrix of a report, None if it cannot."""
    is_public = values.get("review") not in NOT_COUNTED
    is_entry = values["provenance"] != Provenance.COUNTED and is_public
    is_of_report = values.get("report") == slug and values.get("in_matrix") != InMatrix.NO
    if not (is_entry and is_of_report and values["priority_area_basis"] in BY_SOURCE):
        return None
    scope = values["scope"] if values["scope_basis"] in BY_SOURCE else ""
    regions = values["regions"] if values["regions_basis"] in BY_SOURCE else ()
    number = number_of(values["reference"]) or 0
    is_sure = values.get("in_matrix") == InMatrix.YES
    return Entry(number, is_sure, values["priority_area"], scope, frozenset(regions))


@transaction.atomic
def update(makes: bool = False) -> None:
    """Derive who holds a place and the placeholders again; only what differs is written.

    A register without placeholders gets some if it `makes` them, for a new basis.
    """
    queue_up()
    slug, printed = basis_report()
    rows = _rows(slug)
    entries = [entry for row in rows if (entry := entry_of(row, slug))]
    stored: dict[str, list[int]] = {}
    for row in rows:
        if row["provenance"] == Provenance.COUNTED and row["report"] == slug:
            stored.setdefault(row["priority_area"], []).append(row["number"])
    totals = printed.totals
    if totals and (stored or makes):
        held, empty = places(totals, entries, stored, _free())
    else:
        # Nothing is known to be left over.
        whole = Totals(0, Counter(one.area for one in entries), {}, {})
        held, empty = places(totals or whole, entries, {}, count())
        empty = {}
    changed = {}
    for row in rows:
        number = row["number"]
        if row["provenance"] == Provenance.COUNTED:
            after = _placeholder(empty.pop(number, None), totals)
        else:
            after = _entry(row, held.get(number))
            after["is_of_other_report"] = row["report"] not in ("", slug)
        if any(row[name] != value for name, value in after.items()):
            changed[row["pk"]] = after
    if changed or empty:
        with unrecorded("what is derived says nothing of any project"):
            _write(changed)
            _make(slug, printed, empty)


def _free() -> Iterator[int]:
    yield from count(highest_number() + 1)


def _rows(slug: str) -> list[dict[str, Any]]:
    """Return the rows that hold a place, or could, by number; without a basis all of them could."""
    given = Q(provenance=Provenance.COUNTED) | Q(holds_place=True)
    given |= Q(scope_basis=Basis.ALLOCATED) | Q(regions_basis=Basis.ALLOCATED)
    # What is said of another report's matrix is no more said of the basis, or is again.
    given |= ~Q(report="") | Q(is_of_other_report=True)
    given_rows = Project.live.filter(given).order_by("number")
    rows = given_rows.values(
        *("pk", "number", "reference", "report", "in_matrix", "provenance"),
        *("priority_area", "priority_area_basis"),
        *(name for name in _DERIVED if name not in ("title_sort", "search_text")),
    )
    regions = REGION_COLUMNS.items()
    return [row | {"regions": [one for one, name in regions if row[name]]} for row in rows]


def _placeholder(place: Place | None, totals: Totals | None) -> dict[str, Any]:
    if place is None or totals is None:
        return {"review": Review.SET_ASIDE.value, "holds_place": False}
    return {
        "title": title_of(place, totals.areas[place.area]),
        "review": Review.REVIEWED.value,
        "holds_place": True,
        **_filled_in("scope", place.scope),
        **_regions(place.regions),
    }


def _entry(row: Mapping[str, Any], place: Place | None) -> dict[str, Any]:
    after: dict[str, Any] = {"holds_place": place is not None}
    if row["scope_basis"] not in BY_SOURCE:
        after |= _filled_in("scope", place.scope if place else "")
    return after if row["regions_basis"] in BY_SOURCE else after | _regions(())


def _filled_in(column: str, value: str) -> dict[str, str]:
    return {column: value, f"{column}_basis": Basis.ALLOCATED.value if value else ""}


def _regions(regions: Iterable[str]) -> dict[str, Any]:
    there = {name: region in regions for region, name in REGION_COLUMNS.items()}
    return there | {"regions_basis": Basis.ALLOCATED.value if regions else ""}


def _write(changed: Mapping[int, Mapping[str, Any]]) -> None:
    found = Project.live.in_bulk([*changed])
    for pk, values in changed.items():
        for name, value in values.items():
            setattr(found[pk], name, value)
    Project.live.write_over(found.values(), _DERIVED)


def _make(slug: str, printed: Published, empty: Mapping[int, Place]) -> None:
    """Make the rows of placeholders that are needed and were never there."""
    source = cited(printed.symbol, printed.paragraphs("priority_area"))
    made = []
    for number, place in empty.items():
        shared = {
            "reference": reference_of(number),
            "priority_area": place.area,
            "priority_area_basis": Basis.STATED.value,
            "provenance": Provenance.COUNTED.value,
            "in_matrix": InMatrix.YES.value,
            "source": source,
            "report": slug,
        }
        made.append(Project(**shared, **_placeholder(place, printed.totals)))
    Project.live.bulk_create(made, batch_size=ROWS_AT_ONCE)


def report_after(old: Snapshot | None, in_matrix: str, key: Any, slug: str) -> str:
    """Return the report whose matrix an entry is, or may be, one of, once `in_matrix` is said.

    Both yes and no are said of the matrix of the basis, whose slug is given; what is said no more
    gives back the report of before.
    """
    was, report = (str((old or {}).get(name, "")) for name in ("in_matrix", "report"))
    if in_matrix == (was or NOT_STATED):
        return report
    if in_matrix != NOT_STATED:
        return slug
    revisions = Revision.objects.of_model(Project).filter(object_id=key).order_by("-pk")
    versions = chain.from_iterable(revisions.values_list("new", "old"))
    before = (one["report"] for one in versions if one and one["in_matrix"] == NOT_STATED)
    return str(next(before, report))


def standing() -> list[Entry]:
    """Return the entries of the register that may hold a place."""
    slug, _printed = basis_report()
    return [one for row in _rows(slug) if (one := entry_of(row, slug))]


def entries_of(versions: Iterable[Snapshot | None]) -> list[Entry]:
    """Return these versions of entries as far as they may hold a place; None is no entry."""
    slug, _printed = basis_report()
    return [one for version in versions if version and (one := entry_of(version, slug))]


def moved_totals(before: Collection[Entry], after: Collection[Entry]) -> list[Moved]:
    """Return the areas, scopes and regions whose total is moved where entries become others.

    Entries with other numbers stay as they are. An area, scope or region moves if the greater of
    its published number and of the entries that hold a place there differs.
    """
    printed, numbers = basis_report()[1], {one.number for one in chain(before, after)}
    if printed.totals is None:
        return []
    others = [one for one in standing() if one.number not in numbers]
    was, now = (_held(printed.totals, [*others, *some]) for some in (before, after))
    return [
        Moved(dimension, value, number, max(number, was[dimension, value]), greater)
        for (dimension, value), (number, _paragraph) in printed.figures.items()
        if dimension
        and (greater := max(number, now[dimension, value])) != max(number, was[dimension, value])
    ]


def _held(totals: Totals, entries: list[Entry]) -> Counter[tuple[str, str]]:
    """Return how many entries hold a place by area, and by stated scope and region."""
    held, _empty = places(totals, entries, {}, count())
    found = Counter(("priority_area", one.area) for one in held.values())
    for one in entries:
        if one.number in held:
            found["scope", one.scope] += 1
            found.update(("region", region) for region in one.regions)
    return found
