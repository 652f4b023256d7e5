"""What countries, entities, values and months are called, as texts are compared with it."""

import csv
import re
from collections.abc import Collection, Iterable
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from rapidfuzz import fuzz, process

from ..text import fold, letters_and_digits, singular, words_of

# What countries and entities are called: CSV files that anybody can extend. `country_names`: names
# in the six official languages, from Unicode's CLDR, written by `tests/test_countries.py`.
# `other_country_names`: short, former and other names. `beside_m49`: what sheets name as a country
# and M49 lacks, with the footnote of United Nations documents. `un_entities`: entities that sheets
# name and the report does not, of the United Nations system and its partners, each with its source.
# What these two have comes into the directory with the first import that names it. `values`: what
# is written for a value; AMBIGUOUS says that it can mean several and is asked about, with what it
# means most often; an empty reading that it says nothing. `regions_of_countries`: likewise.
TABLES = Path(__file__).with_name("tables")
AMBIGUOUS = "?"
# Words that do not distinguish a text from another.
_JOINING = re.compile("and|the|of|et|de|du|des|la|le|les|l|d|s|y|e|el|los|las|del|и")
_IN_NUMBERS = re.compile(r"(?:([0-9]{1,2})[./-])?([0-9]{1,2})[./-]((?:19|20)[0-9]{2})")
# Where dots divide the numbers of a date that ends with its year, the day comes first (CLDR).
_WITH_DOTS = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.((?:19|20)[0-9]{2})")
# "Mar-16"; of a number up to 12 nobody knows whether it is a year.
_SHORT_YEAR = re.compile(r"[^\W\d]+\.?\s?[-’'/]\s?(?:1[3-9]|[2-9][0-9])")
_QUARTER = re.compile(r"[QT][1-4][\s/-]*((?:19|20)[0-9]{2})|((?:19|20)[0-9]{2})[\s/-]*[QT][1-4]")
_SINCE = re.compile(r"(?:since|from|depuis|dès|desde|с|自|منذ)\s+(.+)", re.IGNORECASE)
_YEARS = re.compile(r"((?:19|20)[0-9]{2})\s*[-/]\s*((?:19|20)[0-9]{2})")
_PERIOD = re.compile(r"(.+?)\s*(?:–|—|\s-\s|\b(?:to|until|au|al|hasta|по)\b|至|到)\s*(.+)")
_IN_CHINESE = re.compile("([0-9]{4})年(?:([0-9]{1,2})月(?:([0-9]{1,2})日)?)?")
_ORDINAL = re.compile("(?:st|nd|rd|th|er|º|o)$")
# The least likeness, of 100, of a name that is proposed; the longest code or acronym.
_LIKENESS, _SHORT = 90, 5


def beside_m49() -> dict[str, dict[str, str]]:
    """Return what is named as a country and has no M49 code: code, name and note, by code."""
    columns = ("code", "name", "note")
    return {one["code"]: {name: one[name] for name in columns} for one in rows_of("beside_m49")}


def un_entities() -> dict[str, dict[str, str]]:
    """Return entities that the report does not name, by acronym."""
    return {one["acronym"]: one for one in rows_of("un_entities")}


def entity_names() -> tuple[dict[str, str], ...]:
    """Return what entities are called in the other languages, each row with its source."""
    return rows_of("entities", settings.BASE_DIR / "projects" / "names")


