"""The columns of statements and figures: their files, history and corrections use them."""

from django.utils.functional import lazy
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from projects.columns import DATE, Column, Table
from projects.text import Wording
from projects.vocabulary import Basis, Comparator, PriorityArea

from .kinds import REFERENCES, Kind, Unit

_capfirst = lazy(capfirst, str)
CODE = _("Capital letters and a number, e.g. G48")
SLUG = _("A slug, e.g. a-74-677")
PLACES = _("Numbers of paragraphs, a footnote with fn, e.g. 11, fn2")
PARAGRAPHS = "Numbers of paragraphs, e.g. 22, 24"
QUERY = "A query string, e.g. scope=national; empty for all projects"
PERMANENT = "Its permanent name in this register"
ORDER = "Its place in the order, from 1"
HOW_KNOWN = "How that is known"
WHOLE = _("A whole number")


def _words(name: str, meaning: Wording, most: int, width: int = 30, label: Wording = "") -> Column:
    allowed = format_lazy(_("Text of at most {length} characters"), length=most)
    return Column(name, meaning, allowed, free_text=True, width=width, label=label)


_SYMBOL, _TITLE, _PUBLISHER = map(_capfirst, (_("symbol"), _("title"), _("publisher")))
_AREAS = Column("areas", "Priority areas", PriorityArea, several=True)

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
        Column("code", PERMANENT, CODE),
        Column("kind", "What the statement is about", Kind),
        _words("category", "More exactly than the kind, e.g. working group", 100, 20),
        _words("title", "Title", 300, 60),
        _words("summary", "What it says, in the register’s words", 500, 60),
        Column(
            "quotation",
            "The words of the source, character by character; “[…]” where words are left out",
            _("Quote the words; only a theme or a plan has none."),
            free_text=True,
            width=60,
        ),
        Column("document", "The document that says it, if the register has it", SLUG),
        Column("paragraphs", "Where the quotation is", PLACES),
        Column("mentioned_in", "All paragraphs that mention it, if there are more", PLACES),
        _words("source", "Without a document: symbol, title or address, and the place", 900),
        Column("basis", HOW_KNOWN, Basis),
        _AREAS,
        Column("areas_basis", HOW_KNOWN, Basis),
        Column("projects", "The projects that it mentions", REFERENCES, several=True),
        Column("about", "About the document", SLUG),
        Column("parent", "Part of", CODE),
        Column("position", ORDER, WHOLE),
        _words("addressee", "Addressee", 150, 20),
        Column("date", "Date", DATE),
        Column("end_date", "End date", DATE),
        _words("timing", "At the date of the document, e.g. past, planned", 60, 14),
        _words("place", "Place", 200, 20),
        _words("figure", "As printed, e.g. some 80", 60, 14),
        _words("unit", "Unit", 60, 14),
        _words("base", "Who or what", 150, 20),
        _words("size", "How many were asked", 100, 14, _("n")),
        _words("caveat", "What may not be concluded", 500),
        Column("answered_by", "The edition published for a report that is due", SLUG),
        Column(
            "entities",
            "United Nations entities that it names",
            _("Acronyms of the directory"),
            several=True,
            linked_by="acronym",
            width=18,
        ),
        Column("entities_basis", HOW_KNOWN, Basis),
        Column("projects_basis", HOW_KNOWN, Basis),
    ),
)

FIGURE_TABLE = Table(
    model="reports.figure",
    identifier="",
    columns=(
        Column("report", "Report", SLUG),
        Column("position", ORDER, WHOLE),
        Column("paragraph", "Paragraphs", PARAGRAPHS),
        Column(
            "query",
            "The filter of the list that counts the same projects",
            QUERY,
        ),
        Column("unit", "What it counts", Unit),
        Column("comparator", "Comparator", Comparator),
        Column("value", "Published figure", WHOLE, label="Figure"),
        Column("date", "Date of the figure, if the document says", DATE),
        _words("population", "What is counted, in words", 300),
        _words("words", "Words of the source", 500),
        _words("address", "The web address where it was read, if not the report’s", 500),
        _words("how_seen", "Where the words were read: page, or a copy of it", 200),
        _words("category", "Of a classification of the report’s own, e.g. pillar=measures", 100),
        _words("symbol", "Its symbol, e.g. A/74/677, or a short name", 50, label=_SYMBOL),
        _words("title", _TITLE, 300, label=_TITLE),
        _words("publisher", _PUBLISHER, 200, label=_PUBLISHER),
        Column("report_date", "Report’s date", DATE, label="Report’s date"),
        Column(
            "undated",
            "Undated",
            "yes; else empty",
            label="Undated",
        ),
        Column(
            "comparable",
            "Whether it counts what the register does",
            "yes or no",
            label="Comparable",
        ),
    ),
)
