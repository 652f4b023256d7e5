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

from ..asking.answers import published
from ..columns import PROJECT_TABLE, QUOTATIONS, SEPARATOR
from ..cube import COMBINED_COLUMNS, Combination, combination_from, combination_of_row
from ..imports.cells import words_in
from ..imports.lines import KEEP, Line
from ..imports.names import regions_of_countries
from ..imports.reading import REGION_OF, SPEAKS_OF, Translator, in_order, is_read
from ..models import Project
from ..review import is_in_table
from ..vocabulary import NOT_COUNTED, REGION_COLUMNS, Basis, InMatrix, Provenance, Review, Scope
from .mapping import LACKS_REGION, Row

# Chosen for a row, in place of a reference: the row becomes no project; it is in the matrix, though
# it begins after the report.
LEFT_OUT, IN_MATRIX = "-", "+"


class How(models.TextChoices):
    GIVEN = "given", _("The sheet names it")
    CHOSEN = "chosen", _("You chose it")
    SAME = "same", _("Title and entity are alike")
    DESCRIBES = "describes", _("Fits the area, scope and regions")
    NEW = "new", _("New")


class Place(NamedTuple):
    """The place of an entry in the published totals."""

    area: str
    scope: str
    regions: frozenset[str]


@dataclass(frozen=True)
class Entry:
    reference: str
    title: str
    review: str
    in_matrix: str
    combination: Combination
    # Whether it is one of those that make up the report's total, if it is published.
    in_table: bool
    entities: frozenset[str]

    @property
    def place(self) -> Place:
        one = self.combination
        regions = frozenset(r for r, column in REGION_COLUMNS.items() if getattr(one, column))
        return Place(one.priority_area, one.scope, regions)

    @property
    def is_only_counted(self) -> bool:
        counted = self.combination.provenance == Provenance.COUNTED
        return counted and self.counts

    @property
    def counts(self) -> bool:
        """Whether totals have it: it is neither a draft nor set aside."""
        return self.in_table and self.review not in NOT_COUNTED


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
        if self.entry is None or self.entry.is_only_counted or said == InMatrix.YES:
            return said
        return self.entry.in_matrix

    @property
    def counts(self) -> bool:
        """Whether totals have it once the sheet is published: any other project stays a draft."""
        there = self.entry and self.entry.in_table and self.entry.review != Review.DRAFT
        return bool(there) or self.in_matrix == InMatrix.YES

    @property
    def stays(self) -> bool:
        """Whether the entry's regions do: one that is read from a country replaces no other."""
        if self.entry is None or self.entry.is_only_counted:
            return False
        return LACKS_REGION in self.values and bool(self.entry.place.regions)

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
        keeps = self.entry.combination.provenance != Provenance.COUNTED and scope != Scope.GLOBAL
        said = frozenset() if self.stays else wanted.regions
        regions = said or (was.regions if keeps else frozenset())
        return Place(wanted.area or was.area, scope, regions)

    @cached_property
    def differing(self) -> list[str]:
        """What the row says otherwise than its entry, of area, scope, regions and entities."""
        ours = {**self.wanted._asdict(), "entities": {*self.values.get("entities", ())}}
        theirs = (
            {**self.entry.place._asdict(), "entities": self.entry.entities} if self.entry else {}
        )
        return [name for name, one in theirs.items() if one and ours[name] and one != ours[name]]

    @property
    def rank(self) -> int:
        """0 if it is to be looked at, 1 if the row says something otherwise, 2 for the others."""
        is_seen = self.how == How.CHOSEN or not self.differing
        return 0 if self.is_asked else 2 if is_seen else 1

    @property
    def is_asked(self) -> bool:
        if self.how == How.CHOSEN:
            return False
        if self.entry is None or self.double or self.namesake or self.is_late:
            return True
        if 0 < self.likeness < 100:
            return True
        return self.after.area != self.entry.place.area


