"""What a search may have meant besides its words: filters, a project, other spellings.

They are offered with the result, and never applied automatically. While it is typed, projects,
entities and filters are suggested.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from itertools import chain
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rapidfuzz import process
from rapidfuzz.distance import OSA

from ..citations import labelled
from ..languages import called, country_names, names_in, searched_as
from ..models import Edition, Entity, Project, cached
from ..models.conditions import RELEVANCE
from ..text import (
    all_of,
    capitalized,
    fold,
    followed_by,
    letters_and_digits,
    quoted,
    reference_of,
    singular,
    stem,
    words_of,
)
from .asked import CLASSIFICATIONS, FACETS, Asked, facet_choices
from .links import query_of, suffix_of
from .phrases import FACET_LABELS
from .recognized import (
    SAYING_NOTHING,
    Recognized,
    labels,
    names_of,
    names_of_entity,
    number_in,
    pieces,
    recognized,
    words_in,
)
from .selection import Selection, directory, label_of
from .terms import is_joined
from .words import Words

# Some write a compound without its hyphen or apostrophe.
_COMPOUND = re.compile(r"\w+(?:[-‐–'’]\w+)+")
# Other spellings are words of the newest texts.
MOST_TEXTS, SHORTEST_WORD = 500, 4
# The least letters of a word that is corrected, and of one in which two edits are.
SHORTEST_CORRECTED, SHORTEST_OF_TWO = 5, 8
MOST_OFFERS = 8
# For shorter words, which no index finds, nothing is offered: letters and digits.
SHORTEST_OFFERED = 3
# Suggestions of each kind.
MOST_SUGGESTIONS = 5


@dataclass(frozen=True)
class Offer:
    """Another query, whether it finds something, and `number`, what it finds, in words."""

    label: str
    finds: bool
    query: str
    number: str


@dataclass(frozen=True)
class Suggestion:
    """What a search may mean, by its kind; `text` is the beginning of it, on pages alone."""

    kind: str
    label: str
    address: str
    text: str = ""

    def as_data(self) -> dict[str, str]:
        return {"kind": self.kind, "label": self.label, "address": self.address}


def _offer(label: str, asked: Asked) -> Offer:
    selection, query = Selection(asked), query_of(asked)
    # The number that the page of this query begins with.
    meant = Offers(selection).answer
    if meant or asked.is_of_vocabularies:
        answer = (meant.selection if meant else selection).answer
        number = followed_by(answer.short, answer.basis)
        return Offer(label, answer.short != "0", query, number)
    count = selection.rows.order_by().count()
    return Offer(label, bool(count), query, str(count))


class Offers:
    """What else the searches of a selection may have meant; nothing without a search.

    `words` are folded ones of the report, which are spelled as they are there.
    """

    def __init__(self, selection: Selection, words: Iterable[str] = ()) -> None:
        self.selection, self.words = selection, words
        self.asked = selection.asked

    @cached_property
    def recognized(self) -> list[Recognized]:
        """What the whole of the only search means."""
        if len(self.asked.queries) != 1:
            return []
        return recognized(self.asked.queries[0], self.asked.edition)

    @cached_property
    def answer(self) -> Words | None:
        """The question that the only search is, within the filters in force, and its answer."""
        for one in self.recognized:
            if one.kind == "question":
                asked = self.asked.narrowing.but(queries=(), **one.value.conditions)
                return Words(Selection(asked))
        return None

    @cached_property
    def _numbered(self) -> Project | None:
        """The project whose number is the whole search, or that was merged into another."""
        projects = self.selection.whole
        if not self.asked.edition:
            projects |= Project.live.exclude(merged_into=None)
        for query in self.asked.queries:
            if number := number_in(query):
                return projects.select_related("merged_into").filter(number=number).first()
        return None

    @property
    def project(self) -> Project | None:
        """The project whose number is the whole search: "PVE-1", "pve 1", "1"."""
        found = self._numbered
        return found and (found.merged_into or found)

    @property
    def opened(self) -> Project | None:
        """The project whose whole reference is all that is asked for: "PVE-001"."""
        named = self._numbered
        asked = self.asked.narrowing.but(queries=[one.upper() for one in self.asked.queries])
        if named and asked == Asked.of(asked.edition, queries=[named.reference]):
            return self.project
        return None

    @cached_property
    def end(self) -> Suggestion | None:
        """The last entry, for a reference that is beyond it."""
        wanted = next((int(one.value) for one in self.recognized if one.kind == "reference"), 0)
        last = self.selection.whole.order_by("-number").first() if wanted else None
        if last and wanted > last.number:
            text = _("There is no %(reference)s: the register ends at %(last)s.")
            known = {"reference": reference_of(wanted), "last": last.reference}
            suffix = suffix_of(Asked.of(self.asked.edition))
            return Suggestion(_("Project"), text % known, f"{last.get_absolute_url()}{suffix}")
        return None

    @cached_property
    def filters(self) -> list[Offer]:
        """Filters that some words name, with the other words if these find something then."""
        found: dict[str, Offer] = {}
        for offer in (_offer(*one) for one in self._named[:MOST_OFFERS]):
            if offer.finds:
                found.setdefault(offer.label, offer)
        return list(found.values())

    @property
    def _named(self) -> list[tuple[str, Asked]]:
        if self.answer:
            return []
        filters, chosen = [], self.asked.conditions
        for place, query in enumerate(self.asked.queries):
            parts = [one for one in pieces(query) if one[1] not in SAYING_NOTHING]
            named = {n: meaning.split("=") for n, (_words, meaning) in enumerate(parts) if meaning}
            named = {n: one for n, one in named.items() if one[0] in self.asked.facets}
            several = dict(reversed(named.values()))
            new = [n for n, (facet, slug) in named.items() if slug not in chosen.get(facet, ())]
            for rest in (parts, []):
                if len(several) > 1:
                    filters.append(self._filter(place, rest, named, several))
                filters += [self._filter(place, rest, [n], dict([named[n]])) for n in new]
        return filters

    def _filter(self, place: int, parts: list, taken: Any, chosen: dict) -> tuple[str, Asked]:
        """Return these values with the words of a search that are not taken for one."""
        rest = _offered(words for n, (words, _meaning) in enumerate(parts) if n not in taken)
        named = [facet for facet in FACETS if facet in chosen]
        label = all_of(labelled(FACET_LABELS[one], label_of(one, chosen[one])) for one in named)
        values = {facet: [slug] for facet, slug in chosen.items()}
        return label, self._with(place, " ".join(rest)).but(**values)

    @cached_property
    def nearest(self) -> list[Offer]:
        """Another spelling, or the English words, where nothing is recognized or found."""
        if self.recognized or not self.asked.queries or self.selection.total:
            return []
        language = get_language() or settings.LANGUAGE_CODE
        spellings = dict(_vocabulary(self.asked.edition, language))
        for word in self.words if language == settings.LANGUAGE_CODE else ():
            spellings.setdefault(letters_and_digits(word), word)
        offers = []
        for place, query in enumerate(self.asked.queries):
            terms = in_english(query)
            spelled = " ".join(_alike(word, spellings) for word in query.split())
            others = [one for one in [*terms, spelled] if fold(one) != fold(query)]
            for other in dict.fromkeys(others):
                offer = _offer(quoted(other), self._with(place, other))
                # In English it may be a word of the report; else it has to mean something.
                is_english = other in terms or language == settings.LANGUAGE_CODE
                if is_english or offer.finds or recognized(other, self.asked.edition):
                    offers.append(offer)
        return offers

    def _with(self, place: int, query: str) -> Asked:
        queries = self.asked.queries
        changed = (*queries[:place], *([query] if query else []), *queries[place + 1 :])
        return self.asked.but(queries=changed)


def _alike(word: str, words: Mapping[str, str]) -> str:
    """Return a known word at one edit, or of a longer English one at two; else the word itself.

    A swap of two letters is one edit. The plural or the beginning of a known word is correct, and
    so is any word of English. Of an Arabic word the article is no letter.
    """
    letters = letters_and_digits(word)
    if letters in words:
        return words[letters]
    single = stem(letters) if is_joined(letters) else singular(letters)
    size = len(single if is_joined(letters) else letters)
    if size < SHORTEST_CORRECTED or not letters.isalpha() or len(words_in(letters)) > 1:
        return word
    # Hardly a mistake is in the first letter.
    near = [one for one in words if one[:1] == letters[0]]
    is_name = stem(letters) in _words_of_names() or any(one.startswith(single) for one in near)
    if is_name or {letters, single} & english_words():
        return word
    # Two edits are too many where no list says what is a word.
    most = 1 + (size >= SHORTEST_OF_TWO and get_language() == settings.LANGUAGE_CODE)
    nearest = process.extractOne(letters, near, scorer=OSA.distance, score_cutoff=most)
    return words[nearest[0]] if nearest else word


@cache
def english_words() -> frozenset[str]:
    """Return words and names that are no typing errors, from the lists of a check of passwords."""
    lists = import_module("zxcvbn.frequency_lists").FREQUENCY_LISTS
    # The list of passwords has typing errors too.
    return frozenset(chain.from_iterable(lists[one] for one in lists if one != "passwords"))


@cache
def _words_of_names() -> frozenset[str]:
    names = chain(searched_as(), *called().values())
    return frozenset(stem(word) for name in names for word in words_of(name).split())


@cached
def _vocabulary(edition: Edition | None, language: str) -> dict[str, str]:
    """Return the words that other spellings are taken from, by their letters and digits.

    They are those of names in the language, and in English, after them, those of the texts.
    """
    texts, words = [one.acronym for one in directory()], set[str]()
    if language == settings.LANGUAGE_CODE:
        texts += [
            *Project.every.of_edition(edition).newest_texts(MOST_TEXTS),
            *(one.search_text for one in directory()),
            *(label for _facet, _slug, label in labels()),
        ]
    for text in texts:
        words.update(words_of(text).split(), _COMPOUND.findall(fold(text)))
    spellings: dict[str, str] = {}
    for word in chain(*map(words_in, names_in(language)), sorted(words)):
        if len(word) >= SHORTEST_WORD and not word.isdigit():
            spellings.setdefault(letters_and_digits(word), word)
    return spellings


def _offered(words: Iterable[str]) -> list[str]:
    return [
        one for one in words if len(letters_and_digits(one)) >= SHORTEST_OFFERED - is_joined(one)
    ]


def _called(entity: Entity) -> str:
    return labelled(entity.local_acronym, entity.full_name)


def in_english(query: str) -> list[str]:
    """Return the English terms that the whole search is another language's for."""
    return _terms().get(letters_and_digits(query), [])


