"""The plan of an import: what each row of a file means, what it would do, what is wrong with it.

It is read off in constant memory, so that it can be made as often as it is needed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, zip_longest

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from ..columns import COLUMNS, COMPARED, FREE_TEXT, NAMES
from ..exports.rows import keyed_rows, restore
from ..history.recorder import FieldChange, differences
from ..models import (
    HAD,
    HIGHEST,
    REFERENCE,
    Country,
    Entity,
    Project,
    had_numbers,
    highest_number,
    row_faults,
)
from ..text import control_in, fold, plain_newlines
from ..vocabulary import Basis, Review, Status
from .files import FORMULA, Line, Refused, column_of

_BATCH = 2000
ADDED, CHANGED, UNCHANGED, SKIPPED = "added", "changed", "unchanged", "skipped"
BY_NAME = {column.name: column for column in COLUMNS}
SEPARATOR = ";"
JUDGED_TOGETHER = ({"scope", "regions", "regions_basis"}, {"start_date", "end_date"})


@dataclass(frozen=True)
class Fault:
    """What is wrong in the file: in which row and column, with which value, and what is allowed."""

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
class Item:
    """What a row of the file would do: `kind` is added, changed, unchanged or skipped."""

    row: int
    kind: str
    reference: str
    pk: int | None
    old: dict | None
    new: dict | None
    faults: list[Fault] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)

    @property
    def changes(self) -> list[FieldChange]:
        """What would change, column by column."""
        return [c for c in differences(self.old, self.new) if c.column != "review"]


class Directory:
    """Countries or entities by everything they are called: identifier, name, other names."""

    def __init__(self, records, names):
        self.found: dict[str, set[str]] = {}
        self.identifiers: set[str] = set()
        for record in records:
            identifier = record.natural_key()[0]
            self.identifiers.add(identifier)
            for name in filter(None, map(_plain, (identifier, *names(record)))):
                self.found.setdefault(name, set()).add(identifier)

    def look_up(self, text: str) -> set[str]:
        """Return the identifiers that the text can mean: one, none, or several."""
        if text in self.identifiers:
            return {text}
        return self.found.get(_plain(text), set())


def _plain(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


class Plan:
    """What the lines of a file would do to the register as it is now."""

    def __init__(self, lines: list[Line], options: dict):
        self.options = options
        (self.header_row, self.headings), *self.lines = lines
        self.columns = [column_of(heading) for heading in self.headings]
        twice = {name for name in self.columns if name and self.columns.count(name) > 1}
        if twice:
            raise Refused(_("Columns that occur twice: %s.") % ", ".join(sorted(twice)))
        if "reference" not in self.columns:
            raise Refused(
                _("There is no column “reference”. Its cells may be empty: that adds a project.")
            )

    @property
    def unknown(self) -> list[str]:
        """The headings that name no column."""
        return [h for h, c in zip(self.headings, self.columns, strict=True) if h.strip() and not c]

    @cached_property
    def vocabularies(self) -> dict[str, dict[str, str]]:
        """By column, the slugs by what may be written for them: slug or label."""
        return {
            column.name: {
                written: slug
                for slug, label in column.vocabulary
                for written in (slug, _plain(slug), _plain(str(label)))
            }
            for column in COLUMNS
        }

    @cached_property
    def entities(self) -> Directory:
        """The entities by acronym, name and other names."""
        return Directory(Entity.objects.all(), lambda e: [e.name, *e.aliases.split(SEPARATOR)])

    @cached_property
    def countries(self) -> Directory:
        """The countries by code, M49 code and name."""
        return Directory(Country.objects.all(), lambda c: [c.m49, c.name])

    @cached_property
    def references(self) -> list[str]:
        """The reference of every line, empty for a new project."""
        place = self.columns.index("reference")
        return [_reference("".join(cells[place : place + 1])) for _row, cells in self.lines]

    def lock(self) -> None:
        """Let nobody else change the projects that the file names, until the transaction ends.

        In the order of their numbers, as everybody locks them: so nobody waits for each other.
        """
        numbers = sorted({_number(reference) for reference in self.references} - {None})
        for start in range(0, len(numbers), _BATCH):
            some = Project.live.filter(number__in=numbers[start : start + _BATCH])
            len(some.order_by("number").select_for_update().values_list("pk"))

    def items(self) -> Iterator[Item]:
        """Yield what each row would do, in the order of the file."""
        lines_of: dict[str | int, int] = {}
        numbers = {_number(reference) for reference in self.references} - {None}
        highest = max([highest_number(), *numbers])
        lines = zip(self.lines, self.references, strict=True)
        while batch := list(islice(lines, _BATCH)):
            numbers = {_number(reference) for _line, reference in batch} - {None}
            there = Project.live.filter(number__in=numbers)
            review = dict(there.values_list("reference", "review"))
            named = {_number(reference): reference for reference in review}
            gone = set(had_numbers().filter(number__in=numbers).values_list("number", flat=True))
            known = {
                row[0]: (pk, dict(zip(NAMES, row, strict=True)) | {"review": review[row[0]]})
                for pk, row in keyed_rows(there)
            }
            for (row, cells), reference in batch:
                number = _number(reference)
                known_by = reference if number is None else number
                pk, old = known.get(reference, (None, None))
                if old:
                    old = {name: old[name] for name in (*COMPARED, "review")}
                item = self._item(row, cells, reference, pk, old)
                if not reference:
                    highest += 1
                    item.reference = f"PVE-{highest:03}"
                    item.new["reference"] = item.reference
                    if highest > HIGHEST:
                        message = _("No number is left above those in the file. Write a reference.")
                        item.faults.append(Fault(row, "reference", "", message))
                elif known_by in lines_of:
                    text = _("“%(reference)s” stands in row %(first)d already.")
                    known_as = {"reference": reference, "first": lines_of[known_by]}
                    item.faults.append(Fault(row, "reference", reference, text % known_as))
                elif number in named and not old:
                    message = _("This project is written %s.") % named[number]
                    item.faults.append(Fault(row, "reference", reference, message))
                elif number in gone and item.kind == ADDED:
                    item.faults.append(Fault(row, "reference", reference, str(HAD)))
                lines_of.setdefault(known_by, row)
                yield item

    def _item(self, row: int, cells: list[str], reference: str, pk, old: dict | None) -> Item:
        empty = {name: _nothing(name) for name in COMPARED} | {"review": Review.DRAFT.value}
        new = dict(old) if old else empty
        item = Item(row, "", reference, pk, old, new)
        for name, text in zip_longest(self.columns, cells, fillvalue=""):
            if name in BY_NAME and name in new:
                new[name] = self._read(item, name, text)
        for heading, text in zip_longest(self.headings, cells, fillvalue=""):
            if text.strip() and not heading.strip():
                message = _("There is no heading above this cell.")
                item.faults.append(Fault(row, "", text, message))
        if not old and not new["status"]:
            new["status"] = Status.NOT_STATED.value
        only = self.options.get("only")
        if old is None:
            item.kind = SKIPPED if only == CHANGED else ADDED
        elif old == new:
            item.kind = UNCHANGED
        else:
            item.kind = SKIPPED if only == ADDED else CHANGED
            if new["review"] == Review.REVIEWED:
                new["review"] = Review.CHANGED.value
        if item.kind in (ADDED, CHANGED):
            self._check(item)
        return item

    def _check(self, item: Item) -> None:
        """Add a fault for every rule that the values of a changed row break.

        What could not be read is not judged again, alone or beside other columns.
        """
        faulty = {fault.column for fault in item.faults}
        for name in COMPARED:
            if name in ("regions", "countries", "entities") or name in faulty:
                continue
            if name == "reference" and not item.reference:
                continue
            if item.old is None or item.old[name] != item.new[name]:
                try:
                    Project._meta.get_field(name).clean(item.new[name], None)
                except ValidationError as error:
                    faulty.add(name)
                    text = " ".join(error.messages)
                    item.faults.append(Fault(item.row, name, _text(item.new[name]), text))
        for name in ("priority_area", "scope", "regions"):
            basis = f"{name}_basis"
            chosen = item.old and item.new[name] and item.old[name] != item.new[name]
            if chosen and item.new[basis] == Basis.ALLOCATED and not faulty & {name, basis}:
                faulty.add(basis)
                text = _("The row chooses the value: say whether it is stated or inferred.")
                item.faults.append(Fault(item.row, basis, Basis.ALLOCATED.value, text))
        for name, text in row_faults(item.new):
            if not any(name in together and together & faulty for together in JUDGED_TOGETHER):
                item.faults.append(Fault(item.row, name, _text(item.new[name]), text))

    def _read(self, item: Item, name: str, text: str):
        """Return the value that a cell means; notes what was understood, and what was not."""
        column, old = BY_NAME[name], (item.old or {}).get(name)
        if self.options.get("csv") and NAMES.index(name) in FREE_TEXT:
            text = restore(text)
        if text.startswith(FORMULA):
            message = _(
                "This cell holds a formula, an error or a truth value. Write a text instead."
            )
            item.faults.append(Fault(item.row, name, text.removeprefix(FORMULA), message))
            return old if item.old else _nothing(name)
        if text == _text(old) and item.old:
            return old
        if control_in(text) is not None:
            message = _("This cell has a control character; remove it.")
            item.faults.append(Fault(item.row, name, text, message))
            return _nothing(name)
        if column.several:
            return self._read_list(item, name, text)
        if name == "reference":
            value = _reference(text)
        elif self.vocabularies[name] and text.strip():
            value = self._read_one(item, column, text.strip())
        else:
            value = plain_newlines(text.strip())
        if name == "status" and not value:
            value = Status.NOT_STATED.value
        if value != text and value:
            item.readings.append(Reading(item.row, name, text, value))
        return value

    def _read_one(self, item: Item, column, text: str) -> str:
        """Return the slug that a text means, by slug or label; itself, and a fault, if none."""
        known = self.vocabularies[column.name]
        slug = known.get(text) or known.get(_plain(text))
        if slug:
            return slug
        allowed = ", ".join(slug for slug, _label in column.vocabulary)
        message = _("Not a value of this column. Allowed: %s.") % allowed
        item.faults.append(Fault(item.row, column.name, text, message))
        return ""

    def _read_list(self, item: Item, name: str, text: str) -> list[str]:
        parts = [part.strip() for part in text.replace("\n", SEPARATOR).split(SEPARATOR)]
        values: list[str] = []
        for part in filter(None, parts):
            if name == "regions":
                value = self._read_one(item, BY_NAME[name], part)
            else:
                value = self._look_up(item, name, part)
            if value and value not in values:
                values.append(value)
        if name == "regions":
            order = [slug for slug, _label in BY_NAME[name].vocabulary]
            values.sort(key=order.index)
        else:
            values.sort(key=str.casefold)
        if values and _text(values) != text:
            item.readings.append(Reading(item.row, name, text, _text(values)))
        return values

    def _look_up(self, item: Item, name: str, text: str) -> str:
        found = (self.entities if name == "entities" else self.countries).look_up(text)
        if len(found) == 1:
            return next(iter(found))
        if found:
            message = _("This can mean: %s. Write one of them.") % ", ".join(sorted(found))
        elif name == "entities":
            message = _(
                "No entity of the directory has this acronym or name. Several stand in one cell "
                "with semicolons between them; a new one is first added to the directory."
            )
        else:
            message = _(
                "No country has this code or name. Write its ISO 3166-1 alpha-3 code; several "
                "with semicolons between them."
            )
        item.faults.append(Fault(item.row, name, text, message))
        return ""


def _reference(text: str) -> str:
    return text.strip().upper()


def _number(reference: str) -> int | None:
    return int(reference[4:]) if re.match(REFERENCE, reference) else None


def _nothing(name: str):
    return [] if BY_NAME[name].several else ""


def _text(value) -> str:
    return SEPARATOR.join(value) if isinstance(value, list) else value or ""
