"""Public changes of statements and plans, on the same pages as those of projects."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.asking.fields import QueryForm
from projects.changes import ChangeFeed, Followed, Log, PageQuery, page_of, public_revisions
from projects.history import Revision, RevisionQuerySet
from projects.models import Entity, Project
from projects.models.reviewed import ReviewedModel
from projects.pages import QueryView, missing, record_or_404
from projects.vocabulary import Review

from ..models import Figure, Plan, Report, Statement

OF_STATEMENTS = Log(
    title=gettext_lazy("Changes of statements and plans"),
    one=gettext_lazy("Statement or plan"),
    page="statement-log",
    feed="statement-feed",
    other="change-log",
)


def revisions_of(model: type[ReviewedModel]) -> RevisionQuerySet:
    """Return the public changes of a model's records, newest first."""
    # Reasons of changes before the first review are private.
    reviewed = Q(new__has_key="review") | Q(new__isnull=True, old__has_key="review")
    found = public_revisions(model).filter(reviewed)
    if model is Statement:
        # A part is not public before its whole.
        parts = Statement.live.filter(parent__review=Review.DRAFT)
        return found.exclude(object_id__in=parts.order_by().values("pk"))
    return found


def every_revision() -> RevisionQuerySet:
    return revisions_of(Statement) | revisions_of(Plan)


class StatementLog(QueryView):
    reader_class = PageQuery

    def answer(self):
        return page_of(self.request, OF_STATEMENTS, every_revision(), self.reader.page_number, {})


class RecordChanges(QueryView):
    """The changes of one statement or plan, also of a deleted one."""

    reader_class = PageQuery
    model: type[ReviewedModel] = Statement

    def answer(self, key):
        record = self.model.published.filter(**{self.model.identifier: key}).first()
        revisions = revisions_of(self.model).of_keys([key])
        if record is None and not revisions.exists():
            raise missing(key)
        context = {"reference": key, "address": record.get_absolute_url() if record else ""}
        return page_of(self.request, OF_STATEMENTS, revisions, self.reader.page_number, context)


class StatementFeed(ChangeFeed):
    reader_class = QueryForm

    def get_object(self, request, reader, **named):
        return Followed(str(OF_STATEMENTS.title), reverse(OF_STATEMENTS.page), every_revision())


class EntityFeed(ChangeFeed):
    """What changed in an entity, and in the projects and statements that name it now."""

    reader_class = QueryForm

    def get_object(self, request, reader, acronym="", **named):
        entity = record_or_404(Entity.objects.all(), acronym=acronym)
        projects = Project.published.filter(entities=entity).values_list("reference", flat=True)
        statements = Statement.published.filter(entities=entity).values_list("code", flat=True)
        revisions = (
            public_revisions(Entity).of_keys([acronym])
            | public_revisions().of_keys(projects)
            | revisions_of(Statement).of_keys(statements)
        )
        return Followed(_("Changes to %s") % acronym, reverse("entity", args=[acronym]), revisions)


class ReportFeed(ChangeFeed):
    """What changed in a report and in its figures."""

    reader_class = QueryForm

    def get_object(self, request, reader, slug="", **named):
        report = record_or_404(Report.published.all(), slug=slug)
        figures = Revision.objects.of_model(Figure).filter(is_public=True)
        of_report = Q(new__report=report.symbol) | Q(old__report=report.symbol)
        revisions = public_revisions(Report).of_keys([report.symbol]) | figures.filter(of_report)
        return Followed(_("Changes to %s") % report, report.get_absolute_url(), revisions)
