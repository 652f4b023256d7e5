"""The cells of a file: which value each means, or what is wrong with it and what is allowed.

What was understood otherwise than written is said in a few sentences, one for each way of reading.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..columns import PROJECT_TABLE, QUOTABLE, QUOTATIONS, SEPARATOR, Column
from ..exports import restore_cell
from ..history import text_of
from ..models import Country, Entity, Quotation
from ..text import control_in, letters_and_digits, plain_newlines, with_scheme
from .lines import FORMULA

# What countries and entities are called: CSV files that anybody can extend. `country_names`: names
# in the six official languages, from Unicode's CLDR, written by `tests/test_countries.py`.
# `other_country_names`: short, former and other names. `beside_m49`: what sheets name as a country
# and M49 lacks, with the footnote of United Nations documents. `un_entities`: entities of the
# United Nations system that the report does not name, each with its source. What these two have
# comes into the directory with the first import that names it.
TABLES = Path(__file__).with_name("tables")
# The most values shown of one way of reading.
EXAMPLES_SHOWN = 50
# A row's values by column, as history keeps them.
Values = dict[str, Any]


@dataclass(frozen=True)
class Problem:
    row: int
    column: str
    value: str
    message: str


@dataclass(frozen=True)
class Reading:
    """A cell that was understood as something else than it says letter for letter."""

    row: int
    column: str
    value: str
    read_as: str


@dataclass
class ReadingGroup:
    """The cells of a column that were read in one way: how many, and the first different ones.

    `examples` are how often each (value, what it was read as) occurs.
    """

    column: str
    is_empty: bool
    says_nothing: bool = False
    count: int = 0
    examples: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, reading: Reading) -> None:
        self.count += 1
        pair = (reading.value, reading.read_as)
        if pair in self.examples or len(self.examples) < EXAMPLES_SHOWN:
            self.examples[pair] = self.examples.get(pair, 0) + 1

    @property
    def rows(self) -> list[tuple[str, str, int]]:
        """The examples as (value, what it was read as, how often)."""
        return [(value, read_as, count) for (value, read_as), count in self.examples.items()]

    def __str__(self) -> str:
        column = PROJECT_TABLE.by_name.get(self.column)
        if self.is_empty:
            text = ngettext(
                "%(count)d empty cell of “%(column)s” read as “not stated”",
                "%(count)d empty cells of “%(column)s” read as “not stated”",
                self.count,
            )
        elif self.says_nothing:
            text = ngettext(
                "%(count)d cell of “%(column)s” that says nothing read as empty",
                "%(count)d cells of “%(column)s” that say nothing read as empty",
                self.count,
            )
        elif self.column == "entities":
            text = ngettext(
                "%(count)d name read as an acronym",
                "%(count)d names read as acronyms",
                self.count,
            )
        elif self.column == "countries":
            text = ngettext(
                "%(count)d name or number of a country read as its code",
                "%(count)d names or numbers of countries read as their codes",
                self.count,
            )
        elif self.column == "link":
            text = ngettext(
                "%(count)d link begun with https:// or without the spaces around it",
                "%(count)d links begun with https:// or without the spaces around them",
                self.count,
            )
        elif column and column.vocabulary:
            text = ngettext(
                "%(count)d value of “%(column)s” read as the register writes it",
                "%(count)d values of “%(column)s” read as the register writes them",
                self.count,
            )
        else:
            text = ngettext(
                "%(count)d cell of “%(column)s” tidied: spaces, line breaks, capitals",
                "%(count)d cells of “%(column)s” tidied: spaces, line breaks, capitals",
                self.count,
            )
        return text % {"count": self.count, "column": self.column}


def group(groups: dict[tuple[str, bool, bool], ReadingGroup], readings: Iterable[Reading]) -> None:
    for reading in readings:
        key = (reading.column, not reading.value.strip(), not reading.read_as)
        groups.setdefault(key, ReadingGroup(*key)).add(reading)


def beside_m49() -> dict[str, dict[str, str]]:
    """Return what is named as a country and has no M49 code: code, name and note, by code."""
    columns = ("code", "name", "note")
    return {one["code"]: {name: one[name] for name in columns} for one in rows_of("beside_m49")}


def un_entities() -> dict[str, dict[str, str]]:
    """Return entities that the report does not name: acronym, name and aliases, by acronym."""
    columns = ("acronym", "name", "aliases")
    rows = rows_of("un_entities")
    return {one["acronym"]: {name: one[name] for name in columns} for one in rows}


@cache
def rows_of(name: str, folder: Path = TABLES) -> tuple[dict[str, str], ...]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


class Names:
    """Countries or entities by everything they are called: identifier, name, other names."""

    def __init__(self, called: Iterable[tuple[str, Iterable[str]]]):
        self.found: dict[str, set[str]] = {}
        self.identifiers: set[str] = set()
        for identifier, names in called:
            self.identifiers.add(identifier)
            for name in filter(None, map(letters_and_digits, (identifier, *names))):
                self.found.setdefault(name, set()).add(identifier)

    def look_up(self, text: str) -> set[str]:
        if text in self.identifiers:
            return {text}
        return self.found.get(letters_and_digits(text), set())


@dataclass
class ReadRow:
    row: int
    values: Values
    problems: list[Problem] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)

    def refuse(self, column: str, value: str, message: str) -> None:
        self.problems.append(Problem(self.row, column, value, message))

    def note(self, column: str, value: str, read_as: str) -> None:
        if read_as and value != read_as:
            self.readings.append(Reading(self.row, column, value, read_as))


class CellReader:
    def __init__(
        self, is_csv: bool, new_entities: Iterable[str] = (), new_countries: Iterable[str] = ()
    ):
        self.is_csv = is_csv
        # Those that come into the directories with the import.
        self.new_entities, self.new_countries = [*new_entities], [*new_countries]

    @cached_property
    def vocabularies(self) -> dict[str, dict[str, str]]:
        """By column, the slugs by what may be written for them: slug or label."""
        return {
            column.name: {
                written: slug
                for slug, label in column.vocabulary
                for written in (slug, letters_and_digits(slug), letters_and_digits(str(label)))
            }
            for column in PROJECT_TABLE.columns
        }

    @cached_property
    def names(self) -> dict[str, Names]:
        """Entities by acronym, name and other names; countries by code, M49 code and name."""
        return {
            "entities": Names(
                [
                    *(
                        (one.acronym, [one.name, *one.aliases.split(SEPARATOR)])
                        for one in Entity.objects.all()
                    ),
                    *((acronym, ()) for acronym in self.new_entities),
                ]
            ),
            "countries": Names(
                [
                    *((one.code, [one.m49, one.name]) for one in Country.objects.all()),
                    *((code, ()) for code in self.new_countries),
                ]
            ),
        }

    def read(self, row: ReadRow, column: Column, text: str, old: Any) -> Any:
        """Return the value that a cell means; notes what was understood, and what was not.

        `old` is what stands there, None for a new project.
        """
        name, nothing = column.name, column.nothing
        if self.is_csv and column.free_text:
            text = restore_cell(text)
        if text.startswith(FORMULA):
            message = _(
                "This cell holds a formula, an error or a truth value. Write a text instead."
            )
            row.refuse(name, text.removeprefix(FORMULA), message)
            return nothing if old is None else old
        if old is not None and text == text_of(old):
            return old
        if control_in(text) is not None:
            row.refuse(name, text, _("This cell has a control character; remove it."))
            return nothing
        if column is QUOTATIONS:
            quoted = self._quotations(row, text)
            lines = [f"{field}: {words}" for field, words in quoted.items()]
            row.note(name, plain_newlines(text.strip()), "\n".join(lines))
            return quoted
        if column.several:
            return self._list(row, column, text)
        if name == "reference":
            value = reference_in(text)
        elif self.vocabularies[name] and text.strip():
            value = self._slug(row, column, text.strip())
        else:
            value = plain_newlines(text.strip())
        value = with_scheme(value) if name == "link" else value or column.default
        self._note(row, column, text, value)
        return value

    @staticmethod
    def _note(row: ReadRow, column: Column, text: str, value: str) -> None:
        """Note what was read as something else; a label, as exports write it, means its slug."""
        if column.labels.get(value) != text:
            row.note(column.name, text, value)

    def _slug(self, row: ReadRow, column: Column, text: str) -> str:
        known = self.vocabularies[column.name]
        slug = known.get(text) or known.get(letters_and_digits(text))
        if slug:
            return slug
        allowed = ", ".join(slug for slug, _label in column.vocabulary)
        row.refuse(column.name, text, _("Not a value of this column. Allowed: %s.") % allowed)
        return ""

    def _list(self, row: ReadRow, column: Column, text: str) -> list[str]:
        parts = [part.strip() for part in text.replace("\n", SEPARATOR).split(SEPARATOR)]
        read_one = self._identifier if column.linked_by else self._slug
        # Each value alone: their order means nothing.
        values: dict[str, None] = {}
        for part in filter(None, parts):
            if value := read_one(row, column, part):
                self._note(row, column, part, value)
                values[value] = None
        if column.linked_by:
            return sorted(values, key=str.casefold)
        return sorted(values, key=[*column.labels].index)

    def _quotations(self, row: ReadRow, text: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in filter(None, map(str.strip, plain_newlines(text).split("\n"))):
            field, _colon, words = (part.strip() for part in line.partition(":"))
            if field not in QUOTABLE:
                message = _("Start the line with a field and a colon. Fields: %s.")
                row.refuse(QUOTATIONS.name, line, message % ", ".join(QUOTABLE))
                continue
            if field in found:
                message = _("The field “%s” is quoted on another line already.")
                row.refuse(QUOTATIONS.name, line, message % field)
            try:
                quotation = Quotation.of(None, field, words)
                quotation.clean()
                quotation.clean_fields(exclude=["project"])
            except ValidationError as error:
                row.refuse(QUOTATIONS.name, line, " ".join(error.messages))
                continue
            found[field] = quotation.with_place
        return found

    def _identifier(self, row: ReadRow, column: Column, text: str) -> str:
        found = self.names[column.name].look_up(text)
        if len(found) == 1:
            return next(iter(found))
        if found:
            message = _("This can mean: %s. Write one of them.") % ", ".join(sorted(found))
        elif column.name == "entities":
            message = _(
                "No entity of the directory has this acronym or name. Several stand in one cell "
                "with semicolons between them; a new one is first added to the directory."
            )
        else:
            message = _(
                "No country has this code or name. Write its ISO 3166-1 alpha-3 code; several "
                "with semicolons between them."
            )
        row.refuse(column.name, text, message)
        return ""


def reference_in(text: str) -> str:
    return text.strip().upper()