@dataclass
class Matching:
    """Which rows are about which entries, what becomes of the others, and the totals after it.

    `left` are counted entries that no row describes, each with the place that it takes over;
    `set_aside` described entries that a complete sheet lacks.
    """

    matches: list[Match]
    left: dict[Entry, Place] = field(default_factory=dict)
    set_aside: list[Entry] = field(default_factory=list)

    @cached_property
    def counts(self) -> Counter[How]:
        return Counter(one.how for one in self.matches)

    @property
    def in_matrix(self) -> Counter[str]:
        """The number of rows that are in the matrix, by area."""
        return Counter(one.wanted.area for one in self.matches if one.is_in_matrix)

    @property
    def reassigned(self) -> dict[Entry, Place]:
        return {entry: place for entry, place in self.left.items() if place != entry.place}

    def moved(self) -> list[Combination]:
        """Return the combinations of published entries afterwards, minus those before."""
        found = []
        for match in self.matches:
            if match.counts:
                found.append(_combination(match.after))
            if match.entry and match.entry.counts:
                found.append(match.entry.combination._replace(projects=-1))
        for entry, place in self.reassigned.items():
            found.append(_combination(place, entry.combination))
            found.append(entry.combination._replace(projects=-1))
        found += [entry.combination._replace(projects=-1) for entry in self.set_aside]
        counted: Counter[Combination] = Counter()
        for one in found:
            counted[one._replace(projects=1)] += one.projects
        return [one._replace(projects=count) for one, count in counted.items() if count]

    def lines(self, file_name: str) -> Iterator[Line]:
        yield 1, [*PROJECT_TABLE.kept, QUOTATIONS.name]
        for match in self.matches:
            texts = _texts_of(match)
            if match.quoted:
                said_in = (texts.get("source", ""), file_name)
                words = (f"{name}: {words_in(one, *said_in)}" for name, one in match.quoted.items())
                texts[QUOTATIONS.name] = "\n".join(words)
            yield match.row.number, _cells(texts)
        for entry, place in self.reassigned.items():
            texts = {"reference": entry.reference, "scope": place.scope}
            texts |= {"scope_basis": Basis.ALLOCATED.value}
            texts["regions"] = SEPARATOR.join(in_order("regions", place.regions))
            texts["regions_basis"] = Basis.ALLOCATED.value if place.regions else ""
            yield 0, _cells(texts)
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
    place = ""
    for column, text in row.texts.items():
        if text and not is_read(column, text):
            values[column] = text
            continue
        reading = translator.written(column, text).reading if text else {}
        words = " ".join(row.was.get(column, text).split())
        for name, value in reading.items():
            if name not in SPEAKS_OF[column]:
                continue
            if isinstance(value, list):
                values[name] = in_order(name, [*values.get(name, []), *value])
            elif value:
                values.setdefault(name, value)
            if name == "countries" and value:
                place = " ".join(text.split())
            is_ours = reading.get("is_ours") or column in row.was
            if value and is_ours and name in PROJECT_TABLE.bases:
                ours[name] = words
    if values.get("scope") == Scope.NATIONAL and place and not values.get("regions"):
        values[LACKS_REGION] = True
        said = translator.readings.get(REGION_OF, {})
        known = regions_of_countries() | {
            code: one.get("regions", []) for code, one in said.items()
        }
        regions = {region for code in values["countries"] for region in known.get(code, ())}
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
    if "regions" not in texts and (match.entry is None or match.after.regions == frozenset()):
        # A region that was assigned is nothing that a source says of the project.
        texts["regions"] = texts["regions_basis"] = ""
    texts["in_matrix"] = match.in_matrix
    # One that the sheet names and the register lacks is asked about by the preview.
    given = match.values.get("reference", "")
    texts["reference"] = match.entry.reference if match.entry else given
    return texts


def _combination(place: Place, like: Combination | None = None) -> Combination:
    row = {name: getattr(like, name, "") for name in COMBINED_COLUMNS}
    row |= {"priority_area": place.area, "scope": place.scope}
    return combination_of_row({**row, "regions": place.regions})


def entries() -> list[Entry]:
    """Return every entry of the live register, by number: drafts and those set aside too."""
    found = Project.live.with_combination().order_by("number").prefetch_related("entities")
    whole = published().whole
    return [
        Entry(
            one.reference,
            one.title,
            one.review,
            one.in_matrix,
            combination_from(one.combination, 1),
            is_in_table(one.in_matrix, one.reference, whole),
            frozenset(entity.acronym for entity in one.entities.all()),
        )
        for one in found.only("reference", "title", "review", "in_matrix")
    ]
