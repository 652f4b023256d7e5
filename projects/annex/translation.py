"""The translation of what a sheet writes for a value: every different one once, to be confirmed.

A Reading says which of our columns get which values from a text: "National (Kenya)" gives a scope
and a country. Where a text can mean several things, or nothing that is known, somebody is asked.
"""

import re
from calendar import month_name
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from ..columns import PROJECT_TABLE, QUOTATIONS, SEPARATOR
from ..imports.cells import Names, beside_m49, rows_of, un_entities
from ..models import Country, Entity
from ..models.fields import PARTIAL_DATE
from ..text import letters_and_digits
from ..vocabulary import Basis, Region, Scope
from .mapping import AMBIGUOUS, OF_SECTIONS, TABLES, Row

REGION_OF = "region_of"
# Columns that say how a row is known. Their slugs need no look: they may be the same of all rows.
KNOWN_BY = ("provenance", *PROJECT_TABLE.bases.values())
# Columns whose values are translated, and which of our columns each can speak of.
SPEAKS_OF = {
    **{name: (name,) for name in (*OF_SECTIONS, *KNOWN_BY)},
    "scope": ("scope", "regions", "countries"),
    "regions": ("regions", "countries"),
    "countries": ("countries", "regions"),
    "start_date": ("start_date",),
    "end_date": ("end_date",),
    # No column of a sheet: what region a country is in, which is asked of the doubtful ones.
    REGION_OF: ("regions",),
}
# What a text is read as: by our columns, a value or a list of them. One of entities also has the
# `names` of new ones, by acronym, and whether the text `is_alias`, another name of the one meant.
# One that is not what the text says itself, but what somebody said that it means, `is_ours`.
Reading = dict[str, Any]
# Among the values of a row: that it is national, and names countries and no region.
LACKS_REGION = "lacks_region"
# What texts are read as, by column and text.
Readings = Mapping[str, Mapping[str, Reading]]
# What separates several values, the surest first.
_SIGNS = [re.compile(signs) for signs in (r"[;\n]", "/", "[,+]", r"&|\band\b")]
# "II. Regional projects", "A) Dialogue", "3 - Youth"
_NUMBERED = re.compile(r"^\s*(?:[IVXLC]+|[A-Z]|[0-9]+)\s*[.):–-]\s+")
# “Global projects”
_KIND = re.compile(r"\s+(?:projects?|programmes?|initiatives?|activities)\s*\Z", re.IGNORECASE)
_HEAD = re.compile(r"^\s*([^:(\[–,]+?)\s*(?:[:(\[–,]|\s-\s)\s*(.*?)[\])]?\s*$", re.DOTALL)
# The first name is empty, so that January is the first month.
_MONTHS = {
    name[:length].lower(): f"{number:02}"
    for number, name in enumerate(month_name)
    for length in (3, 4, len(name))
    if name
}
_MONTH_AND_YEAR = re.compile(r"([A-Za-z]{3,9})\.?[ -]((?:19|20)[0-9]{2})")
_ACRONYM = re.compile(r"[A-Za-z0-9]+(?:[ -][A-Za-z0-9]+)*")


@dataclass
class Written:
    """A text that a sheet writes in a column, how often, and what it is probably read as.

    `unknown` are the parts of it that mean nothing that is known, or several things.
    """

    column: str
    text: str
    count: int
    reading: Reading
    unknown: list[str] = field(default_factory=list)

    @property
    def is_asked(self) -> bool:
        return bool(self.unknown)


