"""Public changes of statements and plans, on the same pages as those of projects."""

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.changes import ChangeFeed, Log, PageQuery, PublicChange, page_of, public_revisions
from projects.history import RevisionQuerySet
from projects.models.reviewed import ReviewedModel
from projects.pages import QueryView
from projects.vocabulary import Review

from ..models import Plan, Statement

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


def changes_shown(code: str, most: int) -> list[PublicChange]:
    return [PublicChange(one) for one in revisions_of(Statement).of_keys([code])[:most]]


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
            raise Http404(_("Nothing is called “%s”.") % key)
        context = {"reference": key, "address": record.get_absolute_url() if record else ""}
        return page_of(self.request, OF_STATEMENTS, revisions, self.reader.page_number, context)


class StatementFeed(ChangeFeed):
    title = gettext_lazy("pvematrix: changes of statements and plans")
    subtitle = gettext_lazy("What changed in which statement or plan, and why.")
    log = OF_STATEMENTS

    def revisions(self):
        return every_revision()

    def item_title(self, item):
        return f"{super().item_title(item)}: {item.title}"
