"""Tables of columns: a model that is exported, imported or corrected declares its own."""

import csv
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import TextChoices
from django.utils.functional import Promise, lazy
from django.utils.text import capfirst, format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .text import Wording, fold, letters_and_digits, separated
from .vocabulary import (
    COUNTED_AS,
    NOT_STATED,
    REGION_COLUMNS,
    AcronymSource,
    Basis,
    InMatrix,
    PriorityArea,
    Provenance,
    Region,
    Scope,
    Status,
    about_report,
)

DATE = _("YYYY, YYYY-MM or YYYY-MM-DD, as precise as the source")
SEPARATOR = ";"  # between the values of a cell
# Of the columns of projects: what is no text for people, and what other sheets call them.
_KINDS = {"several": bool, "free_text": bool, "width": int}
with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
    _GIVEN = {
        one.pop("name"): {name: _KINDS.get(name, str)(cell) for name, cell in one.items() if cell}
        for one in csv.DictReader(file)
    }
ROWS_AT_ONCE = 2000  # few statements, little memory


def _text(length: int) -> Any:
    return format_lazy(_("Text of at most {length} characters"), length=length)


@dataclass(frozen=True)
class Column:
    """A column of a table.

    `allowed` is a vocabulary, or a sentence. The cells of `several` are lists: of the values whose
    boolean columns are set (`flags`), or of linked records, named by their column `linked_by`;
    `one` is the name of a single value, `one_label` its label. `free_text` is what people typed.

    `default` is the value where no source states one. `shown` are values that files and pages have
    besides those that can be set, with their labels. `group` orders the facts of a project’s page;
    "head" and "known" are shown apart. `synonyms` are headings of other sheets, with semicolons
    between them.
    """

    name: str
    meaning: Wording
    allowed: type[TextChoices] | Wording
    several: bool = False
    free_text: bool = False
    flags: Mapping[str, str] = field(default_factory=dict)
    linked_by: str = ""
    one: str = ""
    width: int = 14
    label: str | Promise = ""
    default: str = ""
    shown: Mapping[str, str | Promise] = field(default_factory=dict)
    one_label: str | Promise = ""
    group: str = ""
    synonyms: str = ""

    @property
    def nothing(self) -> str | list[str]:
        """The value of a record about which nothing is said."""
        return [] if self.several else self.default

    @cached_property
    def vocabulary(self) -> list[tuple[str, str]]:
        """The (slug, label) pairs allowed; none for free columns."""
        return getattr(self.allowed, "choices", [])

    @cached_property
    def labels(self) -> dict[str, str | Promise]:
        return {**dict(self.vocabulary), **self.shown}

    def slugs_of(self, text: str) -> list[str] | None:
        """Return the slugs of a text of slugs or labels; None if not all are known."""
        known = {fold(str(one)): slug for slug, label in self.vocabulary for one in (slug, label)}
        said = text.split(SEPARATOR) if self.several else [text]
        if self.several:
            # A comma separates values too, unless it is part of a label.
            whole = [one for one in said if fold(one.strip()) in known]
            said = [*whole, *(part for one in said if one not in whole for part in one.split(","))]
        found = {known.get(fold(one.strip())) for one in said if one.strip()}
        return None if None in found else [slug for slug in self.labels if slug in found]

    def words(self, cell: str) -> str:
        """Return a cell as pages show it, with labels in place of slugs."""
        parts = cell.split(SEPARATOR) if self.several else [cell]
        return separated(self.labels.get(one, one) for one in parts if one)


def _label_of(model: str, name: str) -> Any:
    def label() -> str:
        # The process that reads a file that was sent has no models.
        if not apps.is_installed("projects"):
            return name.replace("_", " ").capitalize()
        return _stored_label(model, name, get_language())

    return lazy(label, str)()


@cache
def _stored_label(model: str, name: str, _language: str | None) -> str:
    stored: Any = apps.get_model(model)._meta.get_field(name)
    return str(capfirst(stored.verbose_name))


