"""The pages of the report itself: text, contents, statements by kind, entities."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from projects.asking import Asked, Selection, Words, whole_links
from projects.changes import PublicChange
from projects.columns import PROJECT_TABLE
from projects.elsewhere.queries import also_elsewhere
from projects.elsewhere.records import belonging_to
from projects.history import text_of
from projects.models import Entity, Project
from projects.pages import QueryView, ReadOnlyView, record_or_404
from projects.text import words_of
from projects.views import ProjectDetail, ProjectList
from projects.vocabulary import NOT_STATED, PriorityArea, Scope

from ..models import REPEATED, STATEMENT_PAGES, Document, Kind, Statement
from .activities import named_activities
from .changes import revisions_of_statements
from .search import known_words, lacking, said_of_search, targets
from .statements import (
    EveryQuery,
    ReadQuery,
    StatementQuery,
    TextQuery,
    said_of_project,
)
from .text import passages, sections, sentences_read, words_read

# A value, and the statements that have it.
Group = tuple[str, list[Statement]]
STATEMENTS_A_PAGE = 100
# The newest changes on the page of a statement.
CHANGES_SHOWN = 20
# The projects on the page of an entity; the list has all.
PROJECTS_SHOWN = 25
# The category of measures that ask nothing of anyone.
ANNOUNCED = "action announced by the Secretary-General"
# The columns of measures and the headings of lessons; the last is of none.
AREAS: list[str] = [*PriorityArea, ""]
# The category of plans that the report asks for without naming one.
UNNAMED = "class of plans; none is named"
# The categories of events with something due.
DUE = ("report due", "review due")


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
    """The report by paragraph, section, theme and document, and the activities that it names."""

    def answer(self) -> HttpResponseBase:
        activities = named_activities(get_language())
        every = list(Statement.published.of_kinds())
        said = [one for one in every if one.kind in (Kind.THEME, Kind.DOCUMENT)]
        documents = list(Document.objects.with_text())
        document = next((one for one in documents if one.is_the_report), None)
        shown_passages = passages(document, every) if document else []
        kinds = [one.kind for one in every if one.is_of_report]
        context = {
            "counts": {
                reverse(name): sum(kind in shown for kind in kinds)
                for name, shown in STATEMENT_PAGES.items()
            },
            "others": [one for one in documents if not one.is_the_report],
            "passages": shown_passages,
            "sections": sections(shown_passages),
            "activities": activities,
            "said": sorted(said, key=lambda one: (not one.is_of_report, one.kind == Kind.DOCUMENT)),
        }
        return render(self.request, "reports/contents.html", context)


class StatementView(QueryView):
    """The statements of some kinds.

    STATEMENT_PAGES and its template have the name of its address.
    """

    reader_class = StatementQuery

    @property
    def page(self) -> str:
        match: Any = self.request.resolver_match
        return match.url_name

    def read(self, query: QueryDict) -> Any:
        return self.reader_class(query, STATEMENT_PAGES[self.page])

    def answer(self) -> HttpResponseBase:
        return render(self.request, f"reports/{self.page}.html", self.context())

    def context(self) -> dict:
        found = self.reader.found
        due = [one for one in found if one.category in DUE]
        return {"reader": self.reader, "groups": self.groups(found), "due": due}

    def groups(self, listed: list[Statement]) -> list[Group]:
        order, heading = LISTED[self.page]
        found = _grouped(sorted(listed, key=order), heading)
        return _folded(found) if heading is _category else found


class Statements(StatementView):
    """All statements, 100 on a page."""

    reader_class = EveryQuery

    def read(self, query: QueryDict) -> Any:
        return self.reader_class(query)

    def context(self) -> dict[str, Any]:
        paginator = Paginator(self.reader.found, STATEMENTS_A_PAGE)
        if self.reader.page_number > paginator.num_pages:
            raise Http404(_("There is no page “%s”.") % self.reader.page_number)
        page = paginator.page(self.reader.page_number)
        return super().context() | {"page": page, "groups": self.groups([*page])}


class StatementDetail(QueryView):
    """One statement, its parts and its history."""

    def answer(self, code: str) -> HttpResponseBase:
        published = Statement.published.of_kinds()
        if code in REPEATED and not published.filter(code=code).exists():
            return redirect("statement", REPEATED[code], permanent=True)
        statement = record_or_404(published, code=code)
        # The page of an entity has these; a body outside the directory has only this page.
        has_no_other = statement.kind == Kind.BODY and not statement.entities.all()
        changes = revisions_of_statements().of_keys([code])[:CHANGES_SHOWN]
        context = {
            "one": statement,
            "naming": Statement.published.naming(statement) if has_no_other else [],
            "parts": Statement.published.of_kinds().filter(parent=statement),
            "changes": [PublicChange(change) for change in changes],
        }
        return render(self.request, "reports/statement_detail.html", context)


class Plans(StatementView):
    """Measures, needs and plans, and who is asked to do something."""

    def context(self) -> dict[str, Any]:
        asking = [one for one in self.reader.found if _is_asking(one)]
        addressees = _grouped(asking, _addressee)
        asked = [
            (area, on_it, [(of, _on(area, found)) for of, found in addressees])
            for area in AREAS
            if (on_it := _on(area, asking))
        ]
        others = self.groups([one for one in self.reader.found if one not in asking])
        asked_of = {"asked": asked, "columns": dict(addressees), "groups": others}
        of_report = [one.category for one in self.reader.every if one.is_of_report]
        return super().context() | asked_of | {"names_none": UNNAMED in of_report}


def to_statement(request: HttpRequest, slug: str, target: str, page: str = "") -> HttpResponseBase:
    """Return the redirect to an address of the statement that a plan of before became."""
    one = record_or_404(Statement.published.all(), former_slug=slug)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{reverse(target, args=[one.code])}{page}{query}", permanent=True)


class FormerPlan(ReadOnlyView):
    def get(self, request: HttpRequest, key: str, page: str) -> HttpResponseBase:
        return to_statement(request, key, "statement", page)


def _is_asking(one: Statement) -> bool:
    return one.kind in (Kind.MEASURE, Kind.NEED) and one.category != ANNOUNCED


def _addressee(one: Statement) -> str:
    return one.asked_of or _("No addressee is named")


def _areas(one: Statement) -> list[str]:
    return [*one.area_list] or [""]


def _on(area: str, found: Iterable[Statement]) -> list[Statement]:
    return [one for one in found if area in _areas(one)]


def _area(one: Statement) -> str:
    return str(one.area_list[0].label) if one.area_list else _("No area is named")


def _category(one: Statement) -> str:
    if one.kind == Kind.FINDING and one.about:
        return one.about.title
    return one.category or one.kind_label


def _when(one: Statement) -> str:
    if one.kind == Kind.OBSERVANCE:
        return _("Observances")
    return _("Dated") if one.date else _("Without a date")


def _grouped(statements: Iterable[Statement], by: Callable[[Statement], str]) -> list[Group]:
    groups: dict[str, list[Statement]] = {}
    for one in statements:
        groups.setdefault(by(one), []).append(one)
    return list(groups.items())


def _folded(groups: list[Group]) -> list[Group]:
    """Return the groups, those of one statement joined as the last; a study has its own."""
    alone = [found[0] for _heading, found in groups if len(found) == 1]
    single = [one for one in alone if one.kind != Kind.FINDING or not one.about]
    if len(single) < 2:
        return groups
    others = [(heading, found) for heading, found in groups if found[0] not in single]
    return [*others, (_("Others"), single)]


# The order of the statements of a page, and the heading that each is below.
LISTED: dict[str, tuple[Callable[[Statement], Any], Callable[[Statement], str]]] = {
    "library": (lambda one: AREAS.index(_areas(one)[0]), _area),
    "evidence": (lambda one: one.kind != Kind.FINDING, _category),
    "events": (lambda one: (one.kind, not one.date, one.date, one.end_date), _when),
    "plans": (lambda one: one.kind, _category),
    "statements": (lambda one: one.kind, lambda one: one.kind_label),
}


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
