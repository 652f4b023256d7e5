"""What a text of a file means for a column, or probably means.

Files in the register's columns and other sheets have this one reader. It knows the tables of what
is written, the terms in six languages, the directories, and what somebody said of a text: that
holds for each text that only differs in case, accents, plural or the order of its words, and where
it is a part of a longer one. What can mean several things, or nothing known, is asked about.
"""

import re
from collections.abc import Callable
from functools import cached_property

from django.conf import settings
from django.utils import translation
from rapidfuzz import fuzz, process

from ..columns import PROJECT_TABLE, SEPARATOR
from ..models import Country, Entity
from ..models.fields import PARTIAL_DATE
from ..text import letters_and_digits, words_of
from ..vocabulary import SHORT_LABELS, Scope, Status
from .meanings import DATES, PLACES, REGION_OF, Reading, Readings, Written, in_order
from .names import (
    AMBIGUOUS,
    Names,
    called_countries,
    cluster_key,
    date_in,
    entity_names,
    period_in,
    regions_of_countries,
    rows_of,
    terms,
    un_entities,
)

# What every project has: “n/a” is no answer there.
_ALWAYS = ("priority_area", "scope")
# What separates several values, the surest first. Between entities also "in coop. w.".
_SIGNS = [
    re.compile(r"([;\n+])"),
    re.compile(
        r"([/&,،、]|\s[–-]\s|\b(?:and|et|y|и)\b"
        r"|(?:\bin coop(?:\.|eration) |\ben (?:coopération|cooperación) )?"
        r"\b(?:with|w\.|avec|con)\s)"
    ),
]
# Parts of a text that names one area in several words.
_OF_AREA = re.compile(r"[/,;&+()\n]|\s[–-]\s|\b(?:and|et|y|и)\b")
# What an entity does in a project, in brackets; two acronyms that are joined.
_ROLE = re.compile(
    r"\s*\((?:co-?)?(?:lead(?: agency| entity)?|chef de file|líder|principal)\)", re.IGNORECASE
)
_JOINED = re.compile(r"([A-Z]{2,})-([A-Z]{2,})")
# “Clôturé (déc. 2016)”
_DATED = re.compile(r"\s*\([^()]*(?:19|20)[0-9]{2}\)\Z")
# “N. Africa”, “Afrique du N.”
_BEFORE = {"N": "North", "S": "South", "E": "East", "W": "West", "C": "Central"}
_AFTER = {"N": "Nord", "S": "Sud", "E": "Est", "O": "Ouest"}
_SHORT_BEFORE = re.compile(r"\b([NSEWC])\. ?(?=[A-Z])")
_SHORT_AFTER = re.compile(r"(?<=\bdu )([NSEO])\.|(?<=\bl['’])([NSEO])\.")
# The most pieces of a name, with the signs between them; the longest in the directories has five.
_MOST_PIECES = 9
# "II. Regional projects", "A) Dialogue", "3 - Youth"; before a place a letter is a part of it.
_NUMBERED = re.compile(r"^\s*(?:[IVXLC]+|[A-Z]|[0-9]+)\s*[.):–-]\s+")
_PLACE_NUMBERED = re.compile(r"^\s*(?:[IVX]{2,}|[0-9]+)\s*[.):–-]\s+")
# “Global projects”
KIND = re.compile(r"[\s-]+(?:projects?|programmes?|initiatives?|activities)\s*\Z", re.IGNORECASE)
_HEAD = re.compile(r"^\s*([^:(\[–,]+?)\s*(?:[:(\[–,]|\s-\s)\s*(.*?)[\])]?\s*$", re.DOTALL)
# “Pillar I: Dialogue”, “Pillar I - Dialogue”
_NAMED = re.compile(r":\s| [-–] ")
# The least likeness, of 100, of what is proposed; by how much it is to be more alike than others.
_LIKENESS, _CLEARLY = 70, 3
# A sign that may stand for the cell above: it is asked about, unless the column is said to have it.
_DITTO = re.compile("[-– ]*[\"″〃'“”„«»][\"″〃'“”„«»–– -]*")
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")


