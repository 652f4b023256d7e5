"""The columns of statements, plans and figures: their files, history and corrections use them."""

from dataclasses import replace

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from projects.columns import DATE, Column, Table
from projects.vocabulary import Basis, PriorityArea

from .kinds import Kind, Level, PlanStatus
from .report import Comparator, Flag, Unit

_PLACES = _("Numbers of paragraphs with commas between them, a footnote with fn: 11, fn2")


def _words(name: str, meaning, most: int, width: int = 30, label: str | Promise = "") -> Column:
    allowed = format_lazy(_("Text of at most {most} characters; empty if not stated"), most=most)
    return Column(name, meaning, allowed, free_text=True, width=width, label=label)


def _needed(name: str, meaning, width: int) -> Column:
    allowed = _("Text of at most 300 characters")
    return Column(name, meaning, allowed, free_text=True, width=width)


def _areas(meaning) -> Column:
    return Column("areas", meaning, PriorityArea, several=True)


def _projects(meaning) -> Column:
    allowed = _("References, e.g. PVE-001;PVE-011")
    return Column("projects", meaning, allowed, several=True)


STATEMENT_TABLE = Table(
    model="reports.statement",
    identifier="code",
    bases={
        "kind": "basis",
        "areas": "areas_basis",
        "entities": "entities_basis",
        "projects": "projects_basis",
    },
    columns=(
        Column(
            "code",
            _("The statement’s permanent name in this register"),
            _("Capital letters and a number, e.g. G48"),
        ),
        Column("kind", _("What the statement is about"), Kind),
        _words("category", _("What it is, more exactly than the kind"), 100, 20),
        _words("title", _("The register’s own words for it; needed"), 300, 60),
        _words("summary", _("What it says, in the register’s words"), 500, 60),
        Column(
            "quotation",
            _("The words of the document or source, character by character"),
            _("Text; “[…]” where pieces stand apart. Only a theme has none"),
            free_text=True,
            width=60,
        ),
        Column(
            "document",
            _("The document that says it, if the register has it"),
            _("The slug of a document, e.g. a-74-677"),
        ),
        Column("paragraphs", _("Where the quotation stands"), _PLACES),
        Column("mentioned_in", _("Every paragraph that speaks of it, if there are more"), _PLACES),
        _words(
            "source",
            _("Of what no document here says: symbol, title or address, and the place"),
            300,
        ),
        Column("basis", _("How it is known what it is"), Basis),
        _areas(_("The priority areas that it concerns")),
        Column("areas_basis", _("How the areas are known; empty where there is none"), Basis),
        _projects(_("The projects that it speaks of")),
        Column(
            "about",
            _("The study or document that it speaks of"),
            _("The slug of a document, e.g. a-70-674"),
        ),
        Column(
            "parent",
            _("The statement of which it is a part"),
            _("The code of a statement, e.g. B01"),
        ),
        Column("position", _("Its place among those of its kind"), _("A whole number")),
        _words("addressee", _("Of whom a measure is asked"), 150, 20),
        Column("date", _("When it is or begins"), DATE),
        Column("end_date", _("When it ends"), DATE),
        _words("timing", _("As at the date of the document: past, planned"), 60, 14),
        _words("place", _("Where it is"), 150, 20),
        _words("figure", _("As printed, e.g. some 80"), 60, 14),
        _words("unit", _("Of the figure, e.g. per cent"), 60, 14),
        _words("base", _("Of whom the figure is"), 150, 20),
        _words("size", _("How many were asked"), 100, 14, _("n")),
        _words("caveat", _("What may not be concluded from it"), 500),
        Column(
            "answered_by",
            _("The edition that was published for a report that is due"),
            _("The slug of an edition; of events only"),
        ),
        Column(
            "entities",
            _("United Nations entities that it names"),
            _("Acronyms of the directory; empty if there is none"),
            several=True,
            linked_by="acronym",
            width=18,
        ),
        Column(
            "entities_basis",
            _("How it is known which entities it names; stated where their names are quoted"),
            Basis,
        ),
        Column("projects_basis", _("How it is known which projects it speaks of"), Basis),
    ),
)

PLAN_TABLE = Table(
    model="reports.plan",
    identifier="slug",
    columns=(
        Column(
            "slug",
            _("The plan’s permanent name in this register"),
            _("Small letters, digits and single hyphens, e.g. kenya-2016"),
            width=20,
        ),
        _needed("title", _("The plan’s title; needed"), 60),
        Column("level", _("Of what it is a plan"), Level, width=16),
        Column(
            "country",
            _("The country whose plan it is"),
            _("An ISO 3166-1 alpha-3 code; empty for an organization’s"),
        ),
        _words(
            "organization",
            _("The regional organization whose plan it is; empty for a country’s"),
            200,
        ),
        Column("status", _("How far it is, by its source"), PlanStatus),
        Column("adopted_on", _("When it was adopted"), DATE),
        _areas(_("The priority areas that it covers")),
        _projects(_("The projects that support it")),
        _needed("source", _("The document or page that says so; needed"), 40),
        Column(
            "link",
            _("A page with the plan"),
            _("A web address; empty if none is known"),
            free_text=True,
            width=30,
        ),
    ),
)

FIGURE_TABLE = Table(
    model="reports.figure",
    identifier="",
    columns=(
        Column("report", _("The report that prints it"), _("The slug of a report, e.g. a-74-677")),
        Column("position", _("Its place in the report"), _("A whole number")),
        Column(
            "paragraph",
            _("Where the report prints it"),
            _("Numbers of paragraphs, e.g. 22, 24; empty without paragraphs"),
        ),
        Column(
            "query",
            _("The filter of the list that counts the same projects"),
            _("A query string, e.g. scope=national; empty for all projects"),
        ),
        Column("unit", _("What it counts"), Unit),
        Column("comparator", _("How exact it is"), Comparator),
        Column("value", _("The figure as printed"), _("A whole number"), label=_("Figure")),
        Column("date", _("When the figure held, if the document says"), DATE),
        _words("population", _("What is counted, in words"), 300, 40),
        _words("words", _("The words of the document that give the figure"), 500, 40),
        _words("address", _("The web address where it was read"), 500),
        _words("how_seen", _("Whether the words were read there"), 200),
        _words("category", _("Of a classification of the report’s own"), 100),
        _words("symbol", _("The report’s symbol, or a short name"), 50, label=_("Symbol")),
        _words("title", _("The report’s title"), 300, 40, _("Title")),
        _words("publisher", _("Who published the report"), 200, label=_("Publisher")),
        Column("report_date", _("When the report was published"), DATE, label=_("Report’s date")),
        Column("undated", _("Whether the report is"), _("yes; else empty"), label=_("Undated")),
        Column(
            "flags",
            _("Whether it counts something else than the register, as SDMX says it"),
            Flag,
            several=True,
            label=_("Flags"),
        ),
    ),
)
# As it is imported: flags follow from the other columns.
REPORT_TABLE = replace(FIGURE_TABLE, identifier="report", stamps=("flags",))
