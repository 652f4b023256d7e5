"""The pages of the report itself: text, contents, statements, entities."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from projects.asking import Asked, Selection, Words, whole_links
from projects.changes import PublicChange, public_revisions
from projects.columns import PROJECT_TABLE
from projects.elsewhere.queries import also_elsewhere
from projects.elsewhere.records import belonging_to
from projects.history import text_of
from projects.models import Entity, Project
from projects.pages import QueryView, missing, record_or_404
from projects.text import words_of
from projects.views import ProjectDetail, ProjectList
from projects.vocabulary import NOT_STATED, Scope

from ..models import Document, Kind, Statement
from .activities import named_activities
from .search import known_words, lacking, said_of_search, targets
from .statements import ReadQuery, StatementPage, TextQuery, said_of_project
from .text import passages, sections, sentences_read, words_read

STATEMENTS_A_PAGE = 25
# The newest changes on the page of a statement.
CHANGES_SHOWN = 25
# The projects on the page of an entity; the list has all.
PROJECTS_SHOWN = 25


class ProjectsAndReport(ProjectList):
    """The register as a table, with what the words of a search mean and find in the report."""

    directory = "resource-data"
    template_name = "reports/project_list.html"
    known_words = staticmethod(known_words)
    pages: Iterable[Any] = ()  # those that a search finds by name

    def context(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        query, *others = self.asked.queries or ("",)
        is_single = query and not (others or self.asked.edition)
        found = {
            "said": said_of_search(self.asked),
            "targets": targets(query, self.pages) if is_single else [],
            "lacking": lacking(query) if is_single else "",
            "also": also_elsewhere(self.asked),
        }
        return super().context(*args, **kwargs) | found


class ProjectAndReport(ProjectDetail):
    """One project and its neighbours in the list; also one that was set aside."""

    template_name = "reports/project_detail.html"

    def about(self, project: Project) -> dict[str, Any]:
        return super().about(project) | {
            "said": said_of_project(project.reference),
            "sentences": sentences_read(project),
            "elsewhere": [] if self.asked.edition else belonging_to(project.reference),
        }


class DocumentText(QueryView):
    """A document by paragraph, each at an anchor such as `#para-24`, footnotes at `#fn-4`."""

    reader_class = TextQuery

    def answer(self, slug: str) -> HttpResponseBase:
        document = record_or_404(Document.objects.with_text(), slug=slug)
        said = Statement.published.of_kinds().filter(document=document)
        found = passages(document, said, self.reader.is_found, self.reader.terms)
        context = {"document": document, "passages": found, "reader": self.reader}
        context["terms"] = self.reader.terms
        context["parts"] = [one for one in found if one.part or one.section]
        return render(self.request, "reports/text.html", context)


class OneParagraph(QueryView):
    """A paragraph with all that was read from it, among the others."""

    reader_class = ReadQuery

    def answer(self, slug: str, number: int) -> HttpResponseBase:
        document = record_or_404(Document.objects.with_text(), slug=slug)
        read_passages = passages(document, Statement.published.of_kinds().filter(document=document))
        passage = next((one for one in read_passages if one.paragraph.number == str(number)), None)
        if passage is None:
            names = {"document": document, "number": number}
            raise Http404(_("%(document)s has no paragraph %(number)s.") % names)
        read = self.reader.cleaned_data["read"]
        passage.terms = [f" {words_of(words)} " for words in words_read(document, read)]
        if read and not passage.terms:
            raise Http404(_("No match for “%s”.") % read)
        context = {"document": document, "passages": read_passages, "one": passage, "read": read}
        return render(self.request, "reports/paragraph.html", context)


class Contents(QueryView):
    """The report by paragraph and section, and the activities that it names."""

    def answer(self) -> HttpResponseBase:
        activities = named_activities(get_language())
        every = list(Statement.published.of_kinds())
        documents = list(Document.objects.with_text())
        document = next((one for one in documents if one.is_the_report), None)
        shown_passages = passages(document, every) if document else []
        context = {
            "others": [one for one in documents if not one.is_the_report],
            "passages": shown_passages,
            "sections": sections(shown_passages),
            "activities": activities,
        }
        return render(self.request, "reports/contents.html", context)


class Statements(QueryView):
    """All statements, or those of some kinds, 25 on a page."""

    reader_class = StatementPage

    def answer(self) -> HttpResponseBase:
        paginator = Paginator(self.reader.found, STATEMENTS_A_PAGE)
        if self.reader.page_number > paginator.num_pages:
            raise missing(str(self.reader.page_number))
        context = {
            "reader": self.reader,
            "kinds": self.reader.cleaned_data["kind"],
            "facets": self.reader.facets,
            "page": paginator.page(self.reader.page_number),
        }
        return render(self.request, "reports/statements.html", context)


class StatementDetail(QueryView):
    """One statement, its parts and its history."""

    def answer(self, code: str) -> HttpResponseBase:
        statement = record_or_404(Statement.published.of_kinds(), code=code)
        # The page of an entity has these; a body outside the directory has only this page.
        has_no_other = statement.kind == Kind.BODY and not statement.entities.all()
        changes = public_revisions(Statement).of_keys([code])[:CHANGES_SHOWN]
        context = {
            "one": statement,
            "reference": code,
            "naming": Statement.published.naming(statement) if has_no_other else [],
            "parts": Statement.published.of_kinds().filter(parent=statement),
            "changes": [PublicChange(change) for change in changes],
        }
        return render(self.request, "reports/statement_detail.html", context)


class EntityList(QueryView):
    """Every organization that the report names, then those of other sources."""

    def answer(self) -> HttpResponseBase:
        named = {one: cube.total for one, cube in whole_links().of("entity").items()}
        bodies = [
            (body, [(each, named.get(each.acronym, 0)) for each in body.entities.all()])
            for body in Statement.published.of_kinds(Kind.BODY)
        ]
        context = {
            "bodies": [one for one in bodies if one[0].is_of_report],
            "elsewhere": [one for one in bodies if not one[0].is_of_report],
            "others": Entity.objects.public()
            .exclude(statements__in=Statement.published.of_report())
            .order_by("search_text"),
        }
        return render(self.request, "reports/entity_list.html", context)


def _placed(project: Project) -> list[str]:
    """Return the area and the regions of a project in words, as sources state them."""
    columns, stated = PROJECT_TABLE.by_name, project.stated()
    found = [columns[one].words(text_of(stated[one])) for one in ("priority_area", "regions")]
    return [found[0], _("Worldwide")] if stated["scope"] == Scope.GLOBAL else found


def _each_once(found: Iterable[Statement]) -> list[Statement]:
    """Return statements without an event that another kind has under the same title and dates."""
    once: dict[Any, Statement] = {}
    for one in found:
        key = (one.title, one.date, one.end_date) if one.date else one.code
        once.setdefault(key, one)
    return [*once.values()]


class EntityDetail(QueryView):
    """One organization, with the projects and statements that name it."""

    def answer(self, acronym: str) -> HttpResponseBase:
        entity = record_or_404(Entity.objects.public(), acronym=acronym)
        every = list(Statement.published.of_kinds().filter(entities=entity))
        said = [one for one in every if one.is_of_report]
        bodies = [one for one in said if one.kind == Kind.BODY]
        named = {one: cube.total for one, cube in whole_links().of("entity").items()}
        selection = Selection(Asked.of(None, entity=[acronym]))
        context = {
            "entity": entity,
            "heading": entity.local_name if entity.has_own_code else entity.local_acronym,
            "bodies": bodies,
            "parts": Statement.published.of_kinds(Kind.DETAIL).filter(parent__in=bodies),
            "seats": [one for one in said if one.kind == Kind.DETAIL],
            "statements": _each_once(
                statement for statement in said if statement.kind not in (Kind.BODY, Kind.DETAIL)
            ),
            "elsewhere": [one for one in every if not one.is_of_report],
            "sentence": Words(selection).sentence,
            "projects": [(one, _placed(one)) for one in selection.rows[:PROJECTS_SHOWN]],
            "naming": named.get(acronym, 0),
            "unnamed": named.get(NOT_STATED, 0),
            "also": also_elsewhere(selection.asked),
        }
        return render(self.request, "reports/entity_detail.html", context)
