"""Two sets of projects side by side."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.asking import (
    FACET_LABELS,
    MANY_VALUED,
    Asked,
    Links,
    Panel,
    Selection,
    Words,
    query_of,
    turned,
)
from projects.asking.answers import Answer, State
from projects.asking.words import label_of, sentence_about, subject_of
from projects.cube import VOCABULARIES
from projects.models import Edition
from projects.vocabulary import PriorityArea, Provenance, Region, Scope

from .breakdowns import BREAKDOWNS, counted_by, listed, share_of, share_words, span_of
from .files import flat


@dataclass(frozen=True)
class Option:
    """A facet's value as a switch: `query` is the side's filter with it added or removed."""

    label: str
    answer: Answer
    chosen: bool
    query: str


@dataclass(frozen=True)
class Side:
    name: str
    selection: Selection
    panel: Panel
    facets: list[tuple[str, list[Option]]]

    @property
    def links(self) -> Links:
        return Links(self.selection.asked)

    @property
    def words(self) -> Words:
        return Words(self.selection)

    def choices(self, editions: Iterable[Edition]) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """Return the picker's choices, in groups of (query, label, whether it is asked for)."""
        asked_for = query_of(self.selection.asked.narrowing)
        frozen = [(query_of(Asked.of(edition)), str(edition)) for edition in editions]
        whole = [("", _("The whole register")), *frozen]
        groups = [(_("Register and editions"), whole)]
        for facet, label, values in self.panel.facets:
            known = ((value.slug, value.name or value.label) for value in values)
            asked = [(query_of(Asked.of(None, **{facet: [slug]})), name) for slug, name in known]
            groups.append((label, asked))
        if asked_for not in {query for _label, offered in groups for query, _name in offered}:
            groups.insert(
                0, (_("As it is"), [(asked_for, self.words.subject or self.words.sentence)])
            )
        return [
            (label, [(query, name, query == asked_for) for query, name in offered])
            for label, offered in groups
        ]


@dataclass(frozen=True)
class Span:
    """A number or a range as a bar, in per cent of the longest."""

    state: str
    start: str
    width: str


@dataclass(frozen=True)
class PairedRow:
    """A value's numbers in both sets, with the queries that list them, None where none does.

    The shares are empty where counts are shown.
    """

    label: str
    a: Answer
    b: Answer
    difference: str
    a_span: Span
    b_span: Span
    a_query: str | None
    b_query: str | None
    a_share: str = ""
    b_share: str = ""


@dataclass(frozen=True)
class PairedBreakdown:
    """The same breakdown of both sets; `in_mentions`: a project can be in several rows."""

    title: str
    dimension_label: str
    in_mentions: bool
    a: Answer
    b: Answer
    difference: str
    rows: list[PairedRow]


# Suggested where nothing is chosen yet: a facet and two of its values.
SUGGESTED = (
    ("region", Region.AFRICA, Region.ASIA),
    ("scope", Scope.REGIONAL, Scope.NATIONAL),
    ("priority_area", PriorityArea.YOUTH, PriorityArea.GENDER),
    ("provenance", Provenance.NAMED, Provenance.COUNTED),
)


def suggestions() -> list[tuple[str, str]]:
    """Return comparisons to begin with, as (query of the address, both sides in words)."""
    found = []
    for facet, a, b in SUGGESTED:
        first, second = (query_of(Asked.of(None, **{facet: [value]})) for value in (a, b))
        label = f"{label_of(facet, a)} · {label_of(facet, b)}"
        found.append((urlencode({"a": first, "b": second}), label))
    return found


def side(name: str, selection: Selection) -> Side:
    asked, panel, facets = selection.asked.narrowing, Panel(selection), []
    for facet, label, values in panel.facets:
        options = []
        for one in values:
            query = turned(asked, facet, one.slug)
            options.append(Option(one.label, one.answer, one.chosen, query))
        facets.append((label, options))
    return Side(name, selection, panel, facets)


