"""What a text of a file means for a column, or probably means.

Files in the register's columns and other sheets have this one reader. It knows the tables of what
is written, the terms in six languages, the directories, and what somebody said of a text: that
holds for each text that only differs in case, accents, plural or the order of its words, and where
it is a part of a longer one. What can mean several things, or nothing known, is asked about.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from ..columns import PROJECT_TABLE, SEPARATOR
from ..models import Country, Entity
from ..models.fields import PARTIAL_DATE
from ..text import letters_and_digits, words_of
from ..vocabulary import Region, Status
from .names import (
    AMBIGUOUS,
    Names,
    beside_m49,
    cluster_key,
    date_in,
    regions_of_countries,
    rows_of,
    terms,
    un_entities,
)

# Of a name or code in a column that several records can be called by, or none.
UNKNOWN = {
    "entities": _("“%s” is no entity of the directory. Separate several with semicolons."),
    "countries": _("“%s” is no country of the directory. Separate several with semicolons."),
}
REGION_OF = "region_of"
# Columns that say how a row is known, and what a heading above rows can say of them.
KNOWN_BY = ("provenance", *PROJECT_TABLE.bases.values())
OF_SECTIONS = tuple(
    column.name for column in PROJECT_TABLE.facets.values() if column.group != "known"
)
# Columns whose values are read, and which of our columns each can speak of.
SPEAKS_OF = {
    **{name: (name,) for name in (*OF_SECTIONS, *KNOWN_BY)},
    "scope": ("scope", "regions", "countries"),
    "regions": ("regions", "countries"),
    "countries": ("countries", "regions"),
    "start_date": ("start_date",),
    "end_date": ("end_date",),
    # No column of a file: what region a country is in, which is asked of the doubtful ones.
    REGION_OF: ("regions",),
}
DATES, _PLACES = ("start_date", "end_date"), ("regions", "countries")
_REGIONS = Region.values
# What every project has: “n/a” is no answer there.
_ALWAYS = ("priority_area", "scope")
# What a text is read as: by our columns, a value or a list of them. One of entities also has the
# `names` of new ones, by acronym. One that is not what the text says itself, but what somebody said
# that it means, `is_ours`.
Reading = dict[str, Any]
# What somebody said of texts, by column and text.
Readings = Mapping[str, Mapping[str, Reading]]
# What separates several values, the surest first.
_SIGNS = [re.compile(f"({signs})") for signs in (r"[;\n]", "/", "[,+،、]", r"&|\b(?:and|et|y|и)\b")]
# The most pieces of a name, with the signs between them; the longest in the directories has five.
_MOST_PIECES = 9
# "II. Regional projects", "A) Dialogue", "3 - Youth"
_NUMBERED = re.compile(r"^\s*(?:[IVXLC]+|[A-Z]|[0-9]+)\s*[.):–-]\s+")
# “Global projects”
KIND = re.compile(r"[\s-]+(?:projects?|programmes?|initiatives?|activities)\s*\Z", re.IGNORECASE)
_HEAD = re.compile(r"^\s*([^:(\[–,]+?)\s*(?:[:(\[–,]|\s-\s)\s*(.*?)[\])]?\s*$", re.DOTALL)
# “Pillar I: Dialogue”, “Pillar I - Dialogue”
_NAMED = re.compile(r":\s| [-–] ")
# The least likeness, of 100, of what is proposed; by how much it is to be more alike than others.
_LIKENESS, _CLEARLY = 70, 3
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")


@dataclass
class Written:
    """A text that a file has in a column, how often, and what it is read as.

    `unknown` are the parts of it that are asked about, each with the column of its meaning. Of one
    that is asked about itself, the reading is a proposal, by its `likeness` to what is known, of
    100, or 0 for what it means most often; `spellings` are the texts that are asked about with it.
    """

    column: str
    text: str
    count: int
    reading: Reading
    unknown: list[tuple[str, str]] = field(default_factory=list)
    likeness: int = 0
    spellings: list[str] = field(default_factory=list)

    @property
    def is_asked(self) -> bool:
        return bool(self.unknown)

    @property
    def label(self) -> str:
        return self.spellings[0] if self.spellings else self.text


@lru_cache(maxsize=2)
def _called(stored: tuple[tuple[str, str, str], ...]) -> Names:
    """Return all names of countries, which are stored as (code, number, name)."""
    names = {code: {m49, name} for code, m49, name in stored}
    # What no import has brought into the directory yet is known all the same.
    for code, one in beside_m49().items():
        names.setdefault(code, {one["name"]})
    for table in ("country_names", "other_country_names"):
        for one in rows_of(table):
            if one["code"] in names:
                names[one["code"]].add(one["name"])
    return Names(names.items())


class Translator:
    """Reads texts; `readings` are what somebody said so far: the entities they name are known."""

    def __init__(self, readings: Readings | None = None):
        self.readings = readings or {}
        named = self.readings.get("entities", {}).values()
        self.named = {
            acronym: name for one in named for acronym, name in one.get("names", {}).items()
        }
        self._read_before: dict[tuple[str, str], tuple[Reading, list[tuple[str, str]]]] = {}

    @cached_property
    def _said(self) -> dict[str, dict[str, Reading]]:
        found: dict[str, dict[str, Reading]] = {}
        for column, texts in self.readings.items():
            of = found.setdefault("places" if column in _PLACES else column, {})
            of |= {cluster_key(text): one for text, one in texts.items() if self._knows(one)}
        return found

    @cached_property
    def _phrases(self) -> dict[str, dict[str, str]]:
        """By column, what is read as by what is written."""
        found: dict[str, dict[str, str]] = {}
        for column in PROJECT_TABLE.columns:
            name = column.name
            found[name] = dict(terms().get(name, ()))
            for one in rows_of("values"):
                if one["column"] in (name, "any"):
                    is_no_answer = one["column"] == "any" and name in _ALWAYS
                    found[name][one["written"]] = AMBIGUOUS if is_no_answer else one["read_as"]
            for slug, label in column.vocabulary:
                found[name] |= dict.fromkeys((slug, str(label)), slug)
        return found

    @cached_property
    def values(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for column, phrases in self._phrases.items():
            folded = {cluster_key(one): slug for one, slug in phrases.items()}
            exact = {letters_and_digits(one): slug for one, slug in phrases.items()}
            found[column] = folded | exact
        return found

    @cached_property
    def countries(self) -> Names:
        """Countries by their codes and all their names; a name of two of them means both."""
        return _called(tuple(Country.objects.order_by("code").values_list("code", "m49", "name")))

    @cached_property
    def names_of_countries(self) -> dict[str, str]:
        return dict(Country.objects.values_list("code", "name"))

    @cached_property
    def entities(self) -> Names:
        """Entities by their acronyms and all their names, those of the wider system too."""
        called = {one.acronym: [one.name, *one.other_names] for one in Entity.objects.all()}
        directory = Names(called.items())
        others = {
            acronym: [one["name"], *one["aliases"].split(SEPARATOR)]
            for acronym, one in un_entities().items()
        }
        others |= {acronym: [name] for acronym, name in self.named.items()}
        for acronym, names in others.items():
            # What the directory calls something else is what it says there.
            if not any(directory.look_up(name) for name in (acronym, names[0])):
                called[acronym] = names
        return Names(called.items())

    @cached_property
    def new_entities(self) -> dict[str, str]:
        lacking = self.entities.identifiers - {*Entity.objects.values_list("acronym", flat=True)}
        names = {acronym: one["name"] for acronym, one in un_entities().items()} | self.named
        return {acronym: names[acronym] for acronym in sorted(lacking)}

    def _knows(self, reading: Reading) -> bool:
        return self.entities.identifiers.issuperset(reading.get("entities", ()))

    def written(self, column: str, text: str, count: int = 1) -> Written:
        place = (column, text)
        if place not in self._read_before:
            said = self._said_of(column, text)
            self._read_before[place] = self._read(column, text) if said is None else (said, [])
        reading, unknown = self._read_before[place]
        return Written(column, text, count, reading, unknown)

    def asked(self, column: str, text: str, count: int, spellings: list[str]) -> Written:
        """Return a part that is asked about, with what it probably means."""
        reading, likeness = self._proposal(column, text)
        if column == REGION_OF:
            spellings = [self.names_of_countries.get(text, text)]
        return Written(column, text, count, reading, [(column, text)], likeness, spellings)

    def _said_of(self, column: str, text: str) -> Reading | None:
        known = self._said.get("places" if column in _PLACES else column)
        return known.get(cluster_key(text)) if known else None

    def _read(self, column: str, text: str) -> tuple[Reading, list[tuple[str, str]]]:
        match column:
            case "scope":
                return self._scope(text)
            case "regions" | "countries":
                return self._joined(column, text, self._place)
            case "entities":
                return self._joined(column, text, self._entity)
            case "start_date" | "end_date":
                value = self._date(column, text)
            case _:
                value = None if column == REGION_OF else self._value(column, text)
        return ({}, [(column, text)]) if value is None else ({column: value} if value else {}, [])

    def _listed(self, column: str, text: str) -> str | None:
        known = self.values[column]
        return known.get(letters_and_digits(text), known.get(cluster_key(text)))

    def _value(self, column: str, text: str) -> str | None:
        """Return the value that a text means, nothing for “n/a”, None if nobody knows."""
        bare = _NUMBERED.sub("", text)
        # “Pillar I: Dialogue” names its area; anything else after a colon is a place.
        named = _NAMED.split(text, 1)[1:] if column == "priority_area" else []
        for words in filter(None, (text, bare, KIND.sub("", bare), *named)):
            found = self._listed(column, words)
            if found is not None:
                return None if found.startswith(AMBIGUOUS) else found
        return None if letters_and_digits(text) else ""

    def _scope(self, text: str) -> tuple[Reading, list[tuple[str, str]]]:
        scope = self._value("scope", text)
        if scope is not None:
            return {"scope": scope} if scope else {}, []
        head = _HEAD.match(text)
        places, unknown = self._joined("regions", head[2], self._place) if head else ({}, [])
        if head and (places or unknown):
            found = self._said_of("scope", head[1])
            scope = self._value("scope", head[1])
            reading = {"scope": scope} if scope else found
            if reading:
                return {**reading, **places}, unknown
            if not unknown:
                return places, [("scope", head[1])]
        return {}, [("scope", text)]

    def _joined(
        self, column: str, text: str, meaning_of: Callable[[str], Reading | None]
    ) -> tuple[Reading, list[tuple[str, str]]]:
        """Return what the parts of a text mean together, and those that are not known."""
        found: Reading = {}
        unknown = []
        if column == "entities" and not self._is_listed(column, text):
            text = KIND.sub("", _NUMBERED.sub("", text))
        for part in self._parts(text, lambda one: self._is_listed(column, one)):
            said = self._said_of(column, part)
            meaning = meaning_of(part) if said is None else said
            if meaning is None:
                unknown.append((column, part))
                continue
            for name, value in meaning.items():
                if isinstance(value, list):
                    found[name] = in_order(name, [*found.get(name, []), *value])
                else:
                    found[name] = found.get(name, {}) | value if name == "names" else value
        return found, unknown

    def _place(self, text: str) -> Reading | None:
        region, codes = self._value("regions", text), self.countries.look_up(text)
        if region:
            return {"regions": [region]}
        if len(codes) == 1:
            return {"countries": [*codes]}
        return None if region is None or codes else {}

    def _entity(self, text: str) -> Reading | None:
        meant = self.entities.look_up(text)
        if len(meant) == 1:
            return {"entities": [*meant]}
        return None if self._value("entities", text) is None else {}

    def _is_listed(self, column: str, text: str) -> bool:
        if self._said_of(column, text) is not None:
            return True
        if column == "entities":
            return bool(self.entities.look_up(text))
        return self._listed("regions", text) is not None or bool(self.countries.look_up(text))

    @classmethod
    def _parts(cls, text: str, is_known: Callable[[str], bool]) -> list[str]:
        """Return the text if it is known as a whole, else the parts between its signs.

        Those that only part lists come first, and what is known is as long as it can be, so that a
        name with an "and" in it stays whole.
        """
        text = text.strip()
        if not text or is_known(text):
            return [text] if text else []
        pieces = next((some for one in _SIGNS if len(some := one.split(text)) > 1), [])
        parts = [] if pieces else [text]
        while pieces:
            ends = range(min(len(pieces), _MOST_PIECES), 0, -2)
            end = next((n for n in ends if is_known("".join(pieces[:n]).strip())), 1)
            parts += cls._parts("".join(pieces[:end]), is_known)
            del pieces[: end + 1]
        return parts

    def _date(self, column: str, text: str) -> str | None:
        """Return YYYY, YYYY-MM or YYYY-MM-DD, nothing for “n/a”, None if it can be another."""
        text = text.strip()
        if column == "start_date":
            text = text.rstrip(" -–")
        if re.fullmatch(PARTIAL_DATE, text):
            return text
        is_open = column == "end_date" and self._value("status", text) == Status.ONGOING
        if is_open or self._value(column, text) == "":
            return ""
        return date_in(text)

    def _proposal(self, column: str, text: str) -> tuple[Reading, int]:
        """Return what a text probably means and by what likeness, or nothing."""
        if column == REGION_OF:
            usual = regions_of_countries(are_doubtful=True).get(text)
            return ({"regions": usual} if usual else {}), 0
        if column in DATES:
            years = _YEAR.findall(text)
            year = years[0 if column == "start_date" else -1] if years else ""
            return ({column: year} if year else {}), 0
        if column == "entities":
            name, likeness = self.entities.nearest(text)
            return ({column: [name]} if name else {}), likeness
        place, of_country = self.countries.nearest(text) if column in _PLACES else ("", 0)
        kind = "regions" if column in _PLACES else column
        slug, likeness = self._nearest(kind, text)
        if place and of_country > likeness and not (slug and not likeness):
            return {"countries": [place]}, of_country
        value = [slug] if kind == "regions" else slug
        return ({kind: value} if slug else {}), likeness

    def _nearest(self, column: str, text: str) -> tuple[str, int]:
        usual = self._listed(column, text) or ""
        if usual.startswith(AMBIGUOUS):
            return usual.removeprefix(AMBIGUOUS), 0
        phrases = {words_of(one): slug for one, slug in self._phrases[column].items()}
        alike: dict[str, float] = {}
        for words, score, _place in process.extract(
            words_of(text),
            [one for one, slug in phrases.items() if slug and not slug.startswith(AMBIGUOUS)],
            scorer=fuzz.token_set_ratio,
            score_cutoff=_LIKENESS,
            limit=20,
        ):
            alike.setdefault(phrases[words], score)
        best = sorted(alike.items(), key=lambda one: -one[1])[:2]
        is_clear = len(best) == 1 or (best and best[0][1] - best[1][1] >= _CLEARLY)
        # No text is quite like another that it only has the words of.
        return (best[0][0], min(99, round(best[0][1]))) if is_clear else ("", 0)


def in_order(name: str, values: Iterable[str]) -> list[str]:
    key: Any = _REGIONS.index if name == "regions" else str.casefold
    return sorted({*values}, key=key)


def is_read(column: str, text: str) -> bool:
    """Return whether a text has a meaning: it is no slug of how something is known, or our date."""
    if not text or column not in SPEAKS_OF:
        return False
    if column in KNOWN_BY:
        return text not in dict(PROJECT_TABLE.by_name[column].vocabulary)
    return column not in DATES or not re.fullmatch(PARTIAL_DATE, text)
