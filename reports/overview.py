"""What the overview shows: the register in words, its pictures, single projects, lessons."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from projects.asking import FACET_LABELS, Selection
from projects.asking.answers import IN_MATRIX, NOT_IN_MATRIX, OF_REPORT, PLACEHOLDERS
from projects.asking.phrases import IN_REGION, OF_SCOPES, ON_AREA
from projects.asking.published import Published, published
from projects.asking.selection import cubes
from projects.asking.sentences import stopped
from projects.citations import labelled, sentences
from projects.models import Edition, Project
from projects.models.querysets import Cubes
from projects.text import all_of, isolated
from projects.vocabulary import InMatrix, Provenance, Scope

from .breakdowns import Breakdown, Row
from .models import LEARNED, Kind, Statement

# The parameters of the question: label, the words for any value, and those for each.
QUESTION = [
    ("priority_area", FACET_LABELS["priority_area"], gettext_lazy("in any area"), ON_AREA.items()),
    (
        "scope",
        FACET_LABELS["scope"],
        gettext_lazy("of any scope"),
        [(scope, OF_SCOPES[(scope,)]) for scope in Scope],
    ),
    ("region", FACET_LABELS["region"], gettext_lazy("anywhere"), IN_REGION.items()),
]
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

    number: int
    path: str
    height: int

    @classmethod
    def of(cls, number: int) -> "Cells":
        full, rest = divmod(number, ACROSS)
        width, height = ACROSS * PITCH, (full + bool(rest)) * PITCH
        corner = f"V{full * PITCH}H{rest * PITCH}V{height}" if rest else f"V{height}"
        return cls(number, f"M0 0H{width}{corner}H0Z", height)


# A row with its published number as squares, if it has one; those of them that are described, as
# circles inside; and as circles below, the described activities that may be among them.
Block = tuple[Row, Cells | None, Cells | None, Cells | None]


def blocks(of_facet: Breakdown) -> tuple[list[Block], int]:
    """Return a block for each row, and how many projects a square is."""
    most = max(row.answer.number or 0 for row in of_facet.rows)
    each = 1
    while most > MOST_IN_A_BLOCK * each:
        each *= 10
    drawn: list[Block] = []
    for row in of_facet.rows:
        answer = row.answer
        squares = Cells.of(-(-answer.number // each)) if answer.number else None
        inside = Cells.of(-(-answer.in_matrix // each)) if answer.in_matrix else None
        drawn.append((row, squares, inside, Cells.of(answer.may_be) if answer.may_be else None))
    return drawn, each


def key_of(selection: Selection, each: int) -> list[tuple[str, str]]:
    """Return the key of the blocks as (look, words); one square is `each` projects."""
    answer, total = selection.answer, selection.answers.printed.whole
    squares = _("One square is %(number)s projects") % {"number": each}
    inside = _("A circle in a square: the project is described here.")
    below = _(
        "A circle below is a described activity. No source says whether it is one of the %(total)s."
    )
    return [
        ("published", squares if each > 1 else _("One square is one project")),
        *([("described inside", inside)] if answer.in_matrix else []),
        *([("described", below % {"total": total})] if answer.may_be else []),
    ]


def parts(of_facet: Breakdown) -> list[tuple[Row, str, str]]:
    """Return the rows as parts of one bar, with place and width in per cent.

    There are none where a number is not published.
    """
    numbers = [row.answer.number for row in of_facet.rows]
    stated = [number for number in numbers if number is not None]
    if len(stated) < len(numbers) or not sum(stated):
        return []
    total, x, drawn = sum(stated), 0, []
    for row, number in zip(of_facet.rows, stated, strict=True):
        drawn.append((row, f"{100 * x / total:.2f}", f"{100 * number / total:.2f}"))
        x += number
    return drawn


_NONE = gettext_lazy("It describes none of them.")
# Numbers of entries that a source describes, as sentences after the number of projects.
_DESCRIBED = {
    "own": ngettext_lazy(
        "It also describes %(own)s activity, and does not say whether it is among the %(total)s.",
        "It also describes %(own)s activities, and does not say whether they are among the "
        "%(total)s.",
        "own",
    ),
    "may_be": ngettext_lazy(
        "%(may_be)s described activity may be one of the %(total)s.",
        "%(may_be)s described activities may be among the %(total)s.",
        "may_be",
    ),
    "in_matrix": ngettext_lazy(
        "%(in_matrix)s of the %(total)s is described here.",
        "%(in_matrix)s of the %(total)s are described here.",
        "in_matrix",
    ),
    "more": ngettext_lazy(
        "%(more)s more described activity may be one of the %(total)s.",
        "%(more)s more described activities may be among the %(total)s.",
        "more",
    ),
    "others": ngettext_lazy(
        "%(others)s other project is described here.",
        "%(others)s other projects are described here.",
        "others",
    ),
}
_ALL = ngettext_lazy("It is described here.", "All %(total)s are described here.", "total")


def described_in_words(selection: Selection) -> list[str]:
    """Return a sentence for each kind of entries that a source describes."""
    answer, own = selection.answer, selection.of_report
    numbers = {
        "own": own,
        "in_matrix": answer.in_matrix,
        "more" if own else "may_be": max(0, answer.may_be - own),
        "others": answer.others,
    }
    values = {**numbers, "total": answer.number}
    is_all = answer.in_matrix == answer.number
    none = [str(_NONE)] if answer.number and not (own or answer.in_matrix) else []
    return none + [
        str((_ALL if is_all and kind == "in_matrix" else _DESCRIBED[kind]) % values)
        for kind, number in numbers.items()
        if number
    ]


def described_projects() -> list[Project]:
    """Return described projects, the first of each area before the second of any."""
    entries = Project.published.exclude(provenance=Provenance.COUNTED).in_order("reference")
    columns = ("reference", "title", "summary", "priority_area", "edition_id")
    projects = entries.only(*columns).prefetch_related("entities")[:MOST_PROJECTS]
    rank: Counter[str] = Counter()
    places = {}
    for project in projects:
        places[project] = rank[project.priority_area]
        rank[project.priority_area] += 1
    return sorted(places, key=lambda one: places[one])


def learned() -> QuerySet[Statement]:
    """Return the report's practices, lessons and experiences."""
    return Statement.published.of_report().filter(kind__in=LEARNED)