class Translator:
    """Reads texts; `readings` are what somebody said so far: the entities they name are known."""

    def __init__(self, readings: Readings | None = None) -> None:
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
            of = found.setdefault("places" if column in PLACES else column, {})
            of |= {cluster_key(text): one for text, one in texts.items() if self._knows(one)}
        return found

    @cached_property
    def _phrases(self) -> dict[str, dict[str, str]]:
        """By column, what is read as by what is written."""
        phrases: dict[str, dict[str, str]] = {}
        for column in PROJECT_TABLE.columns:
            name = column.name
            phrases[name] = dict(terms().get(name, ()))
            for row in rows_of("values"):
                if row["column"] in (name, "any"):
                    is_no_answer = row["column"] == "any" and name in _ALWAYS
                    phrases[name][row["written"]] = AMBIGUOUS if is_no_answer else row["read_as"]
            for language, _name in settings.LANGUAGES:
                with translation.override(language):
                    shown = [*column.vocabulary, *SHORT_LABELS.items()]
                    slugs = dict(column.vocabulary)
                    phrases[name] |= {str(label): slug for slug, label in shown if slug in slugs}
            phrases[name] |= {slug: slug for slug, _label in column.vocabulary}
        return phrases

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
        return called_countries(
            tuple(Country.objects.order_by("code").values_list("code", "m49", "name"))
        )

    @cached_property
    def names_of_countries(self) -> dict[str, str]:
        return dict(Country.objects.values_list("code", "name"))

    @cached_property
    def entities(self) -> Names:
        """Entities by their acronyms and all their names, those of the wider system too."""
        called = {one.acronym: [one.name, *one.other_names] for one in Entity.objects.all()}
        directory = Names(called.items())
        others = {
            acronym: [entity["name"], *entity["aliases"].split(SEPARATOR)]
            for acronym, entity in un_entities().items()
        }
        others |= {acronym: [name] for acronym, name in self.named.items()}
        for acronym, names in others.items():
            # What the directory calls something else is what it says there.
            if not any(directory.look_up(name) for name in (acronym, names[0])):
                called[acronym] = names
        for row in entity_names():
            if row["acronym"] in called:
                names = [row["name"], *row["acronym_there"].split(SEPARATOR)]
                called[row["acronym"]] = [*called[row["acronym"]], *map(str.strip, names)]
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
        reading, likeness, like = self._proposal(column, text)
        if column == REGION_OF:
            spellings = [self.names_of_countries.get(text, text)]
        return Written(column, text, count, reading, [(column, text)], likeness, spellings, like)

    def _said_of(self, column: str, text: str) -> Reading | None:
        known = self._said.get("places" if column in PLACES else column)
        return known.get(cluster_key(text)) if known else None

    def _read(self, column: str, text: str) -> tuple[Reading, list[tuple[str, str]]]:
        if column in PLACES or column == "scope":
            text = _in_full(text)
        match column:
            case "scope":
                return self._scope(text)
            case "regions" | "countries":
                return self._joined(column, text, self._place)
            case "entities":
                return self._joined(column, _ROLE.sub("", text), self._entity)
            case "start_date" | "end_date":
                value = self._date(column, text)
                if value is None and column == "start_date" and (period := self._period(text)):
                    return period, []
            case _:
                value = None if column == REGION_OF else self._value(column, text)
        return ({}, [(column, text)]) if value is None else ({column: value} if value else {}, [])

    def _listed(self, column: str, text: str) -> str | None:
        known = self.values[column]
        return known.get(letters_and_digits(text), known.get(cluster_key(text)))

    def _value(self, column: str, text: str) -> str | None:
        """Return the value that a text means, nothing for “n/a”, None if nobody knows."""
        if _DITTO.fullmatch(text):
            return None
        numbered = _PLACE_NUMBERED if column == "regions" else _NUMBERED
        bare = text if column in DATES else numbered.sub("", text)
        if column == "status":
            bare = _DATED.sub("", bare)
        # “Pillar I: Dialogue” names its area; anything else after a colon is a place.
        first, *named = _NAMED.split(text, 1) if column == "priority_area" else [text]
        of_first = self._listed(column, first) or AMBIGUOUS
        if named and not of_first.startswith(AMBIGUOUS):
            named = []  # “Youth – Gender” is of two areas
        for words in filter(None, (text, bare, KIND.sub("", bare), *named)):
            listed = self._listed(column, words)
            if listed is not None:
                return None if listed.startswith(AMBIGUOUS) else listed
        if column == "priority_area" and (area := self._area_of_parts(bare)):
            return area
        return None if letters_and_digits(text) else ""

    def _area_of_parts(self, text: str) -> str:
        """Return the area that all parts of a text name, one of them for sure; or nothing."""
        parts = [one for one in _OF_AREA.split(text) if letters_and_digits(one)]
        found = [self._listed("priority_area", one) or AMBIGUOUS for one in parts]
        slugs = {one.removeprefix(AMBIGUOUS) for one in found}
        is_sure = len(slugs) == 1 and not all(one.startswith(AMBIGUOUS) for one in found)
        return slugs.pop() if is_sure else ""

    def _scope(self, text: str) -> tuple[Reading, list[tuple[str, str]]]:
        scope = self._value("scope", text)
        if scope is not None:
            return {"scope": scope} if scope else {}, []
        head = _HEAD.match(text)
        places, unknown = self._joined("regions", head[2], self._place) if head else ({}, [])
        if head and (places or unknown):
            said = self._said_of("scope", head[1])
            scope = self._value("scope", head[1])
            reading = {"scope": scope} if scope else said
            if reading:
                return {**reading, **places}, unknown
            if not unknown:
                return places, [("scope", head[1])]
        if len(codes := self.countries.look_up(text)) == 1:
            # A text that is one country does not say itself that the project is national.
            return {"scope": Scope.NATIONAL.value, "countries": [*codes], "is_ours": True}, []
        return {}, [("scope", text)]

    def _joined(
        self, column: str, text: str, meaning_of: Callable[[str], Reading | None]
    ) -> tuple[Reading, list[tuple[str, str]]]:
        """Return what the parts of a text mean together, and those that are not known."""
        joined: Reading = {}
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
                    joined[name] = in_order(name, [*joined.get(name, []), *value])
                else:
                    joined[name] = joined.get(name, {}) | value if name == "names" else value
        return joined, unknown

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
        joined = _JOINED.fullmatch(text)
        both = [self.entities.look_up(one) for one in joined.groups()] if joined else []
        if both and all(len(one) == 1 for one in both):
            return {"entities": sorted(set().union(*both), key=str.casefold)}
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
        is_open &= not _YEAR.search(text)
        if is_open or self._value(column, text) == "":
            return ""
        return date_in(text)

    def _period(self, text: str) -> Reading:
        """Return the start and the end that a text gives, nothing if one of them is not clear."""
        ends = period_in(text)
        if len(ends) > 1 and _YEAR.search(ends[1]) and not _YEAR.search(ends[0]):
            return {}  # "10 Jan – 20 Dec 2017"
        dates = [self._date(*one) for one in zip(DATES, ends, strict=False)]
        if None in dates:
            return {}
        return {name: date for name, date in zip(DATES, dates, strict=False) if date}

    def _proposal(self, column: str, text: str) -> tuple[Reading, int, str]:
        """Return what a text probably means, by what likeness and to what; or nothing."""
        if column == REGION_OF:
            usual = regions_of_countries(are_doubtful=True).get(text)
            return ({"regions": usual} if usual else {}), 0, ""
        if column in DATES:
            years = _YEAR.findall(text)
            year = years[0 if column == "start_date" else -1] if years else ""
            return ({column: year} if year else {}), 0, ""
        if column == "entities":
            name, likeness = self.entities.nearest(text)
            return ({column: [name]} if name else {}), likeness, name
        place, of_country = self.countries.nearest(text) if column in PLACES else ("", 0)
        kind = "regions" if column in PLACES else column
        slug, likeness, like = self._nearest(kind, text)
        if place and of_country > likeness and not (slug and not likeness):
            return {"countries": [place]}, of_country, self.names_of_countries.get(place, place)
        value = [slug] if kind == "regions" else slug
        return ({kind: value} if slug else {}), likeness, like

    def _nearest(self, column: str, text: str) -> tuple[str, int, str]:
        """Return the value with the text most like this one, how much, and that text; or nothing.

        None where the words of another value's text are more like it: "Mobilisation des
        communautés" is like "Mobilisation des jeunes", and has the word "communautés".
        """
        usual = self._listed(column, text) or ""
        if usual.startswith(AMBIGUOUS):
            return usual.removeprefix(AMBIGUOUS), 0, ""
        phrases = {
            words_of(phrase): (slug, phrase)
            for phrase, slug in self._phrases[column].items()
            if slug and not slug.startswith(AMBIGUOUS)
        }
        words = words_of(text)
        shared: dict[str, float] = {}
        plain: dict[str, tuple[float, str]] = {}
        for phrase, score, _place in process.extract(
            words, [*phrases], scorer=fuzz.token_set_ratio, score_cutoff=_LIKENESS, limit=40
        ):
            slug, label = phrases[phrase]
            shared[slug] = max(score, shared.get(slug, 0))
            plain[slug] = max((fuzz.ratio(words, words_of(label)), label), plain.get(slug, (0, "")))
        best = sorted(shared.items(), key=lambda one: -one[1])[:2]
        if not best or (len(best) > 1 and best[0][1] - best[1][1] < _CLEARLY):
            return "", 0, ""
        likeness, like = plain[best[0][0]]
        return best[0][0], round(likeness), like


def _in_full(text: str) -> str:
    """Return the text of a place with "N. Africa" and "Afrique du N." in full."""
    text = _SHORT_BEFORE.sub(lambda found: f"{_BEFORE[found[1]]} ", text)
    return _SHORT_AFTER.sub(lambda found: _AFTER[found[1] or found[2]], text)