def paired(a: Selection, b: Selection, in_shares: bool = False) -> list[PairedBreakdown]:
    """Return the three breakdowns of both sets, as counts or as shares of each."""
    found = []
    for dimension, title in BREAKDOWNS.values():
        first, second = (counted_by(one, dimension) for one in (a, b))
        rows = _rows(a, b, dimension)
        if in_shares:
            rows = [_in_shares(row, first, second) for row in rows]
        found.append(
            PairedBreakdown(
                title=str(title),
                dimension_label=str(FACET_LABELS[dimension]),
                in_mentions=dimension in MANY_VALUED,
                a=first,
                b=second,
                difference=difference(first, second),
                rows=rows,
            )
        )
    return found


def _rows(a: Selection, b: Selection, dimension: str) -> list[PairedRow]:
    values = VOCABULARIES[dimension].values
    pairs = {value: [one.answers.of({dimension: [value]}) for one in (a, b)] for value in values}
    scale = max(1, *(span_of(one)[1] for pair in pairs.values() for one in pair))
    return [
        PairedRow(
            label_of(dimension, value),
            first,
            second,
            difference(first, second),
            _span(first, scale),
            _span(second, scale),
            listed(a.asked, dimension, value),
            listed(b.asked, dimension, value),
        )
        for value, (first, second) in pairs.items()
    ]


def _in_shares(row: PairedRow, a: Answer, b: Answer) -> PairedRow:
    return replace(
        row,
        a_share=share_words(row.a, a),
        b_share=share_words(row.b, b),
        a_span=_share_span(row.a, a),
        b_span=_share_span(row.b, b),
        difference="",
    )


def _share_span(part: Answer, whole: Answer) -> Span:
    low, high = share_of(part, whole) or (0, 0)
    start = 0 if low == high else low
    return Span(part.state, f"{start:.1f}", f"{high - start:.1f}")


def _span(answer: Answer, scale: int) -> Span:
    start, end = span_of(answer)
    return Span(answer.state, f"{100 * start / scale:.1f}", f"{100 * (end - start) / scale:.1f}")


def grid(breakdowns: list[PairedBreakdown]) -> list[list[str | int]]:
    lines: list[list] = []
    for one in breakdowns:
        for row in one.rows:
            known = {
                f"{side}_{k}": v
                for side in "ab"
                for k, v in flat(getattr(row, side).as_data()).items()
            }
            lines.append([one.title, row.label, *known.values(), row.difference])
            head = ["breakdown", "value", *known, "difference"]
    return [head, *lines]


def difference(a: Answer, b: Answer) -> str:
    """Return b minus a with its sign, empty where the report does not state both."""
    if a.of_whole is None or b.of_whole is None:
        return ""
    number = b.of_whole - a.of_whole
    return f"{number:+d}".replace("-", "−") if number else "0"


def sentence(a: Selection, b: Selection) -> str:
    """Return both numbers in a sentence, with their difference if the report states both."""
    numbers = [one.answer for one in (a, b)]
    if State.DESCRIBED in {one.state for one in numbers} and all(
        one.conditions and one.conditions[0][0] == "entity" and len(one.conditions) == 1
        for one in numbers
    ):
        known: dict = {"whole": numbers[0].report.whole}
        for side, one in zip("ab", numbers, strict=True):
            entities = get_text_list(list(one.conditions[0][1]), _("or"))
            number = one.described or _("none")
            if side == "a":
                number = (
                    ngettext("%d described activity", "%d described activities", one.described)
                    % one.described
                    if one.described
                    else _("No described activity")
                )
            known[side] = _("%(number)s of %(entity)s") % {"number": number, "entity": entities}
        return (
            _(
                "%(a)s, %(b)s. No difference is given: how many of the %(whole)d either has is not "
                "stated."
            )
            % known
        )
    sentences = [
        f"{side}: {subject_of(one.asked) or _('The whole register')}. "
        f"{sentence_about(one.asked, one.answer)}"
        for side, one in (("A", a), ("B", b))
    ]
    found = difference(*numbers)
    last = (
        _("Difference: %s.") % found
        if found
        else _("No difference is given: the report does not state both numbers.")
    )
    return " ".join([*sentences, last])