class Translator:
    """Reads texts by the tables of what is written, by the directories, and by what was said.

    `readings` are what somebody said so far: the entities that they name are known.
    """

    def __init__(self, readings: Readings | None = None):
        named = (readings or {}).get("entities", {}).values()
        self.named = {
            acronym: name for one in named for acronym, name in one.get("names", {}).items()
        }

    @cached_property
    def values(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for column in PROJECT_TABLE.columns:
            found[column.name] = {
                letters_and_digits(one["written"]): one["read_as"]
                for one in rows_of("values", TABLES)
                if one["column"] in (column.name, "any")
            }
            for slug, label in column.vocabulary:
                found[column.name] |= {
                    letters_and_digits(written): slug for written in (slug, str(label))
                }
        return found

    @cached_property
    def countries(self) -> Names:
        """Countries by their codes and all their names; a name of two of them means both."""
        names: dict[str, set[str]] = {
            country.code: {country.m49, country.name} for country in Country.objects.all()
        }
        # What no import has brought into the directory yet is known all the same.
        for code, one in beside_m49().items():
            names.setdefault(code, {one["name"]})
        for table in ("country_names", "other_country_names"):
            for one in rows_of(table):
                if one["code"] in names:
                    names[one["code"]].add(one["name"])
        return Names(names.items())

    @cached_property
    def names_of_countries(self) -> dict[str, str]:
        return dict(Country.objects.values_list("code", "name"))

    @cached_property
    def entities(self) -> Names:
        """Entities by their acronyms and all their names, those of the wider system too."""
        called = {
            one.acronym: [one.name, *one.aliases.split(SEPARATOR)] for one in Entity.objects.all()
        }
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

    def knows(self, reading: Reading) -> bool:
        return self.entities.identifiers.issuperset(reading.get("entities", ()))

    def written(self, column: str, text: str, count: int = 1) -> Written:
        reading, unknown = self._read(column, text)
        return Written(column, text, count, reading, unknown)

    def _read(self, column: str, text: str) -> tuple[Reading, list[str]]:
        match column:
            case "scope":
                return self._scope(text)
            case "regions" | "countries":
                return self._places(text)
            case "entities":
                return self._entities(text)
            case "start_date" | "end_date":
                return self._date(column, text)
            case "region_of":
                return {}, [self.names_of_countries.get(text, text)]
        value = self._value(column, text)
        return ({}, [text]) if value is None else ({column: value}, [])

    def _value(self, column: str, text: str) -> str | None:
        """Return the value that a text means, nothing for “n/a”, None if nobody knows."""
        known = self.values[column]
        bare = _NUMBERED.sub("", text)
        # “Pillar I: Dialogue” names its area; anything else after a colon is a place.
        named = bare.partition(": ")[2] if column == "priority_area" else ""
        for words in (text, bare, _KIND.sub("", bare), named):
            found = known.get(letters_and_digits(words))
            if found is not None and (words or not text.strip()):
                return None if found == AMBIGUOUS else found
        return None if letters_and_digits(text) else ""

    def _scope(self, text: str) -> tuple[Reading, list[str]]:
        scope = self._value("scope", text)
        if scope is not None:
            return {"scope": scope}, []
        head = _HEAD.match(text)
        scope = self._value("scope", head[1]) if head else None
        if head is None or not scope:
            return {}, [text]
        places, unknown = self._places(head[2])
        return {"scope": scope, **places}, unknown

    def _places(self, text: str) -> tuple[Reading, list[str]]:
        regions: set[str] = set()
        countries: set[str] = set()
        unknown: list[str] = []
        for part in self._parts(text, self._is_place):
            region, codes = self._value("regions", part), self.country(part)
            if region:
                regions.add(region)
            elif len(codes) == 1:
                countries |= codes
            elif region is None or codes:
                unknown.append(part)
        found: Reading = {}
        if regions:
            found["regions"] = sorted(regions, key=Region.values.index)
        if countries:
            found["countries"] = sorted(countries)
        return found, unknown

    def _is_place(self, text: str) -> bool:
        is_region = letters_and_digits(text) in self.values["regions"]
        return is_region or bool(self.country(text))

    def country(self, text: str) -> set[str]:
        bare = text.strip().rstrip("*").strip()
        found = self.countries.look_up(bare)
        if not found and bare.casefold().startswith("the "):
            found = self.countries.look_up(bare[4:])
        return found

    def _entities(self, text: str) -> tuple[Reading, list[str]]:
        found: set[str] = set()
        unknown: list[str] = []
        for part in self._parts(text, lambda one: bool(self.entities.look_up(one))):
            meant = self.entities.look_up(part)
            if len(meant) == 1:
                found |= meant
            elif self._value("entities", part) is None:
                unknown.append(part)
        return {"entities": sorted(found, key=str.casefold)} if found else {}, unknown

    @classmethod
    def _parts(cls, text: str, is_known: Callable[[str], bool], depth: int = 0) -> list[str]:
        """Return the text if it is known as a whole, else the parts between its signs.

        Those that only part lists come first, so that a name with an "and" in it stays whole.
        """
        text = text.strip()
        if depth == len(_SIGNS) or is_known(text):
            return [text] if text else []
        parts = _SIGNS[depth].split(text)
        return [one for part in parts for one in cls._parts(part, is_known, depth + 1)]

    def _date(self, column: str, text: str) -> tuple[Reading, list[str]]:
        text = text.strip()
        if _is_plain(column, text):
            return {column: text}, []
        if self._value(column, text) == "":
            return {}, []
        found = _MONTH_AND_YEAR.fullmatch(text)
        month = _MONTHS.get(found[1].lower()) if found else None
        return ({column: f"{found[2]}-{month}"}, []) if found and month else ({}, [text])


def acronym_in(text: str) -> str:
    """Return the acronym that a name of an entity is itself, or has in brackets, or nothing."""
    bracketed = re.search(r"\(([A-Z][A-Za-z0-9-]{1,28})\)", text)
    if bracketed:
        return bracketed[1]
    bare = text.strip()
    short = len(bare) <= 12 and _ACRONYM.fullmatch(bare) and sum(map(str.isupper, bare)) > 1
    return bare.replace(" ", "-") if short else ""


@cache
def _regions_of_countries() -> dict[str, list[str]]:
    """Return the regions of countries by the subregions of M49, without the doubtful ones."""
    return {one["code"]: [one["region"]] for one in rows_of("regions_of_countries", TABLES)}


def _is_plain(column: str, text: str) -> bool:
    if column in KNOWN_BY:
        return text in PROJECT_TABLE.by_name[column].labels
    return column in ("start_date", "end_date") and bool(re.fullmatch(PARTIAL_DATE, text))


def different(rows: Iterable[Row]) -> Iterator[tuple[str, str, int]]:
    """Yield (column, text, how often) for every different text that is to be translated."""
    counts: dict[str, Counter[str]] = {column: Counter() for column in SPEAKS_OF}
    for row in rows:
        for column in SPEAKS_OF:
            text = row.texts.get(column, "")
            if text and not _is_plain(column, text):
                counts[column][text] += 1
    for column, counted in counts.items():
        for text, count in counted.items():
            yield column, text, count


def aliases(rows: Iterable[Row], readings: Readings) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for column, text, _count in different(rows):
        reading = readings.get(column, {}).get(text, {})
        if reading.get("is_alias"):
            name = " ".join(text.replace(SEPARATOR, " ").split())
            found.setdefault(reading["entities"][0], []).append(name)
    return found


def doubtful(rows: Iterable[Row], readings: Readings) -> Iterator[tuple[str, str, int]]:
    """Yield (REGION_OF, country, how often) for each that may have to say a row's region."""
    counts: Counter[str] = Counter()
    for row in rows:
        values = values_of(row, readings)
        if values.get(LACKS_REGION):
            counts.update(values["countries"])
    for code in sorted(counts.keys() - _regions_of_countries().keys()):
        yield REGION_OF, code, counts[code]


def values_of(row: Row, readings: Readings, by_country: bool = False) -> dict[str, Any]:
    """Return the values of a row: its texts, and what those in columns translated are read as.

    Lists that several texts give are joined. A column without a value is left out. What is our
    reading is known so, whatever the sheet says of all its values, and quotes the words. So are
    the regions of a national row that has none, if they are to be read `by_country`.
    """
    values: dict[str, Any] = {}
    ours: dict[str, str] = {}
    place = ""
    for column, text in row.texts.items():
        if column not in SPEAKS_OF or _is_plain(column, text):
            if text:
                values[column] = text
            continue
        reading = readings.get(column, {}).get(text, {})
        for name in SPEAKS_OF[column]:
            value = reading.get(name)
            if isinstance(value, list):
                joined = {*values.get(name, []), *value}
                values[name] = sorted(joined, key=_order(name))
            elif value:
                values.setdefault(name, value)
            if name == "countries" and value:
                place = " ".join(text.split())
            if value and reading.get("is_ours") and name in PROJECT_TABLE.bases:
                ours[name] = " ".join(text.split())
    if values.get("scope") == Scope.NATIONAL and place and not values.get("regions"):
        values[LACKS_REGION] = True
        said = {code: one.get("regions", []) for code, one in readings.get(REGION_OF, {}).items()}
        known = _regions_of_countries() | said
        regions = {region for code in values["countries"] for region in known.get(code, ())}
        if by_country and regions:
            values["regions"], ours["regions"] = sorted(regions, key=_order("regions")), place
    values |= {PROJECT_TABLE.bases[name]: Basis.INFERRED.value for name in ours}
    values[QUOTATIONS.name] = ours
    return {name: value for name, value in values.items() if value}


def _order(name: str):
    return Region.values.index if name == "regions" else str.casefold
