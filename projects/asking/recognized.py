"""What the whole of a search means, if all of its words are known: filters, a paragraph, a page.

Search, suggestions and the API have it from here. Words that say nothing, as "how many" and "in",
are ignored where all the others are recognized. `projects/names/searches.csv` has them, and what
people write for filters, pages and topics, in six languages.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain
from types import MappingProxyType
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language

from ..columns import PROJECT_TABLE
from ..cube import VOCABULARIES
from ..languages import called, searched_as, sign_variants
from ..models import Edition, Entity, cached
from ..text import fold, stem
from ..vocabulary import SHORT_LABELS
from .asked import FACETS, KNOWLEDGE, Asked
from .published import published
from .selection import countries, directory

# The closed facets whose values are recognized; "not stated" can be chosen in the panel only.
NAMED_FACETS = tuple(facet for facet in VOCABULARIES if facet not in KNOWLEDGE)
# The filter that answers when projects start, end or run.
YEAR_FACETS = {"starting": "starts", "ending": "ends", "running": "year"}
# The kinds of words that can be ignored: of "range" without a year, of "dimension" with a filter.
SAYING_NOTHING = ("ignored", "how-many", "range", "dimension")
# A Chinese sign is a word.
_WORD = re.compile(r"[\u2e80-\u9fff]|[^\W_\u2e80-\u9fff]+")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_NUMBER = re.compile(r"(pve)?(?:[^\w¶]|_)*0*([1-9][0-9]{0,8})")
# Names of other areas that alone say nothing: "other countries".
ALONE = ("other", "otros", "autres")
# The words, or signs, of the longest name.
_LONGEST_NAME = 24


class Recognized(NamedTuple):
    """What a search means: a "question", whose value is an Asked, or a text of another kind.

    The others are "reference", "paragraph", "report", "page" and "topic".
    """

    kind: str
    value: Any


def number_in(query: str) -> int | None:
    """Return the number of a project if it is the whole search: "PVE-1", "pve 1", "1"."""
    found = _NUMBER.fullmatch(fold(query))
    return int(found[2]) if found else None


def recognized(text: str, edition: Edition | None = None) -> list[Recognized]:
    """Return what a whole search means, the surest meaning first; nothing if a word is unknown."""
    symbol = published(edition).symbol
    if symbol and key_of(text) == key_of(symbol):
        return [Recognized("report", symbol)]
    number = _NUMBER.fullmatch(fold(text))
    if number and number[1]:
        return [Recognized("reference", number[2])]
    kinds: dict[str, list[str]] = {}
    without = re.sub(re.escape(symbol), " ", text, flags=re.IGNORECASE) if symbol else text
    for _words, meaning in pieces(without):
        kind, _is, value = meaning.partition("=")
        kinds.setdefault(kind, []).append(value)
    return [*_meant(kinds, edition)]


def _meant(kinds: dict[str, list[str]], edition: Edition | None) -> Iterator[Recognized]:
    said = kinds.keys() - {*SAYING_NOTHING}
    if "number" not in said and "year" not in said:
        # "par" is French too, and what is running has no year.
        said -= {"paragraph", "running"}
    when, (other, *more) = said & YEAR_FACETS.keys(), [*said - {*FACETS, *YEAR_FACETS}] or [""]
    # "24" is a paragraph, "24 projects" is none.
    if "paragraph" in said or kinds.keys() == {"number"}:
        if said <= {"number", "paragraph"} and len(kinds.get("number", ())) == 1:
            yield Recognized("paragraph", kinds["number"][0])
    elif (other == "topic" and not more) or said == {"page"}:
        yield Recognized(other, kinds[other][0])
    elif "year" in said and (
        len(kinds["year"]) > 1 or len(when) > 1 or {"range", "status"} & kinds.keys()
    ):
        return  # from one year to another, by a year, completed in it: there is no such filter
    elif other or (when and "year" not in said):
        return
    elif said or {"how-many", "dimension"} & kinds.keys() == {"how-many"}:
        values = {facet: kinds[facet] for facet in said - when}
        if years := values.pop("year", []):
            values[YEAR_FACETS[min(when, default="running")]] = years
        if {*values} <= {*Asked.of(edition).facets}:
            yield Recognized("question", Asked.of(edition, **values))


def words_in(text: str) -> list[str]:
    """Return the words of a text as they are read one by one: "don't" has two."""
    return _WORD.findall(text)


def pieces(text: str, also: Mapping[str, str] = MappingProxyType({})) -> list[tuple[str, str]]:
    """Return the text in names and words, each with its meaning: "region=africa", "ignored".

    `also` has other meanings by key, which come before those of names with as many words.
    """
    meanings, words = _meanings(get_language()), [*_WORD.finditer(text)]
    stems, is_shouted = [key_of(word[0]) for word in words], len(words) > 1 and text.isupper()
    said_pieces, start = [], 0
    while start < len(words):
        for end in range(min(len(words), start + _LONGEST_NAME), start, -1):
            said = text[words[start].start() : words[end - 1].end()]
            key = " ".join(stems[start:end])
            # A code or an acronym in capitals comes before the word: WHO, who.
            meaning = also.get(said) or also.get(key) or meanings.get(key if is_shouted else said)
            if meaning := meaning or meanings.get(key):
                break
        if not meaning and said.isdecimal():
            kind = "year" if _YEAR.fullmatch(str(int(said))) else "number"
            meaning = f"{kind}={int(said)}"
        said_pieces.append((said, meaning or ""))
        start = end
    return said_pieces


def key_of(text: str) -> str:
    """Return the stems of the words of a name, by which it is recognized."""
    return " ".join(stem(fold(word)) for word in words_in(text.translate(sign_variants())))


@cached
def _meanings(_language: str | None) -> dict[str, str]:
    """Return what names mean by their stems, and what codes and acronyms do as they are written."""
    named = [
        *(("country", code, (name, *called().get(code, ()))) for code, name in countries().items()),
        *(("entity", one.acronym, (one.acronym, *names_of_entity(one))) for one in directory()),
        *((facet, slug, (slug, label, *names_of(facet, slug))) for facet, slug, label in labels()),
    ]
    meant = defaultdict(set)
    for facet, slug, names in named:
        for name in names:
            meant[key_of(name)].add(f"{facet}={slug}")
    # "Нигер" without its case is Niger and Nigeria.
    single = {key: min(meanings) for key, meanings in meant.items() if len(meanings) == 1}
    single |= {key_of(word): meaning for word, meaning in searched_as().items()}
    # Codes stay in capitals: "and" is not Andorra.
    single |= {slug: f"{facet}={slug}" for facet, slug, _names in named if slug.isupper()}
    for name in ("", *ALONE):
        single.pop(key_of(name), None)
    return single


def labels() -> list[tuple[str, str, str]]:
    return [
        (facet, slug, str(label))
        for facet in NAMED_FACETS
        for slug, label in VOCABULARIES[facet].choices
        if slug != PROJECT_TABLE.facets[facet].default
    ]


def names_of(facet: str, slug: str) -> list[str]:
    """Return what a vocabulary's value is called in English and in all languages."""
    if slug not in VOCABULARIES[facet]:  # not stated
        return []
    with translation.override(settings.LANGUAGE_CODE):
        english = [str(VOCABULARIES[facet](slug).label), str(SHORT_LABELS.get(slug, ""))]
    return [*english, *chain.from_iterable(called().get(label, ()) for label in english)]


def names_of_entity(entity: Entity) -> list[str]:
    names = (called().get(one, ()) for one in (entity.name, entity.acronym))
    return [entity.name, *entity.other_names, *chain.from_iterable(names)]
