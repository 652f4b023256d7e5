"""Public changes of statements, entities and reports, on the same pages as those of projects."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.asking.fields import QueryForm
from projects.changes import ChangeFeed, Followed, Log, PageQuery, page_of, public_revisions
from projects.history import Revision, RevisionQuerySet
from projects.models import Entity, Project
from projects.pages import QueryView, missing, record_or_404
from projects.vocabulary import Review

from ..models import Figure, Report, Statement

OF_STATEMENTS = Log(
    title=gettext_lazy("Changes of statements"),
    one=gettext_lazy("Statement"),
    page="statement-log",
    other="change-log",
)


def revisions_of_statements() -> RevisionQuerySet:
    """Return the public changes of statements, newest first."""
    # Reasons of changes before the first review are private.
    reviewed = Q(new__has_key="review") | Q(new__isnull=True, old__has_key="review")
    # A part is not public before its whole.
    parts = Statement.live.filter(parent__review=Review.DRAFT).order_by().values("pk")
    return public_revisions(Statement).filter(reviewed).exclude(object_id__in=parts)


class StatementLog(QueryView):
    """The changes of all statements, newest first, 50 on a page."""

    reader_class = PageQuery

    def answer(self) -> HttpResponse:
        found = revisions_of_statements()
        return page_of(self.request, OF_STATEMENTS, found, self.reader.page_number, {})


class StatementChanges(QueryView):
    """The changes of one statement, also of a deleted one."""

    reader_class = PageQuery

    def answer(self, key: str) -> HttpResponse:
        record = Statement.published.filter(code=key).first()
        revisions = revisions_of_statements().of_keys([key])
        if record is None and not revisions.exists():
            raise missing(key)
        context = {"reference": key, "address": record.get_absolute_url() if record else ""}
        return page_of(self.request, OF_STATEMENTS, revisions, self.reader.page_number, context)


class EntityFeed(ChangeFeed):
    """What changed in an entity, and in the projects and statements that name it now."""

    reader_class = QueryForm

    def get_object(
        self, request: HttpRequest, reader: Any, acronym: str = "", **named: Any
    ) -> Followed:
        entity = record_or_404(Entity.objects.public(), acronym=acronym)
        projects = Project.published.filter(entities=entity).values_list("reference", flat=True)
        statements = Statement.published.filter(entities=entity).values_list("code", flat=True)
        revisions = (
            public_revisions(Entity).of_keys([acronym])
            | public_revisions().of_keys(projects)
            | revisions_of_statements().of_keys(statements)
        )
        return Followed(_("Changes to %s") % acronym, reverse("entity", args=[acronym]), revisions)


class ReportFeed(ChangeFeed):
    """What changed in a report and in its figures."""

    reader_class = QueryForm

    def get_object(
        self, request: HttpRequest, reader: Any, slug: str = "", **named: Any
    ) -> Followed:
        report = record_or_404(Report.published.all(), slug=slug)
        figures = Revision.objects.of_model(Figure).filter(is_public=True)
        of_report = Q(new__report=report.symbol) | Q(old__report=report.symbol)
        revisions = public_revisions(Report).of_keys([report.symbol]) | figures.filter(of_report)
        return Followed(_("Changes to %s") % report, report.get_absolute_url(), revisions)
