"""What the report and other sources say of the words that projects are searched for."""

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy, ngettext, ngettext_lazy
from django.utils.translation import gettext as _

from projects.asking import Asked
from projects.asking.offers import Suggestion, in_english
from projects.asking.published import shown
from projects.asking.recognized import pieces, recognized, words_in
from projects.asking.selection import countries, directory
from projects.asking.terms import SHORTEST_BEGINNING, finding
from projects.citations import labelled, sentences
from projects.elsewhere.records import counted
from projects.models import cached
from projects.text import all_of, any_of, letters_and_digits, searchable, stem, words_of
from projects.text import quoted as in_marks
from projects.vocabulary import NOT_STATED

from ..models import Document, Paragraph, Statement

# What is around a word, and what no word has.
_AROUND, _DIGIT = re.compile(r"^\W+|\W+$"), re.compile(r"\d")
# The shortest part of a word that has a hyphen in the report, and may have none here.
SHORTEST_PART = 3
# The statements that the list quotes.
MOST_QUOTED = 3
# What readers ask for and a report may lack, by a word that its text would have: that it lacks it,
# and how many records elsewhere have it, by the name of that in their reading.
TOPICS: dict[str, tuple[Promise, str, Any]] = {
    "budget": (
        gettext_lazy("%(symbol)s prints no budget."),
        "money",
        ngettext_lazy(
            "One is published for %d project elsewhere.",
            "One is published for %d projects elsewhere.",
        ),
    ),
    "donor": (
        gettext_lazy("%(symbol)s names no donor."),
        "donors",
        ngettext_lazy(
            "%d project elsewhere names its donors.", "%d projects elsewhere name their donors."
        ),
    ),
    "result": (
        gettext_lazy("%(symbol)s prints no results of projects."),
        "outputs",
        ngettext_lazy(
            "%d project elsewhere publishes its outputs.",
            "%d projects elsewhere publish their outputs.",
        ),
    ),
}


def said_of_search(asked: Asked) -> dict[str, Any]:
    """Return what has the words searched for, and the entities; nothing for an edition."""
    if asked.edition:
        return {}
    entities = [one for one in asked.conditions.get("entity", ()) if one != NOT_STATED]
    if not asked.queries:
        return {"entities": entities}
    is_found = finding(asked.queries)
    every = [one for one, text in _statements() if is_found(text)]
    of_report = [one for one in every if one.is_of_report]
    documents = {one: sum(map(is_found, parts)) for one, parts in _paragraphs().items()}
    # Whole sentences, those that have the words first.
    said = {one.quotation: one for one in of_report if one.quotation.endswith(".")}
    quoted = sorted(said.values(), key=lambda one: not is_found(searchable(one.quotation)))
    return {
        "entities": entities,
        "quoted": quoted[:MOST_QUOTED],
        "count": len(of_report),
        "number": len(of_report) + sum(documents.values()),
        "elsewhere": len(every) - len(of_report),
        "texts": [(str(one), one.text_address, n) for one, n in documents.items() if n],
        "query": urlencode([("q", query) for query in asked.queries]),
    }


def targets(query: str, pages: Iterable[Any]) -> list[Suggestion]:
    """Return what a whole search means besides a question: paragraphs, the report, topic, page."""
    suggestions, meanings = [], recognized(query)
    numbers = [one.value for one in meanings if one.kind == "paragraph"]
    for part in Paragraph.objects.filter(number__in=numbers).select_related("document"):
        address = part.get_absolute_url()
        suggestions.append(Suggestion(_("Paragraph"), str(part), address, part.text))
    for piece in meanings:
        if piece.kind == "topic":
            suggestions.append(_of_topic(piece.value))
        elif piece.kind == "report" and (about := shown().about):
            label = labelled(piece.value, about.title)
            suggestions.append(Suggestion(_("The report"), label, reverse("contents")))
    names, title = {one.value for one in meanings if one.kind == "page"}, letters_and_digits(query)
    for page in pages:
        if page.name in names or letters_and_digits(str(page.title)) == title:
            suggestions.append(Suggestion(_("Page"), str(page.title), page.location))
            break
    return [one for one in suggestions if one.label and one.address]


