"""Which entries the rows of a sheet are about, their places afterwards, and the lines of a file.

`matching` finds which.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..columns import PROJECT_TABLE, QUOTATIONS, SEPARATOR
from ..imports.cells import words_in
from ..imports.lines import KEEP, Line
from ..imports.meanings import OF_SECTIONS, REGION_OF, SPEAKS_OF, in_order, is_read
from ..imports.names import regions_of_countries
from ..imports.reading import Translator
from ..models import Project
from ..places import Entry as PlacedEntry
from ..places import Moved, moved_totals, standing
from ..text import fold, number_of
from ..vocabulary import NOT_STATED, Basis, InMatrix, Scope
from .sheet_rows import LACKS_REGION, Row

# Chosen for a row, in place of a reference: the row becomes no project; it is in the matrix, though
# it begins after the report.
LEFT_OUT, IN_MATRIX = "-", "+"
# Of these scopes a project is in regions.
_WITH_REGIONS = (Scope.NATIONAL, Scope.REGIONAL)


class How(models.TextChoices):
    GIVEN = "given", _("The sheet names it")
    CHOSEN = "chosen", _("You chose it")
    SAME = "same", _("Title and entity are alike")
    NEW = "new", _("New")


class Place(NamedTuple):
    """The place of an entry in the published totals."""

    priority_area: str
    scope: str
    regions: frozenset[str]


@dataclass(frozen=True)
class Entry:
    reference: str
    title: str
    in_matrix: str
    # By what sources state.
    place: Place
    holds_place: bool
    entities: frozenset[str]

    @property
    def number(self) -> int:
        return number_of(self.reference) or 0


@dataclass
class Match:
    place: int
    row: Row
    values: dict[str, Any]
    entry: Entry | None = None
    how: How = How.NEW
    likeness: int = 0
    # The entry of the same title, and of other entities, that it is not about.
    namesake: Entry | None = None
    # Another row of the same title, and of an entity of this one's or of none.
    double: "Match | None" = None
    # It begins after the date of the report that counts the matrix.
    is_late: bool = False

    @property
    def reference(self) -> str:
        """Its entry's, or the one that the sheet has and the register lacks; empty if it is new."""
        if self.entry or self.how == How.CHOSEN:
            return self.entry.reference if self.entry else ""
        return str(self.values.get("reference", ""))

    @property
    def quoted(self) -> dict[str, str]:
        """The words of the sheet that columns are our reading of."""
        quoted: dict[str, str] = self.values.get(QUOTATIONS.name, {})
        return {name: one for name, one in quoted.items() if name != "regions" or not self.stays}

    @property
    def is_in_matrix(self) -> bool:
        return bool(self.values.get("in_matrix") == InMatrix.YES)

    @property
    def in_matrix(self) -> str:
        """What is said of it then: an entry that is there keeps what its source says of that."""
        said: str = self.values.get("in_matrix", InMatrix.NOT_STATED.value)
        return said if self.entry is None or said == InMatrix.YES else self.entry.in_matrix

    @property
    def stays(self) -> bool:
        """Whether the entry's regions do: one that is read from a country replaces no other."""
        if self.entry is None:
            return False
        return LACKS_REGION in self.values and bool(self.entry.place.regions)

    @cached_property
    def searched(self) -> str:
        """What a search of the page of the entries looks in."""
        shown = (self.row.texts.get(name, "") for name in ("title", *OF_SECTIONS))
        return fold(" ".join([self.row.key, *shown]))

    @property
    def has_no_region(self) -> bool:
        """Whether it is of a scope with regions, and nobody says which."""
        return self.after.scope in _WITH_REGIONS and not self.after.regions

    @property
    def why_no_region(self) -> str:
        """Say why a row has no region, and where that is answered."""
        if countries := self.values.get("countries"):
            text = _("Nobody said which region %s is in, or its region is left empty.")
            return text % ", ".join(countries)
        return str(_("It names no country and no region."))

    @property
    def wanted(self) -> Place:
        get = self.values.get
        return Place(get("priority_area", ""), get("scope", ""), frozenset(get("regions", ())))

    @property
    def after(self) -> Place:
        wanted = self.wanted
        if self.entry is None:
            return wanted
        was = self.entry.place
        scope = wanted.scope or was.scope
        keeps = scope != Scope.GLOBAL
        said = frozenset() if self.stays else wanted.regions
        regions = said or (was.regions if keeps else frozenset())
        return Place(wanted.priority_area or was.priority_area, scope, regions)

    @cached_property
    def compared(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The entities, area, scope and regions of the row, and of its entry if it has one."""
        named, one = frozenset(self.values.get("entities", ())), self.entry
        theirs = {"entities": one.entities, **one.place._asdict()} if one else {}
        return {"entities": named, **self.wanted._asdict()}, theirs

    @cached_property
    def differing(self) -> list[str]:
        """What the row says otherwise than its entry, of `compared`."""
        ours, theirs = self.compared
        return [name for name, one in theirs.items() if one and ours[name] and one != ours[name]]

    @property
    def rank(self) -> int:
        """0 if it is to be looked at, 1 if the row says something otherwise, 2 for the others."""
        is_seen = self.how == How.CHOSEN or not self.differing
        return 0 if self.is_asked else 2 if is_seen else 1

    @property
    def is_like(self) -> bool:
        """Whether its title is only like that of its entry."""
        return 0 < self.likeness < 100

    @property
    def is_asked(self) -> bool:
        if self.how == How.CHOSEN:
            return False
        if self.double or self.namesake or self.is_late or self.is_like:
            return True
        return self.entry is not None and self.after.priority_area != self.entry.place.priority_area


@dataclass
class Matching:
    """Which rows are about which entries; `set_aside` are those that a complete sheet lacks."""

    matches: list[Match]
    set_aside: list[Entry] = field(default_factory=list)

    @cached_property
    def counts(self) -> Counter[How]:
        return Counter(one.how for one in self.matches)

    @property
    def in_matrix(self) -> Counter[str]:
        """The number of rows that are in the matrix, by area."""
        return Counter(one.wanted.priority_area for one in self.matches if one.is_in_matrix)

    def moved(self) -> list[Moved]:
        """Return the published totals that the sheet moves once it is published."""
        there = {one.number: one for one in standing()}
        before = [there[one.number] for one in self.set_aside if one.number in there]
        after = []
        for match in self.matches:
            # The number of a new entry does not matter, but that no other has it.
            number = match.entry.number if match.entry else -1 - match.place
            is_sure = match.in_matrix == InMatrix.YES
            if number in there:
                before.append(there[number])
            # Any other project stays a draft.
            if match.after.priority_area and (is_sure or number in there):
                after.append(PlacedEntry(number, is_sure, *match.after))
        return moved_totals(before, after)

    def lines(self, file_name: str) -> Iterator[Line]:
        yield 1, [*PROJECT_TABLE.kept, QUOTATIONS.name]
        for match in self.matches:
            texts = _texts_of(match)
            if match.quoted:
                said_in = (texts.get("source", ""), file_name)
                words = (f"{name}: {words_in(one, *said_in)}" for name, one in match.quoted.items())
                texts[QUOTATIONS.name] = "\n".join(words)
            yield match.row.number, _cells(texts)
        for entry in self.set_aside:
            yield 0, _cells({"reference": entry.reference})


def values_of(row: Row, translator: Translator, by_country: bool = False) -> dict[str, Any]:
    """Return the values of a row: its texts, and what those in columns translated are read as.

    Lists that several texts give are joined. A column without a value is left out. What is our
    reading is known so, whatever the sheet says of all its values, and quotes its words. So is what
    somebody wrote in a cell, and so are the regions of a national row that has none, if they are
    to be read `by_country`.
    """
    values: dict[str, Any] = {}
    ours: dict[str, str] = {}
    place, end = "", row.texts.get("end_date", "")
    has_end = bool(
        end and (not is_read("end_date", end) or translator.written("end_date", end).reading)
    )
    for column, text in row.texts.items():
        if text and not is_read(column, text):
            values[column] = text
            continue
        reading = translator.written(column, text).reading if text else {}
        words = " ".join(row.was.get(column, text).split())
        for name, value in reading.items():
            # The end of a period gives way to an end of its own.
            if name not in SPEAKS_OF[column] or (name == "end_date" != column and has_end):
                continue
            if isinstance(value, list):
                values[name] = in_order(name, [*values.get(name, []), *value])
            elif value:
                values.setdefault(name, value)
            if name == "countries" and value:
                place = " ".join(text.split())
            is_ours = reading.get("is_ours") or column in row.was
            if value and is_ours and name in PROJECT_TABLE.bases:
                ours[name] = "" if column in row.unquoted else words
    if values.get("scope") in _WITH_REGIONS and place and not values.get("regions"):
        values[LACKS_REGION] = True
        said = translator.readings.get(REGION_OF, {})
        regions_of = regions_of_countries() | {
            code: reading.get("regions", []) for code, reading in said.items()
        }
        regions = {region for code in values["countries"] for region in regions_of.get(code, ())}
        if by_country and regions:
            values["regions"], ours["regions"] = in_order("regions", regions), place
    values |= {PROJECT_TABLE.bases[name]: Basis.INFERRED.value for name in ours}
    values[QUOTATIONS.name] = {name: words for name, words in ours.items() if words}
    return {name: value for name, value in values.items() if value}


def _cells(texts: Mapping[str, str]) -> list[str]:
    return [texts.get(name, KEEP) for name in (*PROJECT_TABLE.kept, QUOTATIONS.name)]


def _texts_of(match: Match) -> dict[str, str]:
    """Return the cells of a match; where the sheet has nothing, the present value stays."""
    texts = {
        name: SEPARATOR.join(value) if isinstance(value, list) else value
        for name, value in match.values.items()
        if name in PROJECT_TABLE.kept and name not in PROJECT_TABLE.bases.values()
        if name != "regions" or not match.stays
    }
    for name, basis in PROJECT_TABLE.bases.items():
        if texts.get(name):
            texts[basis] = match.values.get(basis, "")
    if "regions" not in texts and not match.after.regions:
        texts["regions"] = texts["regions_basis"] = ""
    return texts | {"in_matrix": match.in_matrix, "reference": match.reference}


def entries() -> list[Entry]:
    """Return every entry, by number: drafts and those set aside too, but for merged ones."""
    described = Project.live.described().filter(merged_into=None).order_by("number")
    return [
        Entry(
            project.reference,
            project.title,
            project.in_matrix,
            _place_of(project),
            project.holds_place,
            frozenset(entity.acronym for entity in project.entities.all()),
        )
        for project in described.prefetch_related("entities")
    ]


def _place_of(project: Project) -> Place:
    known = project.stated()
    scope = "" if known["scope"] == NOT_STATED else known["scope"]
    return Place(project.priority_area, scope, frozenset(known["regions"]) - {NOT_STATED})
