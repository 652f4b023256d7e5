"""How the projects that are asked for divide by area, scope or region."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from projects.asking import FACET_LABELS, MANY_VALUED, Asked, Selection, query_of
from projects.asking.answer import (
    KINDS,
    STATE_LABELS,
    Answer,
    DescribedAnswer,
    EntriesAnswer,
    PublishedAnswer,
    RangeAnswer,
    State,
    Why,
)
from projects.asking.phrases import of_all
from projects.asking.sentences import sentence_about, title_about, unsaid_of
from projects.citations import cited, filled, labelled, sentences
from projects.cube import VOCABULARIES
from projects.vocabulary import MEANINGS, NOT_STATED, Comparator, RegionsOf


@dataclass(frozen=True)
class Bar:
    """A number as a bar, from 0 or from the least of a range; `ends` are written next to it.

    Its projects, in `sentence`, are listed at `address`, which is empty where no filter lists them.
    `filed` is the number of this register's entries where that differs; `side` the place of the bar
    in a comparison.
    """

    state: State
    start: float
    end: float
    ends: tuple[str, str]
    sentence: str
    address: str
    filed: int | None = None
    side: int | None = None

    @property
    def length(self) -> float:
        return self.end - self.start


@dataclass(frozen=True)
class Line:
    """What is drawn below a label: one bar, or one for each side of a comparison."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Row:
    """One value of a breakdown; `query` lists its projects, and is None when no filter does."""

    slug: str
    label: str
    answer: Answer
    bar: Bar
    query: str | None


