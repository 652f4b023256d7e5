"""Two sets of projects side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
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

from .breakdowns import BREAKDOWNS, counted_by, listed, share_span, share_words, span_of
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
        for facet in self.panel.facets:
            known = ((value.slug, value.name or value.label) for value in facet.values)
            asked = [
                (query_of(Asked.of(None, **{facet.name: [slug]})), name) for slug, name in known
            ]
            groups.append((facet.label, asked))
        if asked_for not in {query for _label, offered in groups for query, _name in offered}:
            groups.insert(
                0, (_("As it is"), [(asked_for, self.words.subject or self.words.sentence)])
            )
        return [
            (label, [(query, name, query == asked_for) for query, name in offered])
            for label, offered in groups
        ]


@dataclass(frozen=True)
class Part:
    """A value's number in a set; the query that lists it is None where none does.

    Its bar is in per cent of the longest. The share is empty where counts are shown.
    """

    answer: Answer
    start: str
    width: str
    query: str | None
    share: str


@dataclass(frozen=True)
class PairedRow:
    """A value with its number in both sets, A's first."""

    label: str
    parts: list[Part]
    difference: str


@dataclass(frozen=True)
class PairedBreakdown:
    """The same breakdown of both sets; `in_mentions`: a project can be in several rows."""

    title: str
    dimension_label: str
    in_mentions: bool
    totals: list[Answer]
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
    for facet in panel.facets:
        options = [
            Option(one.label, one.answer, one.chosen, turned(asked, facet.name, one.slug))
            for one in facet.values
        ]
        facets.append((facet.label, options))
    return Side(name, selection, panel, facets)


def paired(a: Selection, b: Selection, in_shares: bool = False) -> list[PairedBreakdown]:
    """Return the three breakdowns of both sets, as counts or as shares of each."""
    found = []
    for dimension, title in BREAKDOWNS.values():
        totals = [counted_by(one, dimension) for one in (a, b)]
        found.append(
            PairedBreakdown(
                title=str(title),
                dimension_label=str(FACET_LABELS[dimension]),
                in_mentions=dimension in MANY_VALUED,
                totals=totals,
                difference=difference(*totals),
                rows=_rows([a, b], dimension, totals if in_shares else []),
            )
        )
    return found


def _rows(sides: list[Selection], dimension: str, wholes: list[Answer]) -> list[PairedRow]:
    """Return the rows of a breakdown, in shares of the `wholes` if there are any."""
    values = VOCABULARIES[dimension].values
    pairs = {value: [one.answers.of({dimension: [value]}) for one in sides] for value in values}
    longest = max(1, *(span_of(one)[1] for pair in pairs.values() for one in pair))
    rows = []
    for value, pair in pairs.items():
        parts = []
        for place, (one, answer) in enumerate(zip(sides, pair, strict=True)):
            start, end = (100 * number / longest for number in span_of(answer))
            share = ""
            if wholes:
                start, end = share_span(answer, wholes[place])
                share = share_words(answer, wholes[place])
            query = listed(one.asked, dimension, value)
            parts.append(Part(answer, f"{start:.1f}", f"{end - start:.1f}", query, share))
        rows.append(
            PairedRow(label_of(dimension, value), parts, "" if wholes else difference(*pair))
        )
    return rows


def grid(breakdowns: list[PairedBreakdown]) -> list[list[str | int]]:
    lines: list[list] = []
    for one in breakdowns:
        for row in one.rows:
            known = {
                f"{side}_{k}": v
                for side, part in zip("ab", row.parts, strict=True)
                for k, v in flat(part.answer.as_data()).items()
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
