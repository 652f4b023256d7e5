"""What the overview shows: the measures of its pictures, single projects, what was learned."""

from collections import Counter
from dataclasses import dataclass

from django.db.models.functions import Length

from projects.models import Project
from projects.vocabulary import Provenance

from .breakdowns import Breakdown, Row
from .models import STATEMENT_PAGES, Kind, Statement

PITCH = 12  # a square and the gap next to it
ACROSS = 8  # squares of a block next to each other
# Above this number in one block each square is ten projects, or a hundred.
MOST_IN_A_BLOCK = 200
# On a wide screen the first CARDS have a card each.
MOST_PROJECTS, CARDS = 12, 6
MOST_QUOTATIONS = 3
# Characters: shorter ones need their context, longer ones are no longer read at a glance.
SHORTEST, LONGEST = 95, 160


@dataclass(frozen=True)
class Cells:
    """Squares or circles, some next to each other: `path` is where they are, `height` theirs."""

    path: str
    height: int

    @classmethod
    def of(cls, number: int) -> "Cells":
        full, rest = divmod(number, ACROSS)
        width, height = ACROSS * PITCH, (full + bool(rest)) * PITCH
        corner = f"V{full * PITCH}H{rest * PITCH}V{height}" if rest else f"V{height}"
        return cls(f"M0 0H{width}{corner}H0Z", height)


@dataclass(frozen=True)
class Block:
    """A row of a breakdown: its published number as squares, its described activities as circles.

    Without a published number there are no squares.
    """

    row: Row
    squares: Cells | None
    circles: Cells | None


def blocks(one: Breakdown) -> tuple[list[Block], int]:
    """Return a block for each row, and how many projects a square is."""
    most = max(row.answer.number or 0 for row in one.rows)
    each = 1
    while most > MOST_IN_A_BLOCK * each:
        each *= 10
    found = []
    for row in one.rows:
        number, described = row.answer.number, row.answer.described
        found.append(
            Block(
                row,
                Cells.of(-(-number // each)) if number else None,
                Cells.of(described) if described else None,
            )
        )
    return found, each


@dataclass(frozen=True)
class Part:
    """A row of a breakdown as a part of one bar; in per cent."""

    row: Row
    x: str
    width: str


def parts(one: Breakdown) -> list[Part]:
    """Return the rows as parts of one bar; none where a number is not published."""
    numbers = [row.answer.number for row in one.rows]
    known = [number for number in numbers if number is not None]
    if len(known) < len(numbers) or not sum(known):
        return []
    total, x, found = sum(known), 0, []
    for row, number in zip(one.rows, known, strict=True):
        found.append(Part(row, f"{100 * x / total:.2f}", f"{100 * number / total:.2f}"))
        x += number
    return found


def described_projects() -> list[Project]:
    """Return described projects, the first of each area before the second of any."""
    known = Project.published.exclude(provenance=Provenance.COUNTED).in_order("reference")
    columns = ("reference", "title", "summary", "priority_area", "edition_id")
    found = known.only(*columns).prefetch_related("entities")[:MOST_PROJECTS]
    rank: Counter[str] = Counter()
    places = {}
    for project in found:
        places[project] = rank[project.priority_area]
        rank[project.priority_area] += 1
    return sorted(places, key=lambda one: places[one])


def learned() -> int:
    """Return how many practices, lessons and experiences the report has."""
    return _learned().count()


def quotations() -> list[Statement]:
    """Return the first lessons that can be quoted alone."""
    lessons = _learned().filter(kind=Kind.LESSON).annotate(length=Length("quotation"))
    of_size = lessons.filter(length__gte=SHORTEST, length__lte=LONGEST)
    return [*of_size.select_related("document")[:MOST_QUOTATIONS]]


def _learned():
    return Statement.published.of_report().filter(kind__in=STATEMENT_PAGES["library"])
