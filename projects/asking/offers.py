"""What a search may have meant besides its words: filters, a project, other spellings.

They are offered with the result, and never applied automatically. While it is typed, projects,
entities and filters are suggested.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from itertools import chain

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..citations import labelled
from ..columns import PROJECT_TABLE
from ..cube import VOCABULARIES
from ..languages import called
from ..models import Edition, Entity, Project, cached
from ..models.conditions import RELEVANCE
from ..text import all_of, fold, followed_by, letters_and_digits, quoted, words_of
from ..vocabulary import SHORT_LABELS
from .asked import CLASSIFICATIONS, FACETS, KNOWLEDGE, Asked, facet_choices
from .fields import nearest
from .links import query_of, suffix_of
from .phrases import FACET_LABELS
from .selection import Selection, countries, directory
from .terms import is_joined

# The closed facets whose values are recognized; "not stated" can be chosen in the panel only.
NAMED_FACETS = tuple(facet for facet in VOCABULARIES if facet not in KNOWLEDGE)
_NUMBER = re.compile(r"(?:pve)?(?:[^\w¶]|_)*0*([1-9][0-9]{0,8})")
# Some write a compound without its hyphen or apostrophe.
_COMPOUND = re.compile(r"\w+(?:[-‐–'’]\w+)+")
# Other spellings are words of the newest texts.
MOST_TEXTS, SHORTEST_WORD = 500, 4
MOST_FILTERS, MOST_OFFERS = 6, 8
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
class _Candidate:
    label: str
    asked: Asked
    unstated: str = ""


def number_in(query: str) -> int | None:
    """Return the number of a project if it is the whole search: "PVE-1", "pve 1", "1"."""
    found = _NUMBER.fullmatch(fold(query))
    return int(found[1]) if found else None


def _offer(candidate: _Candidate) -> Offer:
    asked = candidate.asked
    selection, query = Selection(asked), query_of(asked)
    if asked.is_of_vocabularies:
        answer = selection.answer
        number = followed_by(answer.short, answer.basis)
        return Offer(candidate.label, answer.short != "0", query, number)
    count = selection.rows.order_by().count()
    return Offer(candidate.label, bool(count), query, str(count))


# First word, the one after the last, facet, slug, label.
_Named = tuple[int, int, str, str, str]
_Values = dict[str, tuple[str, str]]  # slug and label by facet


class Offers:
    """What else the searches of a selection may have meant; nothing without a search."""

    def __init__(self, selection: Selection):
        self.selection = selection
        self.asked = selection.asked

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

    @property
    def filters(self) -> list[Offer]:
        """Filters that words name, with the other words if these find something then."""
        offers: dict[str, Offer] = {}
        for offer in self._counted[: len(self._filters)]:
            if offer.finds:
                offers.setdefault(offer.label, offer)
        return list(offers.values())

    @property
    def unstated(self) -> list[str]:
        """A sentence for each known name that no entry states."""
        counted = zip(self._filters, self._counted, strict=False)
        return [one.unstated for one, offer in counted if one.unstated and not offer.finds]

    @property
    def nearest(self) -> list[Offer]:
        """Other spellings and fewer words that find something, where the search finds nothing."""
        return [offer for offer in self._counted[len(self._filters) :] if offer.finds]

    @cached_property
    def _counted(self) -> list[Offer]:
        return [_offer(one) for one in [*self._filters, *self._nearest][:MOST_OFFERS]]

    @cached_property
    def _filters(self) -> list[_Candidate]:
        found = []
        for place, query in enumerate(self.asked.queries):
            words = query.split()
            named = [one for one in self._named(words) if one[2] in self.asked.facets]
            first = {facet: (slug, label) for _start, _end, facet, slug, label in reversed(named)}
            if len(first) > 1:
                taken = {n for start, end, *_facet in named for n in range(start, end)}
                rest = [word for n, word in enumerate(words) if n not in taken]
                found.append(self._filter(place, rest, first))
            alone = []
            for start, end, facet, slug, label in named:
                if slug in self.asked.conditions.get(facet, ()):
                    continue
                rest, value = words[:start] + words[end:], {facet: (slug, label)}
                found.append(self._filter(place, rest, value))
                if _offered(rest):
                    alone.append(self._filter(place, [], value))
            found += alone
        return found[:MOST_FILTERS]

    def _filter(self, place: int, rest: list[str], values: _Values) -> _Candidate:
        """Return these values with the rest of a search's words."""
        chosen = {facet: [slug] for facet, (slug, _label) in values.items()}
        asked = self._with(place, " ".join(_offered(rest))).but(**chosen)
        known = [
            {"facet": FACET_LABELS[facet], "value": values[facet][1]}
            for facet in FACETS
            if facet in values
        ]
        label = all_of(labelled(one["facet"], one["value"]) for one in known)
        if len(values) > 1 or asked.narrowing != Asked.of(asked.edition, **chosen):
            return _Candidate(label, asked)
        return _Candidate(label, asked, _("%(facet)s: no entry states %(value)s.") % known[0])

    @cached_property
    def _nearest(self) -> list[_Candidate]:
        if self.selection.total or not self.asked.queries:
            return []
        found = []
        for place, query in enumerate(self.asked.queries):
            words = _offered(query.split())
            fewer = [words, *(words[:n] + words[n + 1 :] for n in range(len(words)))]
            others = [*_in_english(query), self._spelled(words), *map(" ".join, fewer)]
            for other in dict.fromkeys(others):
                if other not in ("", query):
                    found.append(_Candidate(quoted(other), self._with(place, other)))
        return found

    def _with(self, place: int, query: str) -> Asked:
        queries = self.asked.queries
        changed = (*queries[:place], *([query] if query else []), *queries[place + 1 :])
        return self.asked.but(queries=changed)

    def _named(self, words: list[str]) -> Iterator[_Named]:
        start = 0
        while start < len(words):
            for end in range(len(words), start, -1):
                if found := self._values_of(words[start:end]):
                    for facet, slug, label in found:
                        yield start, end, facet, slug, label
                    start = end
                    break
            else:
                start += 1

    def _values_of(self, words: list[str]) -> list[tuple[str, str, str]]:
        key = "".join(words)
        if not _offered([key]):
            return []
        names = _names(get_language())
        if found := names.get(letters_and_digits(key)) or names.get(key):
            return [found]
        # A part of a longer name, e.g. "human rights" of an area.
        part = words_of(" ".join(words))
        if len(part.split(" ")[0]) < SHORTEST_WORD and not is_joined(part):
            return []
        known = _names_in_words(get_language())
        return [named for named, names in known if any(_begin(part, one) for one in names)]

    def _spelled(self, words: list[str]) -> str:
        """Return the search with the most similar word in place of each that no text has."""
        known = _vocabulary(self.asked.edition, get_language())
        found = []
        for word in words:
            folded, letters = fold(word), letters_and_digits(word)
            is_known = any(one.startswith(folded) for one in known.values())
            if len(letters) < SHORTEST_WORD or is_known:
                found.append(word)
            else:
                alike = letters if letters in known else nearest(letters, known)
                found.append(known.get(alike, word))
        return " ".join(found)


