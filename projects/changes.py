"""The public log of changes: values and reasons, not who made them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .asking import ProjectFilter
from .asking.fields import PageField, QueryForm, without_tracking
from .asking.links import suffix_of
from .asking.phrases import subject_of
from .asking.published import shown
from .asking.selection import editions
from .citations import labelled
from .columns import PROJECT_TABLE, QUOTATIONS
from .cube import stated
from .editions import changes
from .history import (
    Action,
    FieldChange,
    RecordedModel,
    Revision,
    RevisionQuerySet,
)
from .list_filters import ListFilter
from .models import Project, cached
from .pages import CONTENT_TYPES, Cached, FilteredView, QueryView, missing, redirect_to_merged
from .vocabulary import Review

CHANGES_A_PAGE, CHANGES_NAMED = 50, 3
TITLE = gettext_lazy("Changes of the register")


@dataclass(frozen=True)
class PublicChange:
    """A revision without its author and review state, which only staff see."""

    revision: Revision

    @property
    def action(self) -> Action:
        """The action for the public: publishing a draft adds the entry."""
        old, new = self.revision.old or {}, self.revision.new or {}
        published = old.get("review") == Review.DRAFT and new.get("review") == Review.REVIEWED
        return Action.ADDED if published else Action(self.revision.action)

    @property
    def fields(self) -> list[FieldChange]:
        """The changed columns; none for an entry that was added or deleted."""
        if self.action != Action.CHANGED:
            return []
        old, new = self.revision.old or {}, self.revision.new or {}
        aside = Review.SET_ASIDE in (old.get("review"), new.get("review"))
        found = self.revision.changes
        if self.revision.record_model is Project:
            found = Project.differences(stated(old), stated(new))
        return [one for one in found if aside or one.column != "review"]

    @property
    def labels(self) -> list[str | Promise]:
        columns = PROJECT_TABLE.by_name
        names = dict.fromkeys(change.column.partition(".")[0] for change in self.fields)
        labels = {name: columns[name].label for name in names if name in columns}
        return [*labels.values(), *([_("Quotations")] if QUOTATIONS.name in names else [])]


def public_revisions(model: type[RecordedModel] = Project) -> RevisionQuerySet:
    """Return a model's public revisions, newest first."""
    return Revision.objects.of_model(model).filter(is_public=True).order_by("-pk")


def changes_of(reference: str) -> list[PublicChange]:
    return [PublicChange(one) for one in public_revisions().of_keys([reference])[:CHANGES_NAMED]]


@cached
def between_editions() -> dict[str, Any]:
    """Return the two newest editions, and which described entries changed from one to the other."""
    new, old = [*editions(), None, None][:2]
    found = changes(old, new) if old else ()
    return {"old": old, "new": new, "changed": [one.row["reference"] for one in found]}


class PageQuery(QueryForm):
    page = PageField()

    @property
    def page_number(self) -> int:
        return int((self.cleaned_data["page"] or ["1"])[0])


def page_of(
    request: HttpRequest, revisions: RevisionQuerySet, number: int, context: dict
) -> HttpResponse:
    """Return a page of a log; Http404 beyond the last."""
    paginator = Paginator(revisions, CHANGES_A_PAGE)
    if number > paginator.num_pages:
        raise missing(str(number))
    page = paginator.page(number)
    context |= {"page": page, "changes": [PublicChange(revision) for revision in page]}
    return render(request, "projects/change_log.html", context)


class ChangeLog(FilteredView):
    """The register's changes, newest first; with filters, those of the entries that match now."""

    reader_class = ListFilter

    def answer(self) -> HttpResponse:
        revisions = public_revisions()
        subject = subject_of(self.asked)
        context = self.context(str(TITLE), of_register=False)
        context["title"] = labelled(TITLE, subject) if subject else TITLE
        if self.asked.is_filtered or self.asked.edition:
            revisions = revisions.of_keys(self.selection.rows.references())
        else:
            context["between"] = between_editions()
        context["feed"] = f"{reverse('change-feed')}{suffix_of(self.asked.narrowing)}"
        return page_of(self.request, revisions, self.asked.page, context)


