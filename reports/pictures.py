"""Positions and lengths, without colours, of the pictures that templates draw from the matrix."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.urls import reverse

from projects.asking import Selection, turned
from projects.asking.answers import Answer
from projects.cube import VOCABULARIES, Cube
from projects.models import Edition, Project, cached
from projects.vocabulary import PriorityArea, Provenance, Scope

# Above this number of projects strips are drawn, since single squares show nothing.
MOST_SQUARES = 2000
PITCH = 12  # a square and the gap next to it
FILLS = 5  # shades of the map of regions
# The squares, in their order.
LOOKS = {
    Provenance.CONFIRMED: "square-confirmed",
    Provenance.NAMED: "square-described",
    Provenance.COUNTED: "square-counted",
}


@dataclass(frozen=True)
class Square:
    key: int
    x: str
    look: str
    reference: str
    title: str
    address: str
    is_asked_for: bool = True


@dataclass(frozen=True)
class Strip:
    x: str
    width: str
    look: str


@dataclass(frozen=True)
class MatrixRow:
    """An area with its projects as squares, or as strips if there are too many.

    `query` adds it to the filters or removes it; `described` counts those that a source describes.
    """

    slug: str
    label: str
    answer: Answer
    query: str
    is_chosen: bool
    described: int
    squares: tuple[Square, ...]
    strips: tuple[Strip, ...]


@dataclass(frozen=True)
class Matrix:
    """All areas; `width` is the longest row's, in the units of the squares."""

    rows: tuple[MatrixRow, ...]
    width: int


def matrix(selection: Selection, whole: Cube) -> Matrix:
    """Return the whole register, with that cube, by area; projects not asked for are dimmed."""
    counts = whole.counts("priority_area")
    longest = max(counts.values()) or 1
    of_each = whole.total <= MOST_SQUARES
    squares = _squares(selection) if of_each else {}
    chosen = selection.asked.conditions.get("priority_area", ())
    rows = []
    for area in PriorityArea:
        cube = whole.where({"priority_area": [area]}).counts("provenance")
        found = selection.cube.where({"priority_area": [area]})
        rows.append(
            MatrixRow(
                area.value,
                str(area.label),
                selection.answers.of({"priority_area": [area]}),
                turned(selection.asked, "priority_area", area.value),
                area.value in chosen,
                found.total - found.counts("provenance")[Provenance.COUNTED],
                squares.get(area.value, ()),
                () if of_each else _strips(cube, longest),
            )
        )
    return Matrix(tuple(rows), longest * PITCH if of_each else 100)


def _squares(selection: Selection) -> dict[str, tuple[Square, ...]]:
    known = _all_squares(selection.asked.edition)
    if not selection.asked.is_filtered:
        return known
    asked_for = set(selection.rows.order_by().values_list("pk", flat=True))
    return {
        area: tuple(replace(one, is_asked_for=one.key in asked_for) for one in squares)
        for area, squares in known.items()
    }


@cached
def _all_squares(edition: Edition | None) -> dict[str, tuple[Square, ...]]:
    known = Project.every.of_edition(edition).order_by("edition_id", "number")
    order = [*LOOKS]
    projects = sorted(
        known.values_list("pk", "reference", "title", "priority_area", "provenance"),
        key=lambda one: order.index(one[-1]),
    )
    found: dict[str, list[Square]] = {}
    for key, reference, title, area, provenance in projects:
        row = found.setdefault(area, [])
        x = str(len(row) * PITCH + 1)
        address = reverse("project-detail", args=[reference])
        row.append(Square(key, x, LOOKS[Provenance(provenance)], reference, title, address))
    return {area: tuple(row) for area, row in found.items()}


def _strips(counts: Mapping[str, int], longest: int) -> tuple[Strip, ...]:
    strips, x = [], 0
    for provenance, look in LOOKS.items():
        count = counts[provenance]
        strips.append(Strip(f"{100 * x / longest:.2f}", f"{100 * count / longest:.2f}", look))
        x += count
    return tuple(strips)


@dataclass(frozen=True)
class Tile:
    """A value with its number; `query` adds it to the filters or removes it."""

    slug: str
    label: str
    answer: Answer
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Share(Tile):
    """A value as a part of one bar; in per cent."""

    x: str
    width: str


def scope_bar(selection: Selection) -> tuple[Share, ...]:
    """Return the scopes as parts of one bar: every project has one of them."""
    tiles = [_tile(selection, "scope", scope.value, str(scope.label)) for scope in Scope]
    # Of ranges no part of a bar is known.
    counts = [one.number or 0 for _slug, _label, one, *_rest in tiles]
    total, x, shares = sum(counts) or 1, 0, []
    for tile, count in zip(tiles, counts, strict=True):
        shares.append(Share(*tile, f"{100 * x / total:.2f}", f"{100 * count / total:.2f}"))
        x += count
    return tuple(shares)


@dataclass(frozen=True)
class Field(Tile):
    """A value as a field of a map; `fill`, from 0 to FILLS, is relative to the highest number."""

    fill: int


def regions(selection: Selection) -> list[Field]:
    """Return every region with its number; only published numbers fill its field."""
    choices = VOCABULARIES["region"].choices
    tiles = [_tile(selection, "region", slug, str(label)) for slug, label in choices]
    known = [answer.number or 0 for _slug, _label, answer, *_rest in tiles]
    most = max(known) or 1
    return [
        Field(*tile, -(-FILLS * number // most)) for tile, number in zip(tiles, known, strict=True)
    ]


def _tile(
    selection: Selection, facet: str, slug: str, label: str
) -> tuple[str, str, Answer, str, bool]:
    asked = selection.asked
    chosen = slug in asked.conditions.get(facet, ())
    answer = selection.answers.of({facet: [slug]})
    return slug, label, answer, turned(asked, facet, slug), chosen