@cached
def _vocabulary(edition: Edition | None, _language: str | None) -> dict[str, str]:
    """Return the words that other spellings are taken from, by their letters and digits."""
    texts = [
        *Project.every.of_edition(edition).newest_texts(MOST_TEXTS),
        *(one.search_text for one in directory()),
        *(label for _facet, _slug, label in _labels()),
    ]
    words = {
        word
        for text in texts
        for word in (*words_of(text).split(), *_COMPOUND.findall(fold(text)))
        if len(word) >= SHORTEST_WORD and not word.isdigit()
    }
    return {letters_and_digits(word): word for word in sorted(words)}


@cached
def _names(_language: str | None) -> dict[str, tuple[str, str, str]]:
    """Return facet, slug and label by name in letters and digits, countries also by code."""
    # Codes stay in capitals: "and" is not Andorra.
    found = {}
    for code, name in countries().items():
        found[code] = ("country", code, f"{name} ({code})")
        found[letters_and_digits(name)] = found[code]
    for code in countries():
        for name in called().get(code, ()):
            found.setdefault(letters_and_digits(name), found[code])
    for entity in directory():
        for name in (*_names_of_entity(entity), entity.acronym):
            found[letters_and_digits(name)] = ("entity", entity.acronym, entity.acronym)
    for facet, slug, label in _labels():
        for name in (*_names_of(facet, slug), slug, label):
            found[letters_and_digits(name)] = (facet, slug, label)
    found.pop("", None)
    return found