@dataclass(frozen=True)
class Table:
    """The columns of a recorded model, in the order of its files.

    `stamps` are times of writing. `bases` map a classifying column to that of its basis.
    `identifier` names the record. A column without a label has that of the `model`'s field.
    `given` has more of some columns, by name.
    """

    model: str
    columns: tuple[Column, ...]
    identifier: str
    stamps: tuple[str, ...] = ()
    bases: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Without translating any label, which no module can while it is imported.
        labelled = (
            one
            if isinstance(one.label, Promise) or one.label
            else replace(one, label=_label_of(self.model, one.name))
            for one in (replace(one, **self.given.get(one.name, {})) for one in self.columns)
        )
        object.__setattr__(self, "columns", tuple(labelled))

    @cached_property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def only(self, names: Collection[str]) -> "Table":
        return self.of(name for name in self.names if name in names)

    def of(self, names: Iterable[str]) -> "Table":
        """Return the table with these columns in this order; raises KeyError."""
        return replace(self, columns=tuple(self.by_name[name] for name in names))

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def column_of(self, heading: str) -> str:
        """Return the column that a heading names, or ""; capitals, spaces and signs aside."""
        said = letters_and_digits(heading)
        for column in self.columns:
            if said in map(letters_and_digits, (column.name, str(column.label))):
                return column.name
        return ""

    @cached_property
    def facets(self) -> dict[str, Column]:
        """The columns whose values are few and known, by the name of a single value."""
        return {one.one or one.name: one for one in self.columns if one.vocabulary or one.linked_by}

    @cached_property
    def facts(self) -> list[Column]:
        """The columns that say something of a project: not its head, nor how it is known."""
        return [one for one in self.columns if one.group not in ("head", "known")]

    @cached_property
    def kept(self) -> list[str]:
        """The columns that history stores and compares: all but stamps."""
        return [name for name in self.names if name not in self.stamps]

    @cached_property
    def classifying(self) -> frozenset[str]:
        return frozenset(self.bases) | frozenset(self.bases.values())

    @cached_property
    def correctable(self) -> dict[str, Column]:
        """The columns that anybody may correct, by name."""
        left_out = {self.identifier, *self.bases.values(), *self.stamps}
        return {name: one for name, one in self.by_name.items() if name not in left_out}

    @cached_property
    def free_text(self) -> list[int]:
        """The indexes of the columns that people typed."""
        return [place for place, column in enumerate(self.columns) if column.free_text]


# The fields of a project that can be read from quoted words.
QUOTABLE = {
    "title": _("title"),
    "priority_area": _("priority area"),
    "scope": _("scope"),
    "regions": _("regions"),
    "status": _("status"),
    "start_date": _("start date"),
    "end_date": _("end date"),
}
_QUOTABLE = ", ".join(QUOTABLE)
# A column that an import may have and history stores. It is not in the table: its cells would be
# long, and programs that read columns by position would find others there.
QUOTATIONS = Column(
    "quotations",
    _("The words of a source from which fields were read; the column may be missing"),
    format_lazy("{} {}", _("Lines: field: “words” (document, para. N). Fields:"), _QUOTABLE),
    free_text=True,
)


_UNSTATED: dict[str, str | Promise] = {NOT_STATED: _("Not stated")}
_OF_BASIS = {Basis.ALLOCATED.value: _("Filled in"), **_UNSTATED, COUNTED_AS: _("Counted")}


def _basis(name: str, meaning: Wording) -> Column:
    return Column(f"{name}_basis", meaning, Basis, shown=_OF_BASIS)


