"""How the projects that are asked for divide by area, scope or region."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.asking import FACET_LABELS, MANY_VALUED, Asked, Selection, query_of, turned
from projects.asking.answers import STATE_LABELS, Answer, State
from projects.cube import BASES, VOCABULARIES, Cube
from projects.vocabulary import DOCUMENTED, MEANINGS, NOT_STATED, PriorityArea


@dataclass(frozen=True)
class Row:
    """One value of a breakdown.

    `share` is its percentage of the longest bar, `tick` that of the `published` figure. The queries
    list its projects and its documented ones, None when no filter does; `turned` adds the value to
    the filters, or removes it.
    """

    slug: str
    label: str
    count: int
    share: str
    query: str | None
    turned: str
    is_chosen: bool
    published: int | None
    tick: str
    answer: Answer
    documented_query: str | None


@dataclass(frozen=True)
class Breakdown:
    """Counts per value of a dimension, in the report's order.

    `total` and the rows count in `unit`: projects, or mentions where a project can be in several
    rows. `answer` and `documented` (those placed in their row by a source) count each
    project once.
    """

    slug: str
    title: str
    dimension: str
    paragraph: str
    total: int
    answer: Answer
    documented: int
    documented_query: str | None
    rows: tuple[Row, ...]

    @property
    def ranked(self) -> list[Row]:
        """The rows, longest bar first and other areas last, as in the report."""
        return sorted(self.rows, key=lambda row: (row.slug == PriorityArea.OTHER, -row.count))

    @property
    def has_reconstruction(self) -> bool:
        return any(row.answer.state == State.RECONSTRUCTION for row in self.rows)

    @property
    def has_difference(self) -> bool:
        return any(row.answer.differs for row in self.rows)

    @property
    def states(self) -> list[tuple[str, str]]:
        """The states that occur, as (state, label); a reconstruction can be documented in part."""
        there = {row.answer.state for row in self.rows}
        partly = (row for row in self.rows if row.answer.state == State.RECONSTRUCTION)
        if any(row.answer.documented for row in partly):
            there.add(State.DOCUMENTED)
        return [(state.value, str(STATE_LABELS[state])) for state in State if state in there]

    @property
    def unit(self) -> str:
        return "mentions" if self.in_mentions else "projects"

    @property
    def in_mentions(self) -> bool:
        return self.dimension in MANY_VALUED

    @property
    def dimension_label(self) -> str:
        return str(FACET_LABELS[self.dimension])

    @property
    def meanings(self) -> list[tuple[str, str]]:
        """The values whose label needs an explanation, as (label, meaning)."""
        meanings = ((row.label, str(MEANINGS.get(row.slug, ""))) for row in self.rows)
        return [(label, meaning) for label, meaning in meanings if meaning]


# slug in the address: dimension, title
BREAKDOWNS = {
    "priority-area": ("priority_area", gettext_lazy("Projects by priority area")),
    "scope": ("scope", gettext_lazy("Projects by scope")),
    "region": ("region", gettext_lazy("Regional and national projects by region")),
}


class _Builder:
    def __init__(self, dimension: str, selection: Selection, cube: Cube):
        self.dimension, self.cube, self.answers = dimension, cube, selection.answers
        self.asked = selection.asked.narrowing

    def listed(self, value: str | None, asked: Asked | None) -> str | None:
        """Return the query that lists the projects of a value, or of all; None if none does."""
        if asked and value:
            asked = asked.with_value(self.dimension, value)
        elif asked and self.dimension == "region":
            asked = with_any_region(asked)
        return None if asked is None else query_of(asked)

    def rows(self, printed: Mapping[str, int | None]) -> tuple[Row, ...]:
        counts = self.cube.counts(self.dimension)
        longest = max(*counts.values(), *(figure or 0 for figure in printed.values())) or 1
        found = []
        for value, label in VOCABULARIES[self.dimension].choices:
            share, tick = (
                f"{100 * (number or 0) / longest:.1f}" for number in (counts[value], printed[value])
            )
            found.append(
                Row(
                    value,
                    str(label),
                    counts[value],
                    share,
                    self.listed(value, self.asked),
                    turned(self.asked, self.dimension, value),
                    value in self.asked.conditions.get(self.dimension, ()),
                    printed[value],
                    tick,
                    self.answers.of({self.dimension: [value]}),
                    self.listed(value, self.asked.only_documented(self.dimension)),
                )
            )
        return tuple(found)


def with_any_region(asked: Asked) -> Asked:
    """Return the same without the projects that have no region, which no region counts."""
    asked_for = asked.conditions.get("region", ())
    chosen = [region for region in asked_for if region != NOT_STATED]
    return asked.but(region=chosen or VOCABULARIES["region"].values)


def counted_by(selection: Selection, dimension: str) -> Answer:
    """Return the number of distinct projects in the rows of a breakdown."""
    if dimension != "region":
        return selection.answer
    return selection.answers.of({"region": with_any_region(selection.asked).conditions["region"]})


def breakdown(
    slug: str, selection: Selection, published: Mapping[str, int] | None = None
) -> Breakdown:
    """Return a breakdown; `published` figures, by filter, are compared with the whole register."""
    dimension, title = BREAKDOWNS[slug]
    asked, cube = selection.asked, selection.cube
    whole = asked.narrowing
    if dimension == "region":
        whole = with_any_region(whole)
        cube = cube.where({"region": whole.conditions["region"]})
    known, _is_all = selection.before_vocabularies.known([whole.vocabulary_conditions()])
    builder = _Builder(dimension, selection, cube)
    figures = {} if asked.is_filtered else published or {}
    values = VOCABULARIES[dimension].values
    return Breakdown(
        slug=slug,
        title=str(title),
        paragraph=selection.answers.printed.paragraphs(dimension),
        dimension=dimension,
        total=sum(cube.counts(dimension).values()),
        answer=counted_by(selection, dimension),
        documented=known.where({BASES[dimension]: DOCUMENTED}).total,
        documented_query=builder.listed(None, whole.only_documented(dimension)),
        rows=builder.rows({value: figures.get(f"{dimension}={value}") for value in values}),
    )


def breakdowns(selection: Selection, published: Mapping[str, int]) -> list[Breakdown]:
    return [breakdown(slug, selection, published) for slug in BREAKDOWNS]


def describe(breakdown: Breakdown) -> str:
    """Return the chart in words, for those who do not see it."""
    if not breakdown.total:
        return _("Bar chart without bars: no project is counted.")
    text = _("Bar chart of %(title)s, longest bar first: %(rows)s.")
    if breakdown.dimension == "priority_area":
        text = _("Bar chart of %(title)s, longest bar first, other areas last: %(rows)s.")
    return text % {
        "title": breakdown.title,
        "rows": "; ".join(f"{row.label}: {row.answer.words}" for row in breakdown.ranked),
    }


def as_rows(breakdown: Breakdown) -> list[dict[str, str | int | None]]:
    """Return the rows as files carry them: slug, label, count, then how each is known."""
    return [
        {"slug": row.slug, "label": row.label, "count": row.count, **row.answer.as_data()}
        for row in breakdown.rows
    ]


def share_of(part: Answer, whole: Answer) -> tuple[float, float] | None:
    """Return the lowest and highest share in per cent, None where whole or range is unknown."""
    total = whole.published if whole.published is not None else whole.reconstruction
    if whole.state == State.RECONSTRUCTION or not total:
        return None
    if part.state != State.RECONSTRUCTION:
        number = part.published if part.published is not None else part.reconstruction
        return 100 * number / total, 100 * number / total
    if part.range is None:
        return None
    return 100 * part.range.low / total, min(100.0, 100 * part.range.high / total)


def share_words(part: Answer, whole: Answer) -> str:
    """Return the share as printed: 27.4 %, or 0–66 % for a reconstruction."""
    share = share_of(part, whole)
    if share is None:
        return "?"
    low, high = share
    return f"{low:.1f} %" if part.state != State.RECONSTRUCTION else f"{low:.0f}–{high:.0f} %"