class ProjectChanges(QueryView):
    """The changes of one project, newest first, 50 on a page."""

    reader_class = PageQuery

    def answer(self, reference: str) -> HttpResponse:
        revisions = public_revisions().of_keys([reference])
        entry = Project.live.with_page().filter(reference=reference).first()
        if entry is None and not revisions.exists():
            raise missing(reference)
        if entry and entry.merged_into:
            return redirect_to_merged(self.request, entry)
        address = entry.get_absolute_url() if entry else ""
        title = _("Changes to %s") % reference
        context: dict[str, Any] = {"title": title, "reference": reference, "address": address}
        between = between_editions()
        context["between"] = between if reference in between["changed"] else {}
        return page_of(self.request, revisions, self.reader.page_number, context)


class AtomFeed(Atom1Feed):
    """Atom as RFC 4287 has it: a feed without entries is as old as the figures of the report.

    Atom wants a moment: of a report dated by its year or month it is the first that it can be.
    """

    def latest_post_date(self) -> datetime:
        if self.items:
            return super().latest_post_date()
        day = date.fromisoformat(f"{shown().date or '1970'}-01-01"[:10])
        return datetime.combine(day, time(), UTC)


@dataclass(frozen=True)
class Followed:
    """What a feed is of: its title, the page of the same changes, and their revisions."""

    title: str
    page: str
    revisions: RevisionQuerySet


class ChangeFeed(Cached, Feed):
    """A feed of changes: of the entries that match now, or of all without filters."""

    csrf_exempt = True  # as in ReadOnlyView
    feed_type = AtomFeed
    author_name = gettext_lazy("PVE matrix")
    item_guid_is_permalink = False

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            return HttpResponseNotAllowed(["GET", "HEAD", "OPTIONS"])
        reader: Any = ProjectFilter(without_tracking(request.GET))
        if not reader.is_valid():
            text = "\n".join(reader.messages) + "\n"
            return HttpResponse(text, status=400, content_type=CONTENT_TYPES["txt"])
        return super().__call__(request, reader, **kwargs)

    def get_object(self, request: HttpRequest, reader: Any) -> Followed:
        asked, selection = reader.asked, reader.selection
        page = reverse("change-log")
        if not asked.is_filtered and not asked.edition:
            return Followed(str(TITLE), page, public_revisions())
        revisions = public_revisions().of_keys(selection.rows.references())
        subject = subject_of(asked) or asked.edition
        return Followed(labelled(TITLE, subject), f"{page}{suffix_of(asked)}", revisions)

    def title(self, followed: Followed) -> str:
        return labelled(_("PVE matrix"), followed.title)

    def link(self, followed: Followed) -> str:
        return followed.page

    def items(self, followed: Followed) -> list[PublicChange]:
        return [PublicChange(revision) for revision in followed.revisions[:CHANGES_A_PAGE]]

    def item_title(self, item: PublicChange) -> str:
        return labelled(item.revision.key, item.action.label)

    def item_description(self, item: PublicChange) -> str:
        lines: list[str] = [item.revision.reason] if item.revision.reason else []
        for field in item.fields:
            lines.append(labelled(field.column, f"{field.old or '—'} → {field.new or '—'}"))
        return format_html_join("", "<p>{}</p>", ((line,) for line in lines))

    def item_link(self, item: PublicChange) -> str:
        return reverse("project-changes", args=[item.revision.key])

    def item_guid(self, item: PublicChange) -> str:
        return f"tag:pvematrix,2026:revision:{item.revision.pk}"

    def item_updateddate(self, item: PublicChange) -> datetime:
        return item.revision.at

    item_pubdate = item_updateddate