PROJECT_TABLE = Table(
    model="projects.project",
    identifier="reference",
    given=_GIVEN,
    stamps=("updated_at",),
    bases={name: f"{name}_basis" for name in ("priority_area", "scope", "regions")},
    columns=(
        Column(
            "reference",
            _("The project’s permanent number in this register"),
            _("PVE- and three to twelve digits"),
        ),
        Column(
            "title",
            _("The project’s title; the register’s own if the report gives no name"),
            _text(300),
        ),
        Column("summary", _("What the project does, as far as the source says"), _text(4000)),
        Column(
            "priority_area",
            about_report(_("Priority area, as grouped by the report (%(in_areas)s)")),
            PriorityArea,
            shown=_UNSTATED,
        ),
        _basis("priority_area", _("How the priority area is known")),
        Column(
            "scope",
            about_report(_("Geographic scope, as grouped by the report (%(in_scopes)s)")),
            Scope,
            shown=_UNSTATED,
        ),
        _basis("scope", _("How the scope is known")),
        Column(
            "regions",
            about_report(_("Regions of the report (%(in_regions)s); none for a global project")),
            Region,
            shown=_UNSTATED,
            flags=REGION_COLUMNS,
            label=_("Regions"),
            one_label=_("Region"),
        ),
        _basis("regions", _("How the regions are known; empty without regions")),
        Column(
            "countries",
            _("Countries in which the project works"),
            _(
                "ISO 3166-1 alpha-3 codes. XKX is Kosovo: references to Kosovo shall be understood "
                "to be in the context of Security Council resolution 1244 (1999)."
            ),
            one_label=_("Country"),
        ),
        Column(
            "entities",
            _("United Nations entities that carry out, lead or support it"),
            _("Acronyms of the directory"),
            one_label=_("Entity"),
        ),
        Column(
            "status",
            _("As at the day of the report that describes it, unless the entry is confirmed"),
            Status,
        ),
        Column("start_date", _("When the project began"), DATE, label=_("Start")),
        Column("end_date", _("When the project ended or will end"), DATE, label=_("End")),
        Column("methodology", _("How the project works"), _text(500)),
        Column("link", _("A page about the project"), _("A web address")),
        Column("provenance", _("How the entry is known"), Provenance),
        Column(
            "source", _("The document that the entry rests on"), _("Document symbol and paragraphs")
        ),
        Column(
            "updated_at",
            _("When the entry last changed in this register"),
            _("Date and time, ISO 8601, UTC"),
            label=_("Unchanged since"),
        ),
        Column(
            "in_matrix",
            _("Whether a source says that the project is one that the report counts"),
            InMatrix,
        ),
        Column("licence", _("The licence of the source’s data, where it has one"), _text(100)),
        Column("attribution", _("Whom that licence wants to be named"), _text(300)),
    ),
)

# An edition's quotations, and the directory of entities: files that are not imported.
QUOTATION_TABLE = Table(
    model="projects.quotation",
    identifier="",
    columns=(
        PROJECT_TABLE.by_name["reference"],
        Column("field", "The column of the project that was read from the words", _QUOTABLE),
        Column("words", "The words of the source", _text(1000), free_text=True),
        Column("document", "Document symbol", "Document symbol", free_text=True),
        Column(
            "paragraphs",
            "Numbers of paragraphs",
            "Numbers of paragraphs",
            free_text=True,
        ),
    ),
)
COUNTRY_TABLE = Table(
    model="projects.country",
    identifier="code",
    columns=(
        Column("code", "How cells of the register name the country or area", "ISO alpha-3"),
        Column("alpha_2", "Its two-letter code", "ISO alpha-2", label="ISO alpha-2"),
        Column("m49", "Its number in the standard M49", "Three digits; empty if none"),
        Column("name", "Its name in the standard M49", "Text", free_text=True),
    ),
)
ENTITY_TABLE = Table(
    model="projects.entity",
    identifier="acronym",
    columns=(
        Column(
            "acronym",
            "The entity’s name in cells and addresses",
            "Letters, digits and single hyphens",
        ),
        Column("acronym_from", "Where the acronym comes from", AcronymSource),
        Column("name", "The entity’s name", _text(300), free_text=True),
        Column(
            "aliases",
            "Other acronyms and names in use",
            _text(500),
            several=True,
            free_text=True,
        ),
        Column(
            "kind",
            "What it is: office, programme, working group",
            _text(60),
            free_text=True,
        ),
    ),
)