def _of_topic(word: str) -> Suggestion:
    """Return that the report does not print it, and how many records elsewhere do."""
    lacks, name, elsewhere = TOPICS[word]
    symbol, _words = _report()
    said = [str(lacks) % {"symbol": symbol}] if symbol and not _is_in_report(word) else []
    if number := sum(bool(getattr(one.reading, name)) for one in counted()):
        said.append(elsewhere % number)
    return Suggestion(_("The report"), sentences(said), reverse("elsewhere"))


def lacking(query: str) -> str:
    """Return that the report does not contain words of a search, and what it contains instead.

    It is in English: a search in another language is looked up if it is a term with a translation.
    """
    (_symbol, of_report), codes = _report(), countries()
    acronyms = {one.acronym for one in directory()}
    texts = [one for one in in_english(query) if one not in acronyms and one not in codes]
    if not texts and get_language() == settings.LANGUAGE_CODE:
        unknown: set[str] = set()
        for said, meaning in pieces(query):
            kind, _is, slug = meaning.partition("=")
            if said == slug in codes:
                texts.append(codes[slug])
            elif kind in ("", "country"):
                unknown.update(words_in(said))
        # A word is quoted whole: “don't”, not “don” and “t”.
        texts += [one for one in query.split() if unknown & {*words_in(one)}]
    parts = (_AROUND.sub("", one) for text in texts for one in text.split())
    words = dict.fromkeys(one for one in parts if one.isascii() and not _DIGIT.search(one))
    missing = [one for one in words if one and not _is_printed(one)]
    if not missing or not of_report:
        return ""
    stems = {stem(part) for one in missing for part in words_of(one).split()}
    others = sorted(one for one in of_report if stem(one) in stems)
    text = ngettext(
        "The report does not contain the word %(words)s.",
        "The report does not contain the words %(words)s.",
        len(missing),
    )
    lines = [text % {"words": any_of(map(in_marks, missing))}]
    if others:
        lines.append(_("It contains %(words)s.") % {"words": all_of(map(in_marks, others))})
    return sentences(lines)


def _is_printed(word: str) -> bool:
    """Return whether the report has all parts of a word, or it with a hyphen: "nonviolence"."""
    parts = words_of(word).split()
    return letters_and_digits(word) in _pairs() or all(map(_is_in_report, parts))


def _is_in_report(word: str) -> bool:
    """Return whether the report has a word, or one that begins so if searches find it too."""
    _symbol, words = _report()
    is_begun = len(word) >= SHORTEST_BEGINNING and any(one.startswith(word) for one in words)
    return word in words or is_begun


@cached
def known_words() -> frozenset[str]:
    """Return the folded words of the report, and of the titles of projects elsewhere."""
    return _report()[1].union(*(words_of(one.title).split() for one in counted()))


@cached
def _report() -> tuple[str, frozenset[str]]:
    """Return the name of the report, and the folded words of its text; nothing without a text."""
    named = [str(one) for one in _paragraphs() if one.is_the_report]
    return "".join(named[:1]), frozenset(" ".join(_texts_of_report()).split())


@cached
def _pairs() -> frozenset[str]:
    """Return two words of the report that are next to each other, together."""
    words = " ".join(_texts_of_report()).split()
    pairs = pairwise(words)
    return frozenset(a + b for a, b in pairs if min(len(a), len(b)) >= SHORTEST_PART)


@cached
def _texts_of_report() -> list[str]:
    return next((texts for one, texts in _paragraphs().items() if one.is_the_report), [])


@cached
def _statements() -> list[tuple[Statement, str]]:
    """Return the statements, each with the text in which searches find it."""
    return [(one, one.searched) for one in Statement.published.of_kinds()]


@cached
def _paragraphs() -> dict[Document, list[str]]:
    """Return the texts of documents' paragraphs; a footnote belongs to its paragraph."""
    parts: dict[tuple[Document, str], list[str]] = defaultdict(list)
    for part in Paragraph.objects.select_related("document"):
        parts[part.document, part.carried_by or part.number].append(part.text)
    found: dict[Document, list[str]] = defaultdict(list)
    for (document, _number), texts in parts.items():
        found[document].append(searchable(*texts))
    return found