@cache
def rows_of(name: str, folder: Path = TABLES) -> tuple[dict[str, str], ...]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def terms() -> dict[str, list[tuple[str, str]]]:
    """Return (term, slug) in the six languages by vocabulary; of months "01" to "12"."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in rows_of("terms", settings.BASE_DIR / "fixtures"):
        found.setdefault(one["vocabulary"], []).append((one["term"], one["slug"]))
    return found


@cache
def _months() -> dict[str, str]:
    return {letters_and_digits(term): slug for term, slug in terms()["month"]} | {"sept": "09"}


@lru_cache(maxsize=10_000)
def cluster_key(text: str) -> str:
    """Return what texts of one meaning share: no case, accents, plural, "and" or order of words."""
    words = words_of(text.replace("&", " and ")).split()
    kept = [singular(word) for word in words if not _JOINING.fullmatch(word)]
    return "".join(sorted(kept)) or letters_and_digits(text)


class Names:
    """Countries or entities by everything they are called: identifier, name, other names."""

    def __init__(self, called: Iterable[tuple[str, Iterable[str]]]) -> None:
        self.found: dict[str, set[str]] = {}
        self.folded: dict[str, set[str]] = {}
        self.identifiers: set[str] = set()
        for identifier, names in called:
            self.identifiers.add(identifier)
            for name in filter(letters_and_digits, (identifier, *names)):
                self.found.setdefault(letters_and_digits(name), set()).add(identifier)
                # No plural of a code or an acronym means it: Mars is not MAR.
                if len(name) > _SHORT:
                    self.folded.setdefault(cluster_key(name), set()).add(identifier)

    def look_up(self, text: str) -> set[str]:
        if text in self.identifiers:
            return {text}
        return self.found.get(letters_and_digits(text)) or self.folded.get(cluster_key(text), set())

    def nearest(self, text: str) -> tuple[str, int]:
        """Return what is called most like a text and by how much, of 100; or nothing."""
        found = process.extractOne(
            letters_and_digits(text), self.found.keys(), scorer=fuzz.ratio, score_cutoff=_LIKENESS
        )
        named = self.found[found[0]] if found else set()
        return (min(named), round(found[1])) if found and len(named) == 1 else ("", 0)


@lru_cache(maxsize=2)
def called_countries(stored: tuple[tuple[str, str, str], ...]) -> Names:
    """Return all names of countries, which are stored as (code, number, name)."""
    names = {code: {m49, name} for code, m49, name in stored}
    # What no import has brought into the directory yet is known all the same.
    for code, row in beside_m49().items():
        names.setdefault(code, {row["name"]})
    for table in ("country_names", "other_country_names"):
        for row in rows_of(table):
            if row["code"] in names:
                names[row["code"]].add(row["name"])
    return Names(names.items())


@cache
def regions_of_countries(are_doubtful: bool = False) -> dict[str, list[str]]:
    """Return the region by M49 of countries, or of those that sheets count elsewhere too."""
    return {
        one["code"]: [one["region"].removeprefix(AMBIGUOUS)]
        for one in rows_of("regions_of_countries")
        if one["region"].startswith(AMBIGUOUS) == are_doubtful
    }


def outside(countries: Iterable[str], regions: Collection[str]) -> list[str]:
    """Return the countries, by code, that are surely in none of the regions; without any, none."""
    known, there = regions_of_countries(), {*regions}
    return [code for code in countries if there and there.isdisjoint(known.get(code, there))]


def _partial(year: str, month: str | None, day: str | None) -> str | None:
    """Return a date as the register writes it, None if there is no such day."""
    try:
        whole = date(int(year), int(month or 1), int(day or 1)).isoformat()
    except ValueError:
        return None
    return whole if day else whole[:7] if month else whole[:4]


def date_in(text: str) -> str | None:
    """Return YYYY, YYYY-MM or YYYY-MM-DD of a date written otherwise, None if it is not clear."""
    if match := _IN_CHINESE.fullmatch(text):
        return _partial(*match.groups())
    if match := _QUARTER.fullmatch(text):
        return match[1] or match[2]
    if match := _WITH_DOTS.fullmatch(text):
        return _partial(match[3], match[2], match[1])
    if match := _IN_NUMBERS.fullmatch(text):
        first, two, year = match.groups()
        if first is None or first == two:
            return _partial(year, two, first)
        read = {_partial(year, two, first), _partial(year, first, two)} - {None}
        return read.pop() if len(read) == 1 else None
    return _in_words(text)


def period_in(text: str) -> tuple[str, ...]:
    """Return the texts of the start and the end of "2016–2019", or of "since 2016" its start."""
    if found := _SINCE.fullmatch(text):
        return (found[1],)
    found = _YEARS.fullmatch(text) or _PERIOD.fullmatch(text)
    return found.groups() if found else (text, "")


def _in_words(text: str) -> str | None:
    """Return the date of "1er mars 2016", "diciembre de 2018" or "Mar-16", or None."""
    words = [
        word for word in re.split(r"[\s,./-]+", fold(text)) if word and not _JOINING.fullmatch(word)
    ]
    months = [_months()[key] for one in words if (key := letters_and_digits(one)) in _months()]
    numbers = [int(n) for one in words if (n := _ORDINAL.sub("", one)).isdecimal() and len(n) < 5]
    if len(months) != 1 or len(months) + len(numbers) != len(words) or not numbers:
        return None
    year = numbers.pop()
    # "12 May" has no year.
    if len(numbers) > 1 or (year < 100 and not _SHORT_YEAR.fullmatch(text.strip())):
        return None
    return _partial(str(year + 2000 if year < 100 else year), months[0], "".join(map(str, numbers)))
