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
PARAGRAPHS = _("Numbers of paragraphs, e.g. 22, 24")
QUERY = _("A query string, e.g. scope=national; empty for all projects")
PERMANENT = _("Its permanent name in this register")
ORDER = _("Its place in the order, from 1")
HOW_KNOWN = _("How that is known")
WHOLE = _("A whole number")


def _words(name: str, meaning: Wording, most: int, width: int = 30, label: Wording = "") -> Column:
    allowed = format_lazy(_("Text of at most {length} characters"), length=most)
    return Column(name, meaning, allowed, free_text=True, width=width, label=label)


_SYMBOL, _TITLE, _PUBLISHER = map(_capfirst, (_("symbol"), _("title"), _("publisher")))
_AREAS = Column("areas", _capfirst(_("priority areas")), PriorityArea, several=True)

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
        Column("kind", _("What the statement is about"), Kind),
        _words("category", _("More exactly than the kind, e.g. working group"), 100, 20),
        _words("title", _capfirst(_("title")), 300, 60),
        _words("summary", _("What it says, in the register’s words"), 500, 60),
        Column(
            "quotation",
            _("The words of the source, character by character; “[…]” where words are left out"),
            _("Quote the words; only a theme or a plan has none."),
            free_text=True,
            width=60,
        ),
        Column("document", _("The document that says it, if the register has it"), SLUG),
        Column("paragraphs", _("Where the quotation is"), PLACES),
        Column("mentioned_in", _("All paragraphs that mention it, if there are more"), PLACES),
        _words("source", _("Without a document: symbol, title or address, and the place"), 900),
        Column("basis", HOW_KNOWN, Basis),
        _AREAS,
        Column("areas_basis", HOW_KNOWN, Basis),
        Column("projects", _("The projects that it mentions"), REFERENCES, several=True),
        Column("about", _capfirst(_("about the document")), SLUG),
        Column("parent", _capfirst(_("part of")), CODE),
        Column("position", ORDER, WHOLE),
        _words("addressee", _capfirst(_("addressee")), 150, 20),
        Column("date", _capfirst(_("date")), DATE),
        Column("end_date", _capfirst(_("end date")), DATE),
        _words("timing", _("At the date of the document, e.g. past, planned"), 60, 14),
        _words("place", _capfirst(_("place")), 200, 20),
        _words("figure", _("As printed, e.g. some 80"), 60, 14),
        _words("unit", _capfirst(_("unit")), 60, 14),
        _words("base", _("Who or what"), 150, 20),
        _words("size", _("How many were asked"), 100, 14, _("n")),
        _words("caveat", _("What may not be concluded"), 500),
        Column("answered_by", _("The edition published for a report that is due"), SLUG),
        Column(
            "entities",
            _("United Nations entities that it names"),
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
        Column("report", _capfirst(_("report")), SLUG),
        Column("position", ORDER, WHOLE),
        Column("paragraph", _capfirst(_("paragraphs")), PARAGRAPHS),
        Column(
            "query",
            _("The filter of the list that counts the same projects"),
            QUERY,
        ),
        Column("unit", _("What it counts"), Unit),
        Column("comparator", _capfirst(_("comparator")), Comparator),
        Column("value", _capfirst(_("published figure")), WHOLE, label=_("Figure")),
        Column("date", _("Date of the figure, if the document says"), DATE),
        _words("population", _("What is counted, in words"), 300),
        _words("words", _("Words of the source"), 500),
        _words("address", _("The web address where it was read, if not the report’s"), 500),
        _words("how_seen", _("Where the words were read: page, or a copy of it"), 200),
        _words("category", _("Of a classification of the report’s own, e.g. pillar=measures"), 100),
        _words("symbol", _("Its symbol, e.g. A/74/677, or a short name"), 50, label=_SYMBOL),
        _words("title", _TITLE, 300, label=_TITLE),
        _words("publisher", _PUBLISHER, 200, label=_PUBLISHER),
        Column("report_date", _("Report’s date"), DATE, label=_("Report’s date")),
        Column(
            "undated",
            _capfirst(_("undated")),
            _("yes; else empty"),
            label=_capfirst(_("undated")),
        ),
        Column(
            "comparable",
            _("Whether it counts what the register does"),
            _("yes or no"),
            label=_("Comparable"),
        ),
    ),
)
