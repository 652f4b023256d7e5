"""A query in words, for pages: chips, removals, marks, and the sentences of its answer."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ..citations import CitedText, labelled
from ..text import any_of, capitalized, quoted
from ..vocabulary import NOT_STATED, SHORT_LABELS
from .answer import Answer
from .asked import CLASSIFICATIONS
from .links import parameters_of, query_of, suffix_of
from .phrases import FACET_LABELS, of_all, subject_of
from .reference import sourced
from .selection import Selection, label_of
from .sentences import report_sentence, sentence_about, title_about
from .terms import excerpt, marked


@dataclass(frozen=True)
class Chip:
    """A chosen value, condition or search, and the query string without it.

    `entity` is an acronym, `answer` the one without a condition of an empty result.
    """

    label: str
    query: str
    entity: str = ""
    answer: Answer | None = None


def asked_for(selection: Selection) -> dict[str, Any]:
    """Return what was asked for, the number of projects, and how it is known, as data."""
    asked, answer = selection.asked, selection.answer
    return {
        "sentence": sourced(sentence_about(asked, answer), asked),
        "answer": answer.as_data(asked.filled_in),
        "filters": parameters_of(asked.narrowing),
        "edition": asked.edition.slug if asked.edition else "",
    }


def with_marks(text: str, terms: Collection[str]) -> SafeString:
    return _in_html(marked(text, terms)) if terms else escape(text)


def _in_html(pieces: list[tuple[str, bool]]) -> SafeString:
    texts = ((format_html("<mark>{}</mark>", text) if found else text,) for text, found in pieces)
    return format_html_join("", "{}", texts)


def _label_of(facet: str, slug: str) -> str:
    """Return the label of a value that is read alone: with its facet, if it does not say it."""
    label = label_of(facet, slug)
    says_it = facet in CLASSIFICATIONS and slug != NOT_STATED
    return label if says_it else labelled(FACET_LABELS[facet], label)


class Words:
    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        self.asked = selection.asked

    @cached_property
    def sentence(self) -> CitedText:
        return sentence_about(self.asked, self.selection.answer)

    @property
    def leaving(self) -> str:
        """The sentence as it leaves the page."""
        return sourced(self.sentence, self.asked)

    @property
    def suffix(self) -> str:
        return suffix_of(self.asked)

    @cached_property
    def in_share(self) -> str:
        """The same as a share of all; empty where it is none."""
        said = of_all(self.selection.answer, True)
        return sentence_about(self.asked, self.selection.answer, said) if said else ""

    @cached_property
    def around_number(self) -> tuple[CitedText, str, CitedText]:
        """The sentence before, in and after the number of its answer, which may be in none."""
        said, number = self.sentence.marked, self.selection.answer.short
        found = re.search(rf"(?<![\d/,“-]){re.escape(number)}(?![\d/])", said)
        start, end = found.span() if found else (0, 0)
        return CitedText(said[:start]), said[start:end], CitedText(said[end:])

    @cached_property
    def title(self) -> str:
        return title_about(self.asked, self.selection.answer)

    @cached_property
    def report_sentence(self) -> str:
        return report_sentence(self.selection.answer, self.selection.answers)

    @property
    def chips(self) -> list[Chip]:
        asked, queries = self.asked, self.asked.queries
        chips = [
            Chip(quoted(query), query_of(asked.but(queries=queries[:n] + queries[n + 1 :])))
            for n, query in enumerate(queries)
        ]
        for facet, values in asked.conditions.items():
            for slug in values:
                rest = [value for value in values if value != slug]
                entity = slug if facet == "entity" else ""
                query = query_of(asked.but(**{facet: rest}))
                chips.append(Chip(_label_of(facet, slug), query, entity))
        return chips

    @property
    def heading(self) -> str:
        """What is asked for as a title has it: "Youth · Africa"; empty for all projects."""
        chosen = [
            str(SHORT_LABELS.get(slug) or _label_of(facet, slug))
            for facet, values in self.asked.conditions.items()
            for slug in values
        ]
        return " · ".join([*map(quoted, self.asked.queries), *chosen])

    def marked(self, text: str) -> SafeString:
        return with_marks(text, self.selection.all_terms)

    def excerpt(self, text: str) -> SafeString:
        """Return the part of a text with the first match, as HTML with marks."""
        return _in_html(excerpt(marked(text, self.selection.all_terms)))

    @cached_property
    def subject(self) -> str:
        return subject_of(self.asked)

    @cached_property
    def removals(self) -> list[Chip]:
        """For an empty result: the facets and searches without which projects are found."""
        queries = self.asked.queries
        labels = {}
        if queries:
            labels["queries"] = labelled(capitalized(_("search")), any_of(map(quoted, queries)))
        for facet, values in self.asked.conditions.items():
            chosen = any_of(label_of(facet, slug) for slug in values)
            labels[facet] = labelled(FACET_LABELS[facet], chosen)
        answers = {name: self.selection.without(name) for name in labels}
        return [
            Chip(labels[name], query_of(self.asked.but(**{name: ()})), answer=answer)
            for name, answer in answers.items()
            if answer.short != "0"
        ]
