"""The list of the register: the columns it shows, and what stands in the cells of a line."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import django_filters
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .asking import Asked, Links, ProjectFilter, Words, query_of
from .asking.fields import FacetField
from .asking.links import SortHead, pairs_of
from .columns import PROJECT_TABLE, Column
from .models import Project
from .text import day_in_words
from .vocabulary import SHORT_LABELS, Basis, Scope

# What every line has: it names the project, and leads to its page.
NAMING = ("reference", "title")
# What stands beside that unless somebody chose columns.
USUAL = ("priority_area", "scope", "regions", "entities")
# The columns whose sort has another name.
SORT_OF = {"updated_at": "updated"}
# The columns that a search looks at, besides the title.
SEARCHED = ("summary", "methodology", "entities")
# So many columns fit beside the panel of filters; a table with more scrolls within its frame.
MOST_ABREAST = 7


class ColumnsField(FacetField):
    """Any number of columns, in the order of the table."""

    def clean(self, value):
        chosen = super().clean(value)
        return [name for name, _label in self.choices if name in chosen]


class Columns(django_filters.Filter):
    """Columns of the list."""

    field_class = ColumnsField


class ListFilter(ProjectFilter):
    """The register's filters, and which columns the list shows."""

    columns = Columns(choices=[(column.name, column.label) for column in PROJECT_TABLE.columns])

    @cached_property
    def asked(self) -> Asked:
        """What is asked for; ValueError for a query string that is not valid."""
        return replace(super().asked, columns=tuple(self.form.cleaned_data["columns"]))


@dataclass(frozen=True)
class Value:
    """One of the values of a cell, marked as HTML; `full` is what it is short for."""

    marked: str
    full: str | Promise = ""


@dataclass(frozen=True)
class Cell:
    """What stands in a column of a line; without values, no source states any.

    `address` is where it leads, if it is a web address.
    """

    column: Column
    values: list[Value]
    is_assigned: bool = False
    address: str = ""

    @property
    def wraps(self) -> bool:
        """Whether what stands there can be longer than a line."""
        return self.column.free_text or bool(self.column.linked_by)


@dataclass(frozen=True)
class Line:
    """A project in the list; the excerpt is what a search found in its summary."""

    project: Project
    title: SafeString
    excerpt: SafeString
    cells: list[Cell]


class Listing:
    """The columns that the list shows for what is asked for, and its lines."""

    def __init__(self, words: Words, links: Links):
        self.words = words
        self.links = links
        self.asked = words.asked

    @cached_property
    def columns(self) -> list[Column]:
        """The columns beside what names the project: the chosen or the usual, and the sorted."""
        sorted_by = self.asked.sort.removeprefix("-")
        return [
            column
            for column in PROJECT_TABLE.columns
            if column.name not in NAMING
            and (
                column.name in self.asked.columns
                if self.asked.columns
                else column.name in USUAL or SORT_OF.get(column.name, column.name) == sorted_by
            )
        ]

    @property
    def heads(self) -> list[tuple[str | Promise, SortHead | None]]:
        """Every heading, and how its column is sorted, if it can be."""
        heads = self.links.sort_heads
        naming = [PROJECT_TABLE.by_name[name] for name in NAMING]
        return [
            (column.label, heads.get(SORT_OF.get(column.name, column.name)))
            for column in (*naming, *self.columns)
        ]

    @property
    def choices(self) -> list[tuple[str, str | Promise, bool]]:
        """The columns that can be chosen, as (name, label, whether it is shown)."""
        shown = [column.name for column in self.columns]
        return [
            (column.name, column.label, column.name in shown)
            for column in PROJECT_TABLE.columns
            if column.name not in NAMING
        ]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the form that chooses columns carries along: all else that is asked for."""
        # Named, so that a list without any other column can be asked for.
        return [*pairs_of(self.asked.but(columns=())), ("columns", NAMING[-1])]

    @property
    def usual_query(self) -> str:
        """The same list in the usual columns; empty if they were not chosen."""
        return query_of(self.asked.but(columns=())) if self.asked.columns else ""

    @property
    def is_wide(self) -> bool:
        """Whether there are more columns than fit side by side."""
        return len(self.columns) + len(NAMING) > MOST_ABREAST

    @property
    def linked(self) -> list[str]:
        """The columns that are read from other tables."""
        return [column.name for column in self.columns if column.linked_by]

    def line(self, project: Project) -> Line:
        """Return a project as the list shows it."""
        names = [column.name for column in self.columns]
        # What was searched for may stand in the part of a title that repeats the area.
        repeats = "priority_area" in names and not self.asked.queries
        return Line(
            project,
            self.words.marked(project.title_without_area if repeats else project.title),
            self.words.excerpt("" if "summary" in names else project.summary),
            [self._cell(project, column) for column in self.columns],
        )

    def _cell(self, project: Project, column: Column) -> Cell:
        marked = self.words.marked if column.name in SEARCHED else str
        values = [Value(marked(text), full) for text, full in _values(project, column) if text]
        basis = PROJECT_TABLE.bases.get(column.name)
        return Cell(
            column,
            values,
            basis is not None and getattr(project, basis) == Basis.ALLOCATED,
            project.link if column.name == "link" and project.has_web_page else "",
        )


def _coded(project: Project, column: Column) -> list[tuple[str, str | Promise]]:
    """Return the value of a column with a vocabulary, shortened, and in full."""
    label = getattr(project, f"get_{column.name}_display")()
    return [_shortened(getattr(project, column.name), label)]


def _regions(project: Project) -> list[tuple[str, str | Promise]]:
    if not project.regions and project.scope == Scope.GLOBAL:
        return [(_("None"), _("None: the project is global"))]
    return [_shortened(region, region.label) for region in project.regions]


def _shortened(slug: str, label: str | Promise) -> tuple[str, str | Promise]:
    short = SHORT_LABELS.get(slug)
    return (str(short), label) if short else (str(label), "")


# How the values of a column are read, where they are neither a text nor of a vocabulary; each
# with what it is short for.
_READ: dict[str, Callable[[Project], list[tuple[str, str | Promise]]]] = {
    "entities": lambda project: [(one.acronym, one.name) for one in project.entities.all()],
    "countries": lambda project: [(one.name, "") for one in project.countries.all()],
    "regions": _regions,
    "start_date": lambda project: [(day_in_words(project.start_date), "")],
    "end_date": lambda project: [(day_in_words(project.end_date), "")],
    "updated_at": lambda project: [(date_format(project.updated_at, "j F Y"), "")],
}


def _values(project: Project, column: Column) -> list[tuple[str, str | Promise]]:
    if column.name in _READ:
        return _READ[column.name](project)
    if column.name == "status" and not project.has_status:
        return []
    if column.name == "regions_basis" and not project.regions:
        return [(_("None"), "")]
    return _coded(project, column) if column.vocabulary else [(getattr(project, column.name), "")]
