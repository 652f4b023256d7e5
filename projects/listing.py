"""The list of the register, and its files: columns, lines, cells, names of files."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from .asking import Asked, Links, Rows, Words, query_of
from .asking.answer import State
from .asking.answers import PLACEHOLDERS
from .asking.links import SortHead, pairs_of, parameters_of
from .asking.phrases import EVERY, placeholders
from .asking.reference import version_of
from .asking.sentences import UNSAID, sentence_about, unsaid_of
from .citations import labelled, sentences
from .columns import PROJECT_TABLE, Column, Table
from .cube import is_unclassified
from .models import Project
from .text import date_in_words, day_in_words, in_a_row
from .vocabulary import NOT_STATED, SHORT_LABELS, PriorityArea, Provenance, Scope

# How many rows are of the report, and how many are not.
OF_REPORT = gettext_lazy("%(of_report)d in the report")
FROM_OTHERS = ngettext_lazy(
    "%(others)d from another source", "%(others)d from other sources", "others"
)
# Every line has these.
NAMING = ("reference", "title")
DEFAULT_COLUMNS = ("priority_area", "scope", "entities")
# The columns whose sort has another name.
SORT_OF = {"updated_at": "updated"}
# The columns, besides the title, in which a search marks words.
SEARCHED = ("summary", "methodology", "entities")
# Columns that fit next to the filters; a table with more scrolls within its frame.
MOST_ABREAST = 7
# Characters of a summary in the list.
LONGEST = 150
# Characters; a longer name ends with a digest.
_LONGEST_NAME = 146
# Not part of a file's name: its version has the edition.
_NOT_NAMED = ("edition", "sort", "page", "per_page")


@dataclass(frozen=True)
class Cell:
    """`shown` is HTML, empty where no source states a value; `look` is a class of the CSS."""

    label: str
    look: str
    shown: SafeString


@dataclass(frozen=True)
class Line:
    """A project in the list; `address` keeps what is asked for."""

    project: Project
    address: str
    provenance: str
    title: SafeString
    excerpt: SafeString
    cells: list[Cell]


@dataclass(frozen=True)
class Part:
    """Lines of the list; those of entries that hold no place have a heading of their own."""

    is_other: bool
    lines: list[Line]


@dataclass(frozen=True)
class Group:
    """The placeholders of an area, and the query that lists them."""

    sentence: str
    query: str


class Listing:
    def __init__(self, words: Words, links: Links) -> None:
        self.words = words
        self.links = links
        self.asked = words.asked

    @cached_property
    def columns(self) -> list[Column]:
        """The columns besides NAMING: the chosen ones, or the default and the sorted ones."""
        sorted_by = self.asked.sort.removeprefix("-")
        # The filled-in table is an example of what may be in the matrix.
        usual = (*DEFAULT_COLUMNS, "regions" if self.asked.filled_in else "in_matrix")
        return [
            column
            for column in self.asked.table.columns
            if column.name not in NAMING
            and (
                column.name in self.asked.columns
                if self.asked.columns
                else column.name in usual or SORT_OF.get(column.name, column.name) == sorted_by
            )
        ]

    @cached_property
    def groups(self) -> list[Group]:
        """The placeholders by area, where no filter asks for their rows."""
        asked = self.asked
        if asked.is_filtered or asked.filled_in or asked.described:
            return []
        counted: dict[str, list[str]] = {"provenance": [Provenance.COUNTED]}
        counts = self.words.selection.cube.where(counted).counts("priority_area")
        groups = []
        for area in filter(counts.get, PriorityArea):
            query = query_of(self.asked.but(priority_area=[area], **counted))
            groups.append(Group(placeholders(counts[area], area), query))
        return groups

    @property
    def has_placeholders(self) -> bool:
        return bool(self.words.selection.answers.table.where(PLACEHOLDERS).total)

    @cached_property
    def rows(self) -> Rows:
        return Rows(self.words.selection)

    @cached_property
    def is_of_placeholders(self) -> bool:
        """Whether placeholders are asked for, so that they are rows: all, or one by its number."""
        asked = self.asked
        return bool(asked.queries) or Provenance.COUNTED in asked.conditions.get("provenance", ())

    @property
    def total(self) -> int:
        """The number of rows on all pages."""
        if self.asked.filled_in or self.is_of_placeholders:
            return self.rows.total
        return self.words.selection.answer.activities

    @property
    def is_known_empty(self) -> bool:
        """Whether nothing is listed, and what no source states cannot change that."""
        return not (self.total or self.rows.number_counted or self.rows.are_unknown)

    @property
    def has_filters(self) -> bool:
        """Whether there is anything to narrow: not where a search alone found nothing."""
        return bool(self.total or self.asked.conditions or not self.asked.queries)

    @property
    def listed(self) -> str:
        """How many rows are of the report and how many are not; empty if all are."""
        selection = self.words.selection
        number = selection.answer.activities - selection.of_report
        if not number:
            return ""
        parts = {"of_report": self.total - number, "others": number}
        texts = [OF_REPORT % parts] if parts["of_report"] else []
        return labelled(EVERY % self.total, in_a_row([*texts, FROM_OTHERS % parts]))

    def parts(self, shown: Any) -> list[Part]:
        """Return the lines at these places: those of the report's projects, then other entries."""
        blocks: list[tuple[Any, int]] = [*zip(self.rows.blocks, self.rows.sizes, strict=True)]
        if not (self.asked.filled_in or self.is_of_placeholders):
            blocks[1:2] = []
        start, end = shown.start, shown.stop
        lines_of: dict[bool, list[Line]] = {False: [], True: []}
        for number, (block, size) in enumerate(blocks):
            if start < min(end, size):
                is_other = 0 < number == len(blocks) - 1
                some = block[start : min(end, size)].prefetch_related(*self.linked)
                lines_of[is_other] += [self.line(project) for project in some]
            start, end = max(start - size, 0), max(end - size, 0)
        return [Part(is_other, lines) for is_other, lines in lines_of.items() if lines]

    @cached_property
    def closed(self) -> dict[str, Any] | None:
        """How many projects are counted besides the rows, in number or in a sentence; or None.

        Placeholders have a number of their own.
        """
        answer, left = self.rows.answer, self.rows.number_counted
        if not left or self.is_of_placeholders or self.asked.filled_in:
            return None
        if answer.state == State.ENTRIES or not answer.conditions:
            return {"number": left}
        facets = [facet for facet, _values in answer.conditions]
        number = answer.of_whole or 0
        which = ngettext(
            "The report does not say which project it is.",
            "The report does not say which projects they are.",
            number,
        )
        asked = UNSAID.keys() - {*facets} if len(facets) == 1 else ()
        unsaid = [unsaid_of(facet, [answer]) for facet in UNSAID if facet in asked]
        # Without rows it follows the sentence of the answer.
        counted = sentence_about(Asked(), answer) if self.total else ""
        return {"number": number, "sentence": sentences([counted, which, *unsaid])}

    @property
    def placeholders(self) -> str:
        """The query that lists the placeholders of this one."""
        return query_of(self.asked.but(provenance=[Provenance.COUNTED]))

    @property
    def searched(self) -> list[tuple[str, str]]:
        """The hidden fields of the search box: all else that is asked for."""
        return pairs_of(self.asked.but(queries=self.asked.queries[1:]))

    @property
    def sorts(self) -> list[tuple[str | Promise, SortHead]]:
        return [(label, head) for label, head in self._heads(PROJECT_TABLE.columns) if head]

    @property
    def heads(self) -> list[tuple[str | Promise, SortHead | None]]:
        found = self._heads([*(PROJECT_TABLE.by_name[name] for name in NAMING), *self.columns])
        # The first list has the orders in its menu, so that the first project is few stops away.
        is_first = self.groups and self.asked.sort == Asked().sort
        return [(label, None) for label, _head in found] if is_first else found

    def _heads(self, columns: Iterable[Column]) -> list[tuple[str | Promise, SortHead | None]]:
        heads = self.links.sort_heads
        return [(self._label(one), heads.get(SORT_OF.get(one.name, one.name))) for one in columns]

    def _label(self, column: Column) -> str:
        whole = self.words.selection.answers.printed.whole
        if whole and column.name == "in_matrix":
            return _("One of the %(whole)d?") % {"whole": whole}
        return str(column.label)

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
        """The hidden fields of the form that chooses columns: all else that is asked for."""
        # With a column, so that a list without any other can be asked for.
        return [*pairs_of(self.asked.but(columns=())), ("columns", NAMING[-1])]

    @property
    def chosen_query(self) -> str:
        """The query of a file with the list's columns; empty if it has the default ones."""
        chosen = self.links.exported.but(columns=self.asked.columns)
        return query_of(chosen) if self.asked.columns else ""

    @property
    def usual_query(self) -> str:
        """The query of the list with its default columns; empty if it has these."""
        return query_of(self.asked.but(columns=())) if self.asked.columns else ""

    @property
    def is_wide(self) -> bool:
        return len(self.columns) + len(NAMING) > MOST_ABREAST

    @property
    def linked(self) -> list[str]:
        return [column.name for column in self.columns if column.linked_by]

    @cached_property
    def _in_words(self) -> dict[str, dict[str, SafeString]]:
        """The values of the columns that have a vocabulary, once for all lines."""
        return {
            column.name: {slug: _in_words(slug, label) for slug, label in column.labels.items()}
            for column in self.columns
        }

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {column.name: self._label(column) for column in self.columns}

    def line(self, project: Project) -> Line:
        names = [column.name for column in self.columns]
        # The part of a title that repeats the area may have the words searched for.
        repeats = "priority_area" in names and not self.asked.queries
        # Of what is asked for, the part of a summary with the words searched for, or its beginning.
        text = project.summary if self.asked.is_filtered and "summary" not in names else ""
        excerpt = self.words.excerpt(text) or conditional_escape(Truncator(text).chars(LONGEST))
        stated = {} if self.asked.filled_in else project.stated()
        return Line(
            project,
            f"{project.get_absolute_url()}{self.links.suffix}",
            str(PROJECT_TABLE.by_name["provenance"].labels[project.provenance]),
            self.words.marked(project.title_without_area if repeats else project.title),
            excerpt,
            [self._cell(project, column, stated) for column in self.columns],
        )

    def _cell(self, project: Project, column: Column, known: Mapping[str, Any]) -> Cell:
        shown = self._shown(project, column, known)
        look = "" if shown else "quiet"
        if column.free_text or column.linked_by:  # can be longer than a line
            look += " wraps"
        return Cell(self._labels[column.name], look, shown)

    def _shown(self, project: Project, column: Column, known: Mapping[str, Any]) -> SafeString:
        name = column.name
        if column.vocabulary:
            return self._classified(name, known.get(name, getattr(project, name)), known)
        if name == "link" and project.has_web_page:
            return format_html('<a href="{0}" rel="noopener nofollow">{0}</a>', project.link)
        marked = self.words.marked if name in SEARCHED else conditional_escape
        pairs = _READ[name](project) if name in _READ else [(getattr(project, name), "")]
        return _joined([_in_full(marked(text), full) for text, full in pairs if text])

    def _classified(self, name: str, value: Any, known: Mapping[str, Any]) -> SafeString:
        if name == "regions" and known.get("scope") == Scope.GLOBAL:
            return _in_full(_("Worldwide"), _("The project is global: it has no region"))
        if name == "regions_basis" and not value:
            return conditional_escape(_("None"))
        if is_unclassified(name, known):
            return conditional_escape(_("Not classified"))
        slugs = value if isinstance(value, list) else [value]
        return _joined([self._in_words[name][one] for one in slugs if one not in (NOT_STATED, "")])