@cache
def _terms() -> dict[str, list[str]]:
    """Return English terms by the letters and digits of what they are called elsewhere."""
    found = defaultdict(list)
    # Countries are called by codes, which nobody means.
    codes = country_names(settings.LANGUAGE_CODE)
    for term, texts in called().items():
        for key in dict.fromkeys(map(letters_and_digits, texts)):
            if key and term != "Not stated" and term not in codes:
                found[key].append(term)
    return dict(found)


def is_named(typed: str, name: str | Promise) -> bool:
    """Return whether a word of the name, or its letters and digits together, begin with this."""
    begun, words = words_of(typed), words_of(str(name))
    if not begun:
        return False
    whole = letters_and_digits(str(name)).startswith(letters_and_digits(typed))
    return whole or f" {begun}" in f" {words}" or (is_joined(begun) and begun in words)


def suggested(typed: str, edition: Edition | None, words: Any = ()) -> Iterator[Suggestion]:
    """Yield the answer, entities and filters whose names begin with this, and projects found."""
    selection = Selection(Asked.of(edition, queries=[typed], sort=RELEVANCE))
    offers, place = Offers(selection, words), reverse("project-list")
    if answer := offers.answer:
        yield Suggestion(_("Answer"), answer.title, f"{place}{answer.suffix}")
    if offers.end:
        yield offers.end
    entities = [("entity", one.acronym, _called(one), names_of_entity(one)) for one in directory()]
    values = [
        (facet, slug, str(label), names_of(facet, slug))
        for facet in Asked.of(edition).facets
        if facet in CLASSIFICATIONS and facet != "entity"
        for slug, label in facet_choices(facet)
    ]
    for groups in (entities, values):
        named = [
            (facet, slug, label)
            for facet, slug, label, names in groups
            if any(is_named(typed, name) for name in (slug, label, *names))
        ]
        for facet, slug, label in named[:MOST_SUGGESTIONS]:
            query = suffix_of(Asked.of(edition, **{facet: [slug]}))
            yield Suggestion(str(FACET_LABELS[facet]), label, f"{place}{query}")
    numbered = offers.project
    projects = [numbered] if numbered else []
    projects += [one for one in selection.rows[:MOST_SUGGESTIONS] if one != numbered]
    suffix = suffix_of(Asked.of(edition))
    for project in projects[:MOST_SUGGESTIONS]:
        yield Suggestion(_("Project"), str(project), f"{project.get_absolute_url()}{suffix}")
    for offer in offers.nearest:
        yield Suggestion(capitalized(_("search")), offer.label, f"{place}?{offer.query}")
