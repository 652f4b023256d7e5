"""The columns of statements, plans and figures: their files, history and corrections use them."""

from dataclasses import replace

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from projects.columns import DATE, Column, Table
from projects.vocabulary import Basis, PriorityArea

from .kinds import Kind, Level, PlanStatus
from .report import Comparator, Flag, Unit

_PLACES = _("Numbers of paragraphs with commas between them, a footnote with fn: 11, fn2")


def _words(name: str, label, meaning, most: int, width: int = 30) -> Column:
    allowed = format_lazy(_("Text of at most {most} characters; empty if not stated"), most=most)
    return Column(name, meaning, allowed, free_text=True, width=width, label=label)


def _needed(name: str, label, meaning, width: int) -> Column:
    allowed = _("Text of at most 300 characters")
    return Column(name, meaning, allowed, free_text=True, width=width, label=label)


def _areas(meaning) -> Column:
    return Column("areas", meaning, PriorityArea, several=True, label=_("Priority areas"))


def _projects(meaning) -> Column:
    allowed = _("References, e.g. PVE-001;PVE-011")
    return Column("projects", meaning, allowed, several=True, label=_("Projects"))


STATEMENT_TABLE = Table(
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
            label=_("Code"),
        ),
        Column("kind", _("What the statement is about"), Kind, label=_("Kind")),
        _words("category", _("Category"), _("What it is, more exactly than the kind"), 100, 20),
        _words("title", _("Title"), _("The register’s own words for it; needed"), 300, 60),
        _words("summary", _("Summary"), _("What it says, in the register’s words"), 500, 60),
        Column(
            "quotation",
            _("The words of the document or source, character by character"),
            _("Text; “[…]” where pieces stand apart. Only a theme has none"),
            free_text=True,
            width=60,
            label=_("Quotation"),
        ),
        Column(
            "document",
            _("The document that says it, if the register has it"),
            _("The slug of a document, e.g. a-74-677"),
            label=_("Document"),
        ),
        Column("paragraphs", _("Where the quotation stands"), _PLACES, label=_("Paragraphs")),
        Column(
            "mentioned_in",
            _("Every paragraph that speaks of it, if there are more"),
            _PLACES,
            label=_("Mentioned in"),
        ),
        _words(
            "source",
            _("Source"),
            _("Of what no document here says: symbol, title or address, and the place"),
            300,
        ),
        Column("basis", _("How it is known what it is"), Basis, label=_("Basis")),
        _areas(_("The priority areas that it concerns")),
        Column(
            "areas_basis",
            _("How the areas are known; empty where there is none"),
            Basis,
            label=_("Basis of the priority areas"),
        ),
        _projects(_("The projects that it speaks of")),
        Column(
            "about",
            _("The study or document that it speaks of"),
            _("The slug of a document, e.g. a-70-674"),
            label=_("About the document"),
        ),
        Column(
            "parent",
            _("The statement of which it is a part"),
            _("The code of a statement, e.g. B01"),
            label=_("Part of"),
        ),
        Column(
            "position",
            _("Its place among those of its kind"),
            _("A whole number"),
            label=_("Position"),
        ),
        _words("addressee", _("Addressee"), _("Of whom a measure is asked"), 150, 20),
        Column("date", _("When it is or begins"), DATE, label=_("Date")),
        Column("end_date", _("When it ends"), DATE, label=_("End date")),
        _words("timing", _("Timing"), _("As at the date of the document: past, planned"), 60, 14),
        _words("place", _("Place or level"), _("Where it is"), 150, 20),
        _words("figure", _("Figure"), _("As printed, e.g. some 80"), 60, 14),
        _words("unit", _("Unit"), _("Of the figure, e.g. per cent"), 60, 14),
        _words("base", _("Base"), _("Of whom the figure is"), 150, 20),
        _words("size", _("n"), _("How many were asked"), 100, 14),
        _words("caveat", _("Caveat"), _("What may not be concluded from it"), 500),
        Column(
            "answered_by",
            _("The edition that was published for a report that is due"),
            _("The slug of an edition; of events only"),
            label=_("Answered by the edition"),
        ),
        Column(
            "entities",
            _("United Nations entities that it names"),
            _("Acronyms of the directory; empty if there is none"),
            several=True,
            linked_by="acronym",
            width=18,
            label=_("Entities"),
        ),
        Column(
            "entities_basis",
            _("How it is known which entities it names; stated where their names are quoted"),
            Basis,
            label=_("Basis of the entities"),
        ),
        Column(
            "projects_basis",
            _("How it is known which projects it speaks of"),
            Basis,
            label=_("Basis of the projects"),
        ),
    ),
)

PLAN_TABLE = Table(
    identifier="slug",
    columns=(
        Column(
            "slug",
            _("The plan’s permanent name in this register"),
            _("Small letters, digits and single hyphens, e.g. kenya-2016"),
            width=20,
            label=_("Slug"),
        ),
        _needed("title", _("Title"), _("The plan’s title; needed"), 60),
        Column("level", _("Of what it is a plan"), Level, width=16, label=_("Level")),
        Column(
            "country",
            _("The country whose plan it is"),
            _("An ISO 3166-1 alpha-3 code; empty for an organization’s"),
            label=_("Country"),
        ),
        _words(
            "organization",
            _("Organization"),
            _("The regional organization whose plan it is; empty for a country’s"),
            200,
        ),
        Column("status", _("How far it is, by its source"), PlanStatus, label=_("Status")),
        Column("adopted_on", _("When it was adopted"), DATE, label=_("Adopted on")),
        _areas(_("The priority areas that it covers")),
        _projects(_("The projects that support it")),
        _needed("source", _("Source"), _("The document or page that says so; needed"), 40),
        Column(
            "link",
            _("A page with the plan"),
            _("A web address; empty if none is known"),
            free_text=True,
            width=30,
            label=_("Link"),
        ),
    ),
)

FIGURE_TABLE = Table(
    identifier="",
    columns=(
        Column(
            "report",
            _("The report that prints it"),
            _("The slug of a report, e.g. a-74-677"),
            label=_("Report"),
        ),
        Column("position", _("Its place in the report"), _("A whole number"), label=_("Position")),
        Column(
            "paragraph",
            _("Where the report prints it"),
            _("Numbers of paragraphs, e.g. 22, 24; empty without paragraphs"),
            label=_("Paragraphs"),
        ),
        Column(
            "query",
            _("The filter of the list that counts the same projects"),
            _("A query string, e.g. scope=national; empty for all projects"),
            label=_("Filter"),
        ),
        Column("unit", _("What it counts"), Unit, label=_("Unit")),
        Column("comparator", _("How exact it is"), Comparator, label=_("Comparator")),
        Column("value", _("The figure as printed"), _("A whole number"), label=_("Figure")),
        Column("date", _("When the figure held, if the document says"), DATE, label=_("Date")),
        _words("population", _("Population"), _("What is counted, in words"), 300, 40),
        _words("words", _("Words"), _("The words of the document that give the figure"), 500, 40),
        _words("address", _("Address"), _("The web address where it was read"), 500),
        _words("how_seen", _("How seen"), _("Whether the words were read there"), 200),
        _words("category", _("Category"), _("Of a classification of the report’s own"), 100),
        _words("symbol", _("Symbol"), _("The report’s symbol, or a short name"), 50),
        _words("title", _("Title"), _("The report’s title"), 300, 40),
        _words("publisher", _("Publisher"), _("Who published the report"), 200),
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
