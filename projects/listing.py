"""The list of the register: the columns it shows, and what stands in the cells of a line."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .asking import Asked, Links, ProjectFilter, Words, query_of
from .asking.fields import FacetField
from .asking.filters import taking
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


class ListFilter(ProjectFilter):
    """The register's filters, and which columns the list shows."""

    columns = taking(ColumnsField)

    @property
    def form(self):
        form = super().form
        form.fields["columns"].choices = self._columns
        return form

    def _columns(self) -> list[tuple[str, str | Promise]]:
        """Return the columns that can be chosen: of an edition, those that it has."""
        slug = self.data.get("edition")
        edition = next((one for one in self.editions if one.slug == slug), None) if slug else None
        return [(column.name, column.label) for column in Asked.of(edition).table.columns]

    @cached_property
    def asked(self) -> Asked:
        """What is asked for; ValueError for a query string that is not valid."""
        return replace(super().asked, columns=tuple(self.form.cleaned_data["columns"]))


@dataclass(frozen=True)
class Cell:
    """What stands in a column of a line, as HTML; nothing where no source states any.

    `look` is its class in the style sheet.
    """

    label: str
    look: str
    shown: SafeString
    is_assigned: bool


@dataclass(frozen=True)
class Line:
    """A project in the list, and where its page is, which keeps what is asked for.

    The excerpt is what a search found in its summary.
    """

    project: Project
    address: str
    provenance: str
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
            for column in self.asked.table.columns
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
            for column in self.asked.table.columns
            if column.name not in NAMING
        ]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the form that chooses columns carries along: all else that is asked for."""
        # Named, so that a list without any other column can be asked for.
        return [*pairs_of(self.asked.but(columns=())), ("columns", NAMING[-1])]

    @property
    def exported(self) -> list[tuple[str, str]]:
        """What the form that exports carries along: the projects, their order, columns chosen."""
        exported = self.asked.narrowing.but(sort=self.asked.sort, columns=self.asked.columns)
        return pairs_of(exported)

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

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {column.name: str(column.label) for column in self.columns}

    @cached_property
    def _in_words(self) -> dict[str, dict[str, SafeString]]:
        """The values of the columns that have a vocabulary, said once for all lines."""
        return {
            column.name: {slug: _in_words(slug, label) for slug, label in column.vocabulary}
            for column in self.columns
        }

    def line(self, project: Project) -> Line:
        """Return a project as the list shows it."""
        names = [column.name for column in self.columns]
        # What was searched for may stand in the part of a title that repeats the area.
        repeats = "priority_area" in names and not self.asked.queries
        return Line(
            project,
            f"{project.get_absolute_url()}{self.links.suffix}",
            str(PROJECT_TABLE.by_name["provenance"].labels[project.provenance]),
            self.words.marked(project.title_without_area if repeats else project.title),
            self.words.excerpt("" if "summary" in names else project.summary),
            [self._cell(project, column) for column in self.columns],
        )

    def _cell(self, project: Project, column: Column) -> Cell:
        basis = PROJECT_TABLE.bases.get(column.name)
        is_assigned = basis is not None and getattr(project, basis) == Basis.ALLOCATED
        shown = self._shown(project, column)
        look = "allocated" if is_assigned else "" if shown else "quiet"
        if column.free_text or column.linked_by:  # what can be longer than a line
            look += " wraps"
        return Cell(self._labels[column.name], look, shown, is_assigned)

    def _shown(self, project: Project, column: Column) -> SafeString:
        name = column.name
        if column.vocabulary:
            return self._classified(project, name)
        if name == "link" and project.has_web_page:
            return format_html('<a href="{0}" rel="noopener nofollow">{0}</a>', project.link)
        marked = self.words.marked if name in SEARCHED else conditional_escape
        pairs = _READ[name](project) if name in _READ else [(getattr(project, name), "")]
        return _joined([_in_full(marked(text), full) for text, full in pairs if text])

    def _classified(self, project: Project, name: str) -> SafeString:
        in_words = self._in_words[name]
        if name == "regions":
            if not project.regions and project.scope == Scope.GLOBAL:
                return _in_full(_("None"), _("None: the project is global"))
            return _joined([in_words[region] for region in project.regions])
        if name == "regions_basis" and not project.regions:
            return conditional_escape(_("None"))
        if name == "status" and not project.has_status:
            return _joined([])
        return in_words[getattr(project, name)]


def _in_full(marked: str, full: str | Promise) -> SafeString:
    """Return a value that says what it is short for, if it is."""
    return (
        format_html('<abbr title="{}">{}</abbr>', full, marked)
        if full
        else conditional_escape(marked)
    )


def _joined(values: Iterable[SafeString]) -> SafeString:
    return SafeString(", ".join(values))


def _in_words(slug: str, label: str | Promise) -> SafeString:
    """Return a value of a vocabulary, shortened if its label is long."""
    short = SHORT_LABELS.get(slug)
    return _in_full(str(short), label) if short else conditional_escape(str(label))


# How the values of a column are read, where they are neither a text nor of a vocabulary; each
# with what it is short for.
_READ: dict[str, Callable[[Project], list[tuple[str, str]]]] = {
    "entities": lambda project: [(one.acronym, one.name) for one in project.entities.all()],
    "countries": lambda project: [(one.name, "") for one in project.countries.all()],
    "start_date": lambda project: [(day_in_words(project.start_date), "")],
    "end_date": lambda project: [(day_in_words(project.end_date), "")],
    "updated_at": lambda project: [(date_format(project.updated_at, "j F Y"), "")],
}
