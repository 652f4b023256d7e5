"""Pictures that the server draws: the matrix itself, one square for each project.

What is drawn is data for a template: places and lengths, no colours. A picture stands beside the
numbers that it shows and leads where they lead.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from projects.asking import Selection, turned
from projects.asking.answers import Answer
from projects.cube import VOCABULARIES, Cube
from projects.models import Project, ProjectQuerySet
from projects.vocabulary import PriorityArea, Provenance, Scope

# Above this many projects a square each says nothing any more: strips take their place.
MOST_SQUARES = 2000
# And in the row of a single project's area.
MOST_IN_A_ROW = 200
# A square and the gap beside it.
PITCH = 12
# What fills a square; the order in which they stand.
LOOKS = {
    Provenance.CONFIRMED: "square-confirmed",
    Provenance.NAMED: "square-described",
    Provenance.COUNTED: "square-counted",
}


@dataclass(frozen=True)
class Square:
    """One project: where its square stands, how it is known, and whether it is asked for."""

    x: int
    look: str
    reference: str
    title: str
    is_asked_for: bool


@dataclass(frozen=True)
class Strip:
    """So many projects of one provenance: where they begin, and their length."""

    x: str
    width: str
    look: str


@dataclass(frozen=True)
class MatrixRow:
    """An area with its projects as squares, or as strips if there are too many.

    `query` asks for it, or takes it back if it is asked for; `described` of its projects are more
    than counted.
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
    """All areas; `width` is that of the longest row, in the units of the squares."""

    rows: tuple[MatrixRow, ...]
    width: int


def matrix(selection: Selection, whole: Cube) -> Matrix:
    """Return the whole register, of that cube, by area; what is not asked for dimmed."""
    counts = whole.counts("priority_area")
    longest = max(counts.values()) or 1
    of_each = whole.total <= MOST_SQUARES
    squares = _squares(selection) if of_each else {}
    chosen = selection.asked.conditions.get("priority_area", ())
    rows = []
    for area in PriorityArea:
        cube = whole.where({"priority_area": [area]}).counts("provenance")
        rows.append(
            MatrixRow(
                area.value,
                str(area.label),
                selection.answers.of({"priority_area": [area]}),
                turned(selection.asked, "priority_area", area.value),
                area.value in chosen,
                counts[area] - cube[Provenance.COUNTED],
                squares.get(area.value, ()),
                () if of_each else _strips(cube, longest),
            )
        )
    return Matrix(tuple(rows), longest * PITCH if of_each else 100)


def _squares(selection: Selection) -> dict[str, tuple[Square, ...]]:
    wanted = None
    if selection.asked.is_filtered:
        wanted = set(selection.rows.order_by().values_list("pk", flat=True))
    order = [provenance.value for provenance in LOOKS]
    found: dict[str, list[tuple]] = {}
    known = selection.whole.order_by("edition_id", "number")
    for pk, reference, title, area, provenance in known.values_list(
        "pk", "reference", "title", "priority_area", "provenance"
    ):
        shown = wanted is None or pk in wanted
        found.setdefault(area, []).append((order.index(provenance), reference, title, shown))
    return {
        area: tuple(
            Square(place * PITCH + 1, LOOKS[Provenance(order[look])], reference, title, shown)
            for place, (look, reference, title, shown) in enumerate(
                sorted(projects, key=lambda one: one[0])
            )
        )
        for area, projects in found.items()
    }


def _strips(counts: Mapping[str, int], longest: int) -> tuple[Strip, ...]:
    strips, x = [], 0
    for provenance, look in LOOKS.items():
        count = counts[provenance]
        strips.append(Strip(f"{100 * x / longest:.2f}", f"{100 * count / longest:.2f}", look))
        x += count
    return tuple(strips)


@dataclass(frozen=True)
class Place:
    """The squares of an area in the order of the matrix, and which of them is one project's.

    `runs` are so many squares of one look, each with where it begins; lengths are the matrix's.
    """

    runs: tuple[tuple[str, int, int], ...]
    x: int
    width: int
    described: int


def place(project: Project, register: ProjectQuerySet) -> Place | None:
    """Return where a project stands in the matrix of a register; None among too many squares."""
    beside = register.beside(project)
    total = sum(count for count, _before in beside.values())
    if total > MOST_IN_A_ROW:
        return None
    runs, x, own = [], 0, 0
    for provenance, look in LOOKS.items():
        count, before = beside.get(provenance, (0, 0))
        if provenance == project.provenance:
            own = x + before * PITCH
        if count:
            runs.append((look, x, count * PITCH))
        x += count * PITCH
    counted, _before = beside.get(Provenance.COUNTED, (0, 0))
    return Place(tuple(runs), own, x, total - counted)


@dataclass(frozen=True)
class Tile:
    """A value with its number; `query` asks for it, or takes it back if it is asked for."""

    slug: str
    label: str
    answer: Answer
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Share(Tile):
    """A value as a part of one bar: where it begins and its length, in per cent."""

    x: str
    width: str


def reach(selection: Selection) -> tuple[Share, ...]:
    """Return the scopes as parts of one bar: every project has one of them."""
    counts = selection.cube.counts("scope")
    total, x, shares = sum(counts.values()) or 1, 0, []
    for scope in Scope:
        count = counts[scope]
        tile = _tile(selection, "scope", scope.value, str(scope.label))
        shares.append(Share(*tile, f"{100 * x / total:.2f}", f"{100 * count / total:.2f}"))
        x += count
    return tuple(shares)


def regions(selection: Selection) -> list[Tile]:
    """Return every region with its number."""
    choices = VOCABULARIES["region"].choices
    return [Tile(*_tile(selection, "region", slug, str(label))) for slug, label in choices]


def _tile(
    selection: Selection, facet: str, slug: str, label: str
) -> tuple[str, str, Answer, str, bool]:
    asked = selection.asked
    chosen = slug in asked.conditions.get(facet, ())
    answer = selection.answers.of({facet: [slug]})
    return slug, label, answer, turned(asked, facet, slug), chosen
