"""The pages of the report itself: text, contents, library, evidence, events, entities, plans."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from projects.asking import Asked, Selection, whole_links
from projects.corrections import Subject
from projects.cube import Cube
from projects.models import Entity
from projects.pages import QueryView
from projects.views import ProjectDetail, ProjectList
from projects.vocabulary import NOT_STATED

from ..files import as_download
from ..models import REPEATED, STATEMENT_PAGES, Document, Kind, Plan, Statement
from .activities import described, named_activities
from .calendar import calendar
from .changes import changes_shown
from .contents import contents
from .plans import PlanQuery, plans_of_project
from .search import said_of_search
from .statements import EveryQuery, StatementQuery, TextQuery, said_of_project
from .text import passages, sentences_read

# A value, and the statements that have it.
Group = tuple[str, list[Statement]]
STATEMENTS_A_PAGE = 100
# The newest changes on the page of a statement.
CHANGES_SHOWN = 20
# The projects on the page of an entity; the list has all.
PROJECTS_SHOWN = 25
# The category of measures that ask nothing of anyone.
ANNOUNCED = "action announced by the Secretary-General"
# The categories of events with something due.
DUE = ("report due", "review due")
# These can be corrected as projects can.
STATEMENTS = Subject(
    records=Statement.published.of_kinds,
    back=gettext_lazy("Back to the statement"),
    missing=gettext_lazy("There is no statement “%s”."),
)
PLANS = Subject(
    records=lambda: Plan.published.select_related("country"),
    back=gettext_lazy("Back to the plan"),
    missing=gettext_lazy("There is no plan “%s”."),
)


class ProjectsAndReport(ProjectList):
    template_name = "reports/project_list.html"

    def context(self, *args, **kwargs):
        return super().context(*args, **kwargs) | {"said": said_of_search(self.asked)}


class ProjectAndReport(ProjectDetail):
    template_name = "reports/project_detail.html"

    def about(self, project):
        return super().about(project) | {
            "said": said_of_project(project.reference),
            "plans": plans_of_project(project.reference),
            "sentences": sentences_read(project),
        }


class DocumentText(QueryView):
    reader_class = TextQuery

    def answer(self, slug):
        document = Document.objects.with_text().filter(slug=slug).first()
        if document is None:
            raise Http404(_("The register has no text of a document “%s”.") % slug)
        found = passages(document, self.reader.is_found, self.reader.terms)
        context = {"document": document, "passages": found, "reader": self.reader}
        context["terms"] = self.reader.terms
        context["parts"] = [one for one in found if one.part or one.section]
        return render(self.request, "reports/text.html", context)


class Contents(QueryView):
    def answer(self):
        activities = named_activities(get_language())
        said = Statement.published.of_kinds(Kind.THEME, Kind.DOCUMENT)
        said = said.order_by("-kind", "position")
        context = {
            "contents": contents(Selection(Asked()).answer.figure),
            "activities": activities,
            "described": described(activities),
            "said": sorted(said, key=lambda one: not one.is_of_report),
        }
        return render(self.request, "reports/contents.html", context)


class StatementView(QueryView):
    """The statements of a page; STATEMENT_PAGES and its template have the name of its address."""

    reader_class = StatementQuery

    @property
    def page(self) -> str:
        match: Any = self.request.resolver_match
        return match.url_name

    def read(self, query):
        return self.reader_class(query, STATEMENT_PAGES[self.page].kinds)

    def answer(self):
        return render(self.request, f"reports/{self.page}.html", self.context())

    def context(self) -> dict:
        return {"reader": self.reader, "asked_query": self.request.GET.urlencode()}


class Statements(StatementView):
    reader_class = EveryQuery

    def read(self, query):
        return self.reader_class(query)

    def context(self):
        paginator = Paginator(self.reader.found, STATEMENTS_A_PAGE)
        if self.reader.page_number > paginator.num_pages:
            raise Http404(_("There is no page %d of the statements.") % self.reader.page_number)
        return super().context() | {"page": paginator.page(self.reader.page_number)}


class StatementDetail(QueryView):
    def answer(self, code):
        one = Statement.published.of_kinds().filter(code=code).first()
        if one is None and code in REPEATED:
            return redirect("statement", REPEATED[code], permanent=True)
        if one is None:
            raise Http404(_("There is no statement “%s”.") % code)
        # The page of an entity has these; a body outside the directory has only this page.
        has_no_other = one.kind == Kind.BODY and not one.entities.all()
        context = {
            "one": one,
            "naming": Statement.published.naming(one) if has_no_other else [],
            "parts": Statement.published.of_kinds().filter(parent=one),
            "changes": changes_shown(code, CHANGES_SHOWN),
        }
        return render(self.request, "reports/statement_detail.html", context)


class Evidence(StatementView):
    def context(self):
        findings = self.reader.parts(Kind.FINDING)
        studies: dict[Document, list[Statement]] = {}
        for one in findings:
            if one.about:
                studies.setdefault(one.about, []).append(one)
        named = {one.about: one for one in Statement.published.of_kinds(Kind.DOCUMENT)}
        return super().context() | {
            "studies": [(study, named.get(study), found) for study, found in studies.items()],
            "other_findings": [one for one in findings if not one.about],
            "drivers": _grouped(self.reader.parts(Kind.DRIVER)),
        }


class Events(StatementView):
    def context(self):
        events = self.reader.parts(Kind.EVENT)
        dated = [one for one in events if one.date]
        return super().context() | {
            "dated": sorted(dated, key=lambda one: (one.date, one.end_date)),
            "undated": [one for one in events if not one.date],
            "observances": self.reader.parts(Kind.OBSERVANCE),
            "due": [one for one in events if one.category in DUE],
        }


class EventCalendar(QueryView):
    reader_class = StatementQuery

    def read(self, query):
        return StatementQuery(query, STATEMENT_PAGES["events"].kinds)

    def answer(self):
        file = calendar(
            self.reader.found, lambda one: self.request.build_absolute_uri(one.get_absolute_url())
        )
        response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
        return as_download(response, "events", "ics")


class Plans(StatementView):
    reader_class = PlanQuery

    def context(self):
        asked = [*self.reader.parts(Kind.MEASURE), *self.reader.parts(Kind.NEED)]
        groups = _grouped(asked)
        return super().context() | {
            "asking": [
                (category, _grouped(group, by="asked_of"))
                for category, group in groups
                if category != ANNOUNCED
            ],
            "telling": [one for one in groups if one[0] == ANNOUNCED],
            "plans": _grouped(self.reader.parts(Kind.PLAN)),
            "registered": self.reader.records,
        }


def _grouped(statements: list[Statement], by: str = "category") -> list[Group]:
    groups: dict[str, list[Statement]] = {}
    for one in statements:
        groups.setdefault(getattr(one, by), []).append(one)
    return list(groups.items())


class EntityList(QueryView):
    def answer(self):
        cubes, nothing = whole_links().entity, Cube([])
        bodies = [
            (
                one,
                [
                    (entity, cubes.get(entity.acronym, nothing).total)
                    for entity in one.entities.all()
                ],
            )
            for one in Statement.published.of_kinds(Kind.BODY)
        ]
        context = {
            "bodies": [one for one in bodies if one[0].is_of_report],
            "elsewhere": [one for one in bodies if not one[0].is_of_report],
            "others": Entity.objects.exclude(
                statements__in=Statement.published.of_report()
            ).order_by("search_text"),
        }
        return render(self.request, "reports/entity_list.html", context)


class EntityDetail(QueryView):
    def answer(self, acronym):
        entity = Entity.objects.filter(acronym=acronym).first()
        if entity is None:
            raise Http404(_("There is no entity “%s”.") % acronym)
        every = list(Statement.published.of_kinds().filter(entities=entity))
        said = [one for one in every if one.is_of_report]
        bodies = [one for one in said if one.kind == Kind.BODY]
        cubes, nothing = whole_links().entity, Cube([])
        context = {
            "entity": entity,
            "bodies": bodies,
            "parts": Statement.published.of_kinds(Kind.DETAIL).filter(parent__in=bodies),
            "seats": [one for one in said if one.kind == Kind.DETAIL],
            "statements": [one for one in said if one.kind not in (Kind.BODY, Kind.DETAIL)],
            "elsewhere": [one for one in every if not one.is_of_report],
            "projects": Selection(Asked.of(None, entity=[acronym])).rows[:PROJECTS_SHOWN],
            "naming": cubes.get(acronym, nothing).total,
            "unnamed": cubes.get(NOT_STATED, nothing).total,
        }
        return render(self.request, "reports/entity_detail.html", context)