@cached
def _names_in_words(_language: str | None) -> list[tuple[tuple[str, str, str], list[str]]]:
    """Return facet, slug and label of each value, with the folded words of its names."""
    return [
        ((facet, slug, label), [*map(words_of, (label, *_names_of(facet, slug)))])
        for facet, slug, label in _labels()
    ]


def _names_of(facet: str, slug: str) -> list[str]:
    """Return what a vocabulary's value is called in English and in all languages."""
    if slug not in VOCABULARIES[facet]:  # not stated
        return []
    with translation.override(settings.LANGUAGE_CODE):
        labels = [str(VOCABULARIES[facet](slug).label), str(SHORT_LABELS.get(slug, ""))]
    return [*labels, *chain.from_iterable(called().get(label, ()) for label in labels)]


def _names_of_entity(entity: Entity) -> list[str]:
    return [entity.name, *entity.other_names, *called().get(entity.name, ())]


def has_words(begun: str, name: str | Promise) -> bool:
    """Return whether words of a name begin with these, or in a joined script have them."""
    return _begin(begun, words_of(str(name)))


def _begin(begun: str, words: str) -> bool:
    return f" {begun}" in f" {words}" or (is_joined(begun) and begun in words)


def _labels() -> list[tuple[str, str, str]]:
    return [
        (facet, slug, str(label))
        for facet in NAMED_FACETS
        for slug, label in VOCABULARIES[facet].choices
        if slug != PROJECT_TABLE.facets[facet].default
    ]


def _offered(words: Iterable[str]) -> list[str]:
    return [
        one for one in words if len(letters_and_digits(one)) >= SHORTEST_OFFERED - is_joined(one)
    ]


def _in_english(query: str) -> list[str]:
    """Return the English terms that the whole search is another language's for."""
    return _terms().get(letters_and_digits(query), [])


@cache
def _terms() -> dict[str, list[str]]:
    """Return English terms by the letters and digits of what they are called elsewhere."""
    found = defaultdict(list)
    for term, texts in called().items():
        for key in dict.fromkeys(map(letters_and_digits, texts)):
            found[key].append(term)
    return dict(found)


@dataclass(frozen=True)
class Suggestion:
    kind: str
    label: str
    address: str

    as_data = asdict


def is_named(typed: str, name: str | Promise) -> bool:
    """Return whether a word of the name, or its letters and digits together, begin with this."""
    begun = words_of(typed)
    if not begun:
        return False
    whole = letters_and_digits(str(name)).startswith(letters_and_digits(typed))
    return whole or has_words(begun, name)


def suggested(typed: str, edition: Edition | None) -> Iterator[Suggestion]:
    """Yield the entities and filters whose names begin with this, and the projects found by it."""
    entities = [("entity", one.acronym, str(one), _names_of_entity(one)) for one in directory()]
    values = [
        (facet, slug, str(label), _names_of(facet, slug))
        for facet in Asked.of(edition).facets
        if facet in CLASSIFICATIONS and facet != "entity"
        for slug, label in facet_choices(facet)
    ]
    for known in (entities, values):
        named = [
            (facet, slug, label)
            for facet, slug, label, names in known
            if any(is_named(typed, name) for name in (slug, label, *names))
        ]
        for facet, slug, label in named[:MOST_SUGGESTIONS]:
            query = suffix_of(Asked.of(edition, **{facet: [slug]}))
            address = f"{reverse('project-list')}{query}"
            yield Suggestion(str(FACET_LABELS[facet]), label, address)
    selection = Selection(Asked.of(edition, queries=[typed], sort=RELEVANCE))
    numbered = Offers(selection).project
    found = [numbered] if numbered else []
    found += [one for one in selection.rows[:MOST_SUGGESTIONS] if one != numbered]
    suffix = suffix_of(Asked.of(edition))
    for project in found[:MOST_SUGGESTIONS]:
        yield Suggestion(_("Project"), str(project), f"{project.get_absolute_url()}{suffix}")