def _in_full(marked: str, full: str | Promise) -> SafeString:
    if not full:
        return conditional_escape(marked)
    return format_html('<abbr title="{}">{}</abbr>', full, marked)


def _joined(values: Iterable[SafeString]) -> SafeString:
    return SafeString(in_a_row(values))


def _in_words(slug: str, label: str | Promise) -> SafeString:
    short = SHORT_LABELS.get(slug)
    return _in_full(str(short), label) if short else conditional_escape(str(label))


# The values of columns that are neither a text nor a vocabulary's, as (text, full form).
_READ: dict[str, Callable[[Project], list[tuple[str, str]]]] = {
    "entities": lambda project: [
        (one.local_acronym, one.full_name) for one in project.entities.all()
    ],
    "countries": lambda project: [(one.local_name, "") for one in project.countries.all()],
    "start_date": lambda project: [(day_in_words(project.start_date), "")],
    "end_date": lambda project: [(day_in_words(project.end_date), "")],
    "updated_at": lambda project: [(date_in_words(project.updated_at), "")],
}


def table_of(asked: Asked) -> Table:
    """Return the columns of a file: those asked for, NAMING, and the bases of both."""
    table, names = asked.table, {*NAMING, *asked.columns}
    bases = {basis for name, basis in table.bases.items() if name in names}
    return table.only(names | bases) if asked.columns else table


def name_of(asked: Asked, extension: str) -> str:
    name = file_name_of(f"projects-{version_of(asked)}", parameters_of(asked))
    return f"pve-{name}.{extension}"


def file_name_of(name: str, asked: Mapping[str, Iterable[str]]) -> str:
    """Return a file's name followed by the values that were asked for."""
    said = ["-".join([each, *values]) for each, values in asked.items() if each not in _NOT_NAMED]
    name = re.sub(r"\W+", "-", "-".join([name, *said]), flags=re.A)
    if len(name) > _LONGEST_NAME:
        digest = hashlib.sha256("&".join(said).encode()).hexdigest()[:8]
        name = f"{name[:_LONGEST_NAME]}-{digest}"
    return name.rstrip("-")
