"""The operations of assistants: views over the same readers, which refuse every other parameter.

A client may drop a parameter before it asks. So each answer names its filters in words, or says
that there is none.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.http import JsonResponse
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from projects.asking import Asked, ProjectFilter, Selection
from projects.asking.fields import ChoiceField
from projects.asking.filters import taking
from projects.asking.recognized import pieces
from projects.asking.reference import sourced
from projects.citations import sentences
from projects.text import all_of
from reports.breakdowns import BREAKDOWNS
from reports.library.search import lacking, said_of_search
from reports.library.statements import StatementQuery, TextQuery
from reports.models import Document, Kind, Paragraph, Statement

from . import library, register
from .readers import CursorField, Numbered, Paged
from .shapes import SHAPES
from .views import ApiView, Placed, Row

LACKS = _("This register has no money, donors or results of the projects that the report counts.")
ALL_WORDS = _("A search finds what has all of its words: search for fewer.")
SLUGS = {dimension: slug for slug, (dimension, _title) in BREAKDOWNS.items()}
FACETS: tuple[str, ...] = (
    "priority_area",
    "scope",
    "region",
    "entity",
    "country",
    "status",
    "year",
)
# Parameters that do not narrow an answer.
NO_FILTERS = ("by", "document", "per_page", "cursor")
SIZES = [("5", ""), ("25", "")]
PASSAGES = ngettext_lazy(
    "%(number)d statement or paragraph of the report has these words: ask “statements” or "
    "“source”.",
    "%(number)d statements and paragraphs of the report have these words: ask “statements” or "
    "“source”.",
    "number",
)
NOT_SAID = ngettext_lazy(
    "Of %(number)d activity no source says whether it is one of the %(whole)d projects of "
    "%(symbol)s.",
    "Of %(number)d activities no source says whether they are among the %(whole)d projects of "
    "%(symbol)s.",
    "number",
)
STATEMENTS = ngettext_lazy(
    "%(number)d statement of %(documents)s matches.",
    "%(number)d statements of %(documents)s match.",
    "number",
)
PARAGRAPHS = ngettext_lazy(
    "%(number)d paragraph or footnote of %(document)s matches: %(numbers)s.",
    "%(number)d paragraphs and footnotes of %(document)s match: %(numbers)s.",
    "number",
)


class OfAssistants(ProjectFilter):
    """Takes these filters of the list, and what it declares itself."""

    takes = FACETS

    @classmethod
    def get_filters(cls) -> dict[str, Any]:
        own = cls.declared_filters.keys() - ProjectFilter.declared_filters.keys()
        known = super().get_filters()
        return {name: known[name] for name in known if name in {*cls.takes, *own}}


class ByField(ChoiceField):
    @property
    def allowed(self) -> str:
        # Translators: after the values that are allowed.
        text = _(
            "%(values)s. Projects are divided by nothing else; of a country, entity, status or "
            "year “answer” says how many activities match"
        )
        return text % {"values": super().allowed}


class BreakdownQuery(OfAssistants):
    by = taking(ByField, choices=[(dimension, "") for dimension in SLUGS], required=True)


class SearchQuery(OfAssistants):
    takes = ("q", *FACETS, "starts", "ends", "per_page")

    per_page = taking(ChoiceField, choices=SIZES)
    cursor = taking(CursorField)

    @cached_property
    def asked(self) -> Asked:
        return replace(super().asked, described=True)


class InPages(Paged):
    per_page = ChoiceField(choices=SIZES)


class SourceQuery(InPages, TextQuery, Numbered):
    document = ChoiceField(
        required=True, choices=lambda: [(one.slug, "") for one in Document.objects.with_text()]
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not (self.errors or self.cleaned_data["number"] or self.cleaned_data["q"]):
            self.add_error("number", str(_("not given, nor words in “q”; one is needed")))
        return self.cleaned_data


class StatementsQuery(InPages, StatementQuery):
    FACETS = ("kind", "priority_area", "entity", "theme")

    medium = None  # type: ignore[assignment]  # so Django leaves it out


class Operation(ApiView):
    """An operation; its answer begins with its filters in words."""

    tag = _("For assistants")
    usual_size = "5"

    @property
    def lacks(self) -> str | Promise:
        fields = self.reader.form.fields
        return LACKS if any(one.parameter not in fields for one in self.reader.problems) else ""

    def json(self, data: dict[str, Any]) -> JsonResponse:
        given = {n: values for n, values in self.parameters.items() if n not in NO_FILTERS}
        pairs = dict.fromkeys(f"{n}={value}" for n, values in given.items() for value in values)
        said = _("Filters: %s.") % ", ".join(pairs) if pairs else _("Without a filter. %s") % LACKS
        return super().json({"filters_in_words": str(said), **data})

    def wants(self, name: str) -> bool:
        return name in SHAPES[self.shape]["properties"]


class AssistantsAnswer(Operation, register.Answers):
    reader_class = OfAssistants
    shape = "AssistantsAnswer"


class AssistantsBreakdown(Operation, register.Breakdown):
    reader_class: Any = BreakdownQuery
    shape = "AssistantsBreakdown"

    def answer(self, slug: str = "") -> HttpResponseBase:
        (dimension,) = self.parameters["by"]
        return super().answer(SLUGS[dimension])

    def divided(self, selection: Selection, slug: str) -> dict[str, Any]:
        found = super().divided(selection, slug)
        # Of two sentences it has the one that says how they divide.
        shown = found.pop("shown")
        return found | {"sentence": shown}


class AssistantsSearch(Operation, register.Projects):
    reader_class: Any = SearchQuery
    shape = "AssistantsSearch"
    summary = _("Described activities, and the sentence of the list.")

    def found(self) -> tuple[list[Placed], dict[str, Any]]:
        rows, head = super().found()
        answer, asked = self.reader.selection.answer, self.reader.asked
        known = {"whole": answer.report.whole, "symbol": answer.report.symbol}
        is_open = answer.may_be and answer.report.whole
        notes = [NOT_SAID % {"number": answer.may_be, **known}] if is_open else []
        notes += lacked(asked.queries, bool(rows or head["recognized"]))
        if number := said_of_search(asked).get("number"):
            notes.append(PASSAGES % {"number": number})
        return rows, {**head, "notes": notes}


class AssistantsSource(Operation, library.Paragraphs):
    forms = ()
    reader_class: Any = SourceQuery
    shape = "AssistantsSource"
    summary = _("Paragraphs and footnotes, word for word.")

    @property
    def slug(self) -> str:
        return self.parameters["document"][0]

    def head(self, records: list[Paragraph]) -> dict[str, Any]:
        numbers = ", ".join(one.number for one in records)
        known = {"number": len(records), "document": self.document, "numbers": numbers}
        nothing = _("No paragraph of %(document)s matches.") % known
        sentence = PARAGRAPHS % known if records else with_lacking(nothing, self.parameters["q"])
        return {**super().head(records), "sentence": str(sentence)}


class AssistantsStatements(Operation, library.Statements):
    forms = ()
    reader_class: Any = StatementsQuery
    shape = "AssistantsStatements"
    summary = _("Statements, by kind.")

    def place_of(self, record: Statement) -> list[Any]:
        # As the kinds are listed: practices and lessons first, bodies and documents last.
        return [[*Kind].index(record.kind), record.position, record.code]

    def row(self, record: Any) -> Row:
        record.html_url = self.request.build_absolute_uri(record.get_absolute_url())
        return super().row(record)

    def head(self, records: list[Statement]) -> dict[str, Any]:
        documents = all_of(dict.fromkeys(str(one.document) for one in records))
        known = {"number": len(records), "documents": documents}
        nothing = sourced(str(_("No statement matches.")))
        sentence = STATEMENTS % known if records else with_lacking(nothing, self.parameters["q"])
        return {**super().head(records), "sentence": str(sentence)}


def with_lacking(sentence: str, queries: Iterable[str]) -> str:
    """Return a sentence, then which words of the searches the report does not contain."""
    return sentences([sentence, *lacked(queries)])


def lacked(queries: Iterable[str], is_found: bool = False) -> list[str]:
    """Return which words of the searches the report lacks, and which topics the register lacks.

    Where that is no reason for finding nothing, return how words are searched for.
    """
    meanings = [meaning for query in queries for _said, meaning in pieces(query)]
    topics = [str(LACKS) for meaning in meanings if meaning.startswith("topic=")]
    texts = [*filter(None, map(lacking, queries)), *topics[:1]]
    is_of_several = any(len(query.split()) > 1 for query in queries)
    return texts or ([] if is_found or not is_of_several else [str(ALL_WORDS)])