def quotations() -> list[Statement]:
    """Return the first lessons that can be quoted alone."""
    lessons = learned().filter(kind=Kind.LESSON).annotate(length=Length("quotation"))
    of_size = lessons.filter(length__gte=SHORTEST, length__lte=LONGEST)
    return [*of_size.select_related("document")[:MOST_QUOTATIONS]]


# What entries are, after their number. The report's own activities are last: they are a sentence.
_ENTRIES: dict[str, Any] = {
    "placeholders": ngettext_lazy("placeholder", "placeholders", "number"),
    "in_matrix": ngettext_lazy(
        "described project of the matrix", "described projects of the matrix", "number"
    ),
    "may_be": ngettext_lazy(
        "described activity that may be one of the %(total)d",
        "described activities that may be among the %(total)d",
        "number",
    ),
    "others": ngettext_lazy("other project", "other projects", "number"),
    "of_report": ngettext_lazy(
        "activity that the report describes; it does not say whether it is among the %(total)d",
        "activities that the report describes; it does not say whether they are among the "
        "%(total)d",
        "number",
    ),
}


def _entries_in_words(cubes: Cubes, total: int) -> list[str]:
    """Return how many entries of each kind there are; the report counts `total` projects."""
    every, _placed, of_other_reports = cubes
    open_ones = {**OF_REPORT, "in_matrix": [InMatrix.NOT_STATED, InMatrix.YES]}
    counts = {
        "placeholders": every.where(PLACEHOLDERS).total,
        "in_matrix": every.where(IN_MATRIX).total,
        "may_be": 0,
        "others": every.where(NOT_IN_MATRIX).total,
        "of_report": every.where(open_ones).total - of_other_reports.where(OF_REPORT).total,
    }
    counts["may_be"] = every.total - sum(counts.values())
    return [
        f"{number} {text % {'number': number, 'total': total}}"
        for kind, text in _ENTRIES.items()
        if (number := counts[kind])
    ]


def description_of(cubes: Cubes, printed: Published) -> str:
    """Return what a table with these cubes is, by what its report prints."""
    every, placed, _of_other_reports = cubes
    total = printed.whole
    if not total:
        return _("A table of projects on preventing violent extremism.")
    values = {"total": total, "symbol": isolated(printed.symbol)}
    values |= {"now": every.total, "placed": placed.total}
    table = _("A table of the projects that %(symbol)s counts")
    if every.where(PLACEHOLDERS).total and every.total == total:
        table = _("A table of %(total)d entries made to fit the totals in %(symbol)s")
    there = _entries_in_words(cubes, total)
    said = stopped(labelled(table % values, all_of(there)) if there else table % values)
    text = _("%(placed)d entries stand for projects that it counts; there are %(now)d in all.")
    return sentences([said, text % values if every.total != total else ""])


def heading_of(printed: Published) -> tuple[str, str]:
    """Return what a report counts and how many; and the language of that, if not the reader's."""
    if printed.about and printed.whole:
        return printed.about.headed(printed.whole)
    return _("United Nations projects on preventing violent extremism"), ""


def description(edition: Edition | None = None) -> str:
    """Return what the report counts, and what the register or an edition has of it."""
    printed = published(edition)
    counted = stopped(heading_of(printed)[0]) if printed.whole else ""
    return sentences([counted, description_of(cubes(edition), printed)])