@dataclass(frozen=True)
class Breakdown:
    """Numbers per value of a dimension, in the report's order.

    The rows and their `total` count in `unit`: projects, or counts where a project can be in
    several rows. `answer` counts each project once. `sentence` is about what is shown, `headline`
    says how much of all the largest number is, and `with_place` the same with its paragraph.
    Without such a fact they have the title, and the title with the sentence.
    """

    slug: str
    title: str
    headline: str
    with_place: str
    dimension: str
    paragraph: str
    answer: Answer
    total: Answer
    sentence: str
    rows: tuple[Row, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(Line(row.label, (row.bar,)) for row in self.rows)

    @property
    def longest(self) -> float:
        return max(row.bar.end for row in self.rows) or 1

    @property
    def has_difference(self) -> bool:
        return any(row.answer.differs for row in self.rows)

    @property
    def states(self) -> list[tuple[str, str]]:
        """The states that occur, as (state, label)."""
        # A zero that a rule makes exact is no bar.
        bars = (row.bar for row in self.rows if row.answer.why != Why.RULE)
        there = {bar.state for bar in bars}
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
# Of a report that counts the regions of fewer projects.
_TITLES = {
    RegionsOf.REGIONAL: gettext_lazy("Regional projects by region"),
    RegionsOf.NATIONAL: gettext_lazy("National projects by region"),
}


def with_any_region(asked: Asked) -> Asked:
    """Return the same without the projects that have no region, which no region counts."""
    asked_for = asked.conditions.get("region", ())
    chosen = [region for region in asked_for if region != NOT_STATED]
    return asked.but(region=chosen or VOCABULARIES["region"].values)


def breakdown(slug: str, selection: Selection) -> Breakdown:
    """Return the numbers by a dimension."""
    dimension, title = BREAKDOWNS[slug]
    asked, choices = selection.asked.narrowing, VOCABULARIES[dimension].choices
    answers = {value: selection.answers.of({dimension: [value]}) for value, _label in choices}
    whole = selection.answer  # of distinct projects
    if dimension == "region":
        whole = selection.answers.of({"region": with_any_region(asked).conditions["region"]})
    rows = []
    for value, label in choices:
        answer, narrowed = answers[value], asked.with_value(dimension, value)
        query = None if narrowed is None else query_of(narrowed)
        bar = bar_of(asked, answer, query)
        rows.append(Row(value, str(label), answer, bar, query))
    total = _total(dimension, selection, [*answers.values()])
    if dimension == "region":
        title = _TITLES.get(selection.answers.printed.regions_of, title)
    sentence = _sentence(dimension, selection, whole, total, rows)
    headline, with_place = str(title), str(labelled(title, sentence))
    *_others, second, largest = sorted(answers.values(), key=lambda one: one.figure)
    is_known = all(one.share for one in answers.values()) and not asked.is_filtered
    if is_known and largest.figure > second.figure:
        headline = of_all(largest)
        with_place = title_about(asked, largest, headline)
        shared = sentence_about(Asked(), largest, of_all(largest, True))
        sentence = sentences([sentence, shared])
    return Breakdown(
        slug=slug,
        title=str(title),
        headline=headline,
        with_place=with_place,
        paragraph=selection.answers.printed.paragraphs(dimension),
        dimension=dimension,
        answer=whole,
        total=total,
        sentence=sentence,
        rows=tuple(rows),
    )


def bar_of(asked: Asked, answer: Answer, query: str | None) -> Bar:
    """Return a number as a bar; the query lists its projects."""
    address = "" if query is None else f"{reverse('project-list')}?{query}"
    filed = answer.filed if answer.differs else None
    # Counted from confirmed entries, it is no range that totals allow.
    state = State.DESCRIBED if answer.why == Why.CONFIRMED else answer.state
    sentence = title_about(asked, answer, of_all(answer, True))
    return Bar(state, *_span(answer), sentence, address, filed)


def _span(answer: Answer) -> tuple[float, float, tuple[str, str]]:
    """Return where the bar of a number begins and ends, and what is next to it.

    That of a range begins at its least. Without a most it ends there too.
    """
    exact = answer.exact if answer.number is None else answer.number
    if exact is not None:
        return 0, exact, ("", answer.short)
    ends = ("", answer.short) if answer.range is None else (str(answer.low), str(answer.high))
    return _least(answer), _most(answer), ends


def _total(dimension: str, selection: Selection, answers: list[Answer]) -> Answer:
    """Return what the rows add up to, which counts a project under each of its regions."""
    if dimension not in MANY_VALUED:
        return selection.answer
    state = max((one.state for one in answers), key=[*State].index)
    shared: dict[str, Any] = {
        "conditions": answers[0].conditions[:-1],
        "queries": selection.asked.queries,
        **{kind: sum(getattr(one, kind) for one in answers) for kind in KINDS},
        "filed": sum(one.filed for one in answers),
        "report": answers[0].report,
    }
    if state == State.PUBLISHED and all(one.of_whole is not None for one in answers):
        printed = tuple(one.number or 0 for one in answers)
        return PublishedAnswer(**shared, printed=printed, paragraph=answers[0].paragraph)
    if state == State.DESCRIBED:
        return DescribedAnswer(**shared)
    if state == State.ENTRIES:
        counted = [one for one in answers if isinstance(one, EntriesAnswer)]
        return EntriesAnswer(
            **shared,
            unknown=next((one.unknown for one in counted if one.unknown), ()),
            number_of_entries=sum(one.number_of_entries for one in counted),
            number_of_placeholders=sum(one.number_of_placeholders for one in counted),
        )
    if any(one.short == "?" or one.comparator not in (None, Comparator.EQUAL) for one in answers):
        return RangeAnswer(**shared)
    return RangeAnswer(**shared, low=sum(map(_least, answers)), high=sum(map(_most, answers)))


def _sentence(
    dimension: str, selection: Selection, whole: Answer, total: Answer, rows: list[Row]
) -> str:
    answers = [row.answer for row in rows]
    said: list[str | Promise] = [sentence_about(selection.asked, selection.answer)]
    if dimension == "region" and total.number is not None:
        counts = ngettext(
            "%(number)d count by region (%(place)s).",
            "%(number)d counts by region (%(place)s).",
            total.number or 0,
        )
        place = cited(total.report["symbol"], total.report["regions"])
        said[0] = filled(counts, {"number": total.number, "place": place})
        counted = _(
            "A project can be counted in several regions: they are %(low)d projects, counted from "
            "the confirmed entries."
        )
        unknown = _(
            "A project can be counted in several regions; how many projects they are is not stated."
        )
        said.append(counted % {"low": whole.low} if whole.why == Why.CONFIRMED else unknown)
    if any(one.is_open for one in answers):
        unsaid = unsaid_of(dimension, [selection.answer])
        if dimension in selection.asked.conditions:
            others = _("The report does not say in which other regions they are.")
            unsaid = others if dimension == "region" else ""
        is_ranged = unsaid or State.PUBLISHED in {one.state for one in answers}
        said += [unsaid, _("For each part, its totals allow a range.") if is_ranged else ""]
    return sentences(said)


def breakdowns(selection: Selection) -> list[Breakdown]:
    return [breakdown(slug, selection) for slug in BREAKDOWNS]


def as_rows(breakdown: Breakdown, filled_in: bool = False) -> list[dict]:
    """Return the rows as files carry them: slug, label, then the number and how it is known."""
    return [
        {"slug": row.slug, "label": row.label, **row.answer.as_data(filled_in)}
        for row in breakdown.rows
    ]


def _least(answer: Answer) -> int:
    return answer.number if answer.number is not None else answer.low or 0


def _most(answer: Answer) -> int:
    return _least(answer) if answer.high is None else answer.high
