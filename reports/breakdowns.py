"""How the projects that are asked for divide by area, scope or region."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.asking import FACET_LABELS, MANY_VALUED, Asked, Selection, query_of
from projects.asking.answers import STATE_LABELS, Answer, State
from projects.asking.words import sentence_about, title_about
from projects.cube import VOCABULARIES
from projects.vocabulary import MEANINGS, NOT_STATED


@dataclass(frozen=True)
class Row:
    """One value of a breakdown.

    Its bar begins at `start` and is `width` long, in per cent of the longest: a range is drawn from
    its least to its most. `query` lists its projects, and is None when no filter does.
    """

    slug: str
    label: str
    answer: Answer
    sentence: str
    start: str
    width: str
    query: str | None


@dataclass(frozen=True)
class Breakdown:
    """Numbers per value of a dimension, in the report's order.

    The rows and their `total` count in `unit`: projects, or counts where a project can be in
    several rows. `answer` counts each project once. `sentence` is about what is shown.
    """

    slug: str
    title: str
    dimension: str
    paragraph: str
    answer: Answer
    total: Answer
    sentence: str
    rows: tuple[Row, ...]

    @property
    def has_difference(self) -> bool:
        return any(row.answer.differs for row in self.rows)

    @property
    def states(self) -> list[tuple[str, str]]:
        """The states that occur, as (state, label)."""
        there = {row.answer.state for row in self.rows}
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


def span_of(answer: Answer) -> tuple[int, int]:
    """Return where the bar of a number begins and ends; of a range without a most, at its least."""
    if answer.exact is not None:
        return 0, answer.exact
    low = answer.low or 0
    return low, low if answer.high is None else answer.high


def listed(asked: Asked, dimension: str, value: str) -> str | None:
    """Return the query that lists the projects of a value, None where no filter does."""
    narrowed = asked.narrowing.with_value(dimension, value)
    return None if narrowed is None else query_of(narrowed)


def breakdown(slug: str, selection: Selection) -> Breakdown:
    dimension, title = BREAKDOWNS[slug]
    asked, choices = selection.asked.narrowing, VOCABULARIES[dimension].choices
    answers = {value: selection.answers.of({dimension: [value]}) for value, _label in choices}
    longest = max(span_of(answer)[1] for answer in answers.values()) or 1

    rows = []
    for value, label in choices:
        start, end = span_of(answers[value])
        rows.append(
            Row(
                value,
                str(label),
                answers[value],
                title_about(asked.but(**{dimension: [value]}), answers[value]),
                f"{100 * start / longest:.1f}",
                f"{100 * (end - start) / longest:.1f}",
                listed(asked, dimension, value),
            )
        )
    total = _total(dimension, selection, [*answers.values()])
    return Breakdown(
        slug=slug,
        title=str(title),
        paragraph=selection.answers.printed.paragraphs(dimension),
        dimension=dimension,
        answer=counted_by(selection, dimension),
        total=total,
        sentence=_sentence(dimension, selection, total, [*answers.values()]),
        rows=tuple(rows),
    )


def _total(dimension: str, selection: Selection, answers: list[Answer]) -> Answer:
    """Return what the rows add up to, which counts a project under each of its regions."""
    if dimension not in MANY_VALUED:
        return selection.answer
    state = max((one.state for one in answers), key=[*State].index)
    is_limited = state == State.RANGE and all(one.short != "?" for one in answers)
    return Answer(
        state,
        answers[0].conditions[:-1],
        selection.asked.queries,
        tuple(one.number or 0 for one in answers) if state == State.PUBLISHED else (),
        answers[0].paragraph,
        described=sum(one.described for one in answers),
        entries=sum(one.entries for one in answers),
        placeholders=sum(one.placeholders for one in answers),
        unknown=next((one.unknown for one in answers if one.unknown), ()),
        filed=sum(one.filed for one in answers),
        report=answers[0].report,
        low=sum(map(_least, answers)) if is_limited else None,
        high=sum(map(_most, answers)) if is_limited else None,
    )


def _sentence(dimension: str, selection: Selection, total: Answer, answers: list[Answer]) -> str:
    asked, states = selection.asked, {one.state for one in answers}
    by = {"dimension": str(FACET_LABELS[dimension]).lower(), "number": total.short}
    by["paragraph"] = total.report.regions
    if dimension == "region" and states == {State.PUBLISHED}:
        return (
            _(
                "%(number)s counts in paragraph %(paragraph)s; a project can be counted in several "
                "regions; how many projects they are is not stated."
            )
            % by
        )
    sentence = sentence_about(asked, selection.answer)
    if states == {State.PUBLISHED}:
        return sentence
    if State.RANGE in states:
        text = _("By %(dimension)s the report states nothing of them: its totals allow the ranges.")
        return f"{sentence} {text % by}"
    return sentence


def breakdowns(selection: Selection) -> list[Breakdown]:
    return [breakdown(slug, selection) for slug in BREAKDOWNS]


def describe(breakdown: Breakdown) -> str:
    """Return the chart in words, for those who do not see it."""
    rows = breakdown.rows
    return _("Bar chart of %(title)s, in the report’s order: %(rows)s.") % {
        "title": breakdown.title,
        "rows": "; ".join(f"{one.label}: {one.answer.short}, {one.answer.basis}" for one in rows),
    }


def as_rows(breakdown: Breakdown, filled_in: bool = False) -> list[dict]:
    """Return the rows as files carry them: slug, label, then the number and how it is known."""
    return [
        {"slug": row.slug, "label": row.label, **row.answer.as_data(filled_in)}
        for row in breakdown.rows
    ]


def share_of(part: Answer, whole: Answer) -> tuple[float, float] | None:
    """Return the lowest and highest share in per cent, None where whole or range is unknown."""
    total, is_of_report = whole.of_whole, part.state in (State.PUBLISHED, State.RANGE)
    if not total or not is_of_report or part.short == "?":
        return None
    return 100 * _least(part) / total, min(100.0, 100 * _most(part) / total)


def share_span(part: Answer, whole: Answer) -> tuple[float, float]:
    """Return where the bar of a share begins and ends, in per cent."""
    low, high = share_of(part, whole) or (0, 0)
    return 0 if low == high else low, high


def _least(answer: Answer) -> int:
    return answer.number if answer.number is not None else answer.low or 0


def _most(answer: Answer) -> int:
    return answer.number if answer.number is not None else answer.high or 0


def share_words(part: Answer, whole: Answer) -> str:
    """Return the share as printed: 27.4 %, or 0–66 % for a range."""
    share = share_of(part, whole)
    if share is None:
        return "?"
    low, high = share
    return f"{low:.1f} %" if low == high else f"{low:.0f}–{high:.0f} %"
