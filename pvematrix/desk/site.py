"""The desk: Django's admin, with the work to be done on its first page."""

from functools import partial, wraps
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from projects import models as register
from projects.asking.recognized import number_in
from projects.elsewhere.models import Judgement, Record
from projects.history import Revision
from projects.models import data_version, reading_at
from projects.models.reviewed import ReviewedModel
from projects.text import fold
from reports import models as reports

from ..models import Account, AssistanceRequest, Expert
from . import statements
from .accounts import NEWS_AGE, AuthenticatorAdmin, RoleAdmin, StaffAdmin, news_of
from .batches import BatchAdmin, SecondPersonAdmin
from .corrections import CorrectionAdmin
from .editions import EditionAdmin
from .elsewhere import JudgementAdmin, RecordAdmin
from .forms import Extra
from .home import TO_REVIEW_NAMED, WRITTEN_BY, commands, entries, inbox, pages, work
from .lists import desk_address, refuse_impossible_addresses, require
from .persons import AssistanceRequestAdmin, ExpertAdmin
from .projects import CountryAdmin, EntityAdmin, ProjectAdmin
from .revisions import RevisionAdmin

# What the header's search finds, and the most that it names of each kind.
SEARCHED = (register.Project, reports.Statement, register.Entity, reports.Report)
HITS_NAMED = 8


class Desk(AdminSite):
    site_header = gettext_lazy("PVE matrix: the desk")
    site_title = gettext_lazy("PVE matrix")
    index_title = gettext_lazy("The desk")
    # The first page and the breadcrumbs link to everything; tables need the room.
    enable_nav_sidebar = False

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refuse_impossible_addresses(request)
            return guarded(request, *args, **kwargs)

        return checked

    def get_urls(self) -> list[Any]:
        # It would show all staff the address of any record, drafts included.
        urls = [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]
        search = path("search/", self.admin_view(self.search_view), name="search")
        review = path("review/", self.admin_view(self.review_view), name="review")
        news = path("news/", self.admin_view(require_POST(self.dismiss_view)), name="news")
        return [search, review, news, *urls]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        # Called by the header only: a popup has none.
        own = {"pages": partial(pages, request), "commands": partial(commands, request.user)}
        return super().each_context(request) | own

    def _page(self, request: HttpRequest, template: str, title: str, context: dict) -> HttpResponse:
        frame = {**self.each_context(request), "title": title}
        return TemplateResponse(request, f"admin/{template}.html", frame | context)

    def review_view(self, request: HttpRequest) -> HttpResponse:
        require(request.user.has_perm("projects.review_project"))
        found = entries("review", WRITTEN_BY, request.user, "review", TO_REVIEW_NAMED)
        return self._page(request, "to_review", _("Review"), {"to_review": found})

    def search_view(self, request: HttpRequest) -> HttpResponse:
        """Show what a search finds, by kind; a whole reference or command opens its page."""
        text = request.GET.get("q", "").strip()
        words = fold(text).split()
        offered = commands(request.user)
        for app in self.get_app_list(request):
            offered += [(str(one["name"]), one["admin_url"]) for one in app["models"]]
        named = [address for label, address in offered if fold(label) == fold(text)]
        tables = [self.get_model_admin(one) for one in SEARCHED] if words else []
        seen = [one for one in tables if one.has_view_permission(request)]
        named += [address for one in seen for address in _named(one, request, text)]
        if named:
            return redirect(named[0])
        context = {
            "searched": text,
            "found": [one for one in offered if all(word in fold(one[0]) for word in words)],
            "kinds": [kind for one in seen if (kind := _hits(one, request, text))["first"]],
        }
        return self._page(request, "search", _("Search"), context)

    def index(self, request: HttpRequest, extra_context: Extra = None) -> TemplateResponse:
        sees = request.user.has_perm("projects.view_project")
        # Counts of the published register are cached until it changes.
        with reading_at(data_version()):
            desk = work(request.user) | inbox(request.user) if sees else {}
        dismissed = request.COOKIES.get(f"news-{request.user.pk}", "")
        last = int(dismissed) if dismissed.isdecimal() and len(dismissed) < 19 else 0
        desk["news"] = [one for one in news_of(request.user) if one[0].pk > last]
        return super().index(request, desk | (extra_context or {}))

    def dismiss_view(self, request: HttpRequest) -> HttpResponse:
        """Show what changed in the account so far no more on the first page, in this browser."""
        response = redirect("admin:index")
        name = f"news-{request.user.pk}"
        for revision, _changes in news_of(request.user)[:1]:
            guarded: dict[str, Any] = {
                "httponly": True,
                "secure": request.is_secure(),
                "samesite": "Lax",
            }
            response.set_cookie(name, str(revision.pk), NEWS_AGE, **guarded)
        return response


def _named(table: ModelAdmin, request: HttpRequest, text: str) -> list[str]:
    """Return the address of the record whose whole reference the text is, if there is one."""
    model: Any = table.model
    if not issubclass(model, ReviewedModel):
        return []  # many search for an entity to find its projects
    number = number_in(text) if model is register.Project else None
    same = {"number": number} if number else {f"{model.identifier}__iexact": text}
    keys = table.get_queryset(request).filter(**same).values_list("pk", flat=True)
    return [desk_address(model, "change", pk) for pk in keys[:1]]


def _hits(table: ModelAdmin, request: HttpRequest, text: str) -> dict[str, Any]:
    """Return the first records that a list finds by a text, and the address of that list."""
    records, _doubles = table.get_search_results(request, table.get_queryset(request), text)
    first = list(records[: HITS_NAMED + 1])
    return {
        "name": table.opts.verbose_name_plural,
        "first": [(one, desk_address(table.model, "change", one.pk)) for one in first[:HITS_NAMED]],
        "more": len(first) > HITS_NAMED,
        "address": f"{desk_address(table.model, 'changelist')}?{urlencode({'q': text})}",
    }


# Not Django's default site: allauth and others register models there.
TABLES = {
    register.Project: ProjectAdmin,
    register.Entity: EntityAdmin,
    register.Country: CountryAdmin,
    register.Edition: EditionAdmin,
    register.Batch: BatchAdmin,
    register.SecondPerson: SecondPersonAdmin,
    register.Correction: CorrectionAdmin,
    Revision: RevisionAdmin,
    Record: RecordAdmin,
    Judgement: JudgementAdmin,
    reports.Report: statements.ReportAdmin,
    reports.Figure: statements.FigureAdmin,
    reports.Category: statements.CategoryAdmin,
    reports.Note: statements.NoteAdmin,
    reports.Document: statements.DocumentAdmin,
    reports.Paragraph: statements.ParagraphAdmin,
    reports.Statement: statements.StatementAdmin,
    Account: StaffAdmin,
    Group: RoleAdmin,
    Authenticator: AuthenticatorAdmin,
}
# Only with the setting STAFF_REGISTERS.
STAFF_REGISTERS = {Expert: ExpertAdmin, AssistanceRequest: AssistanceRequestAdmin}


def make_desk() -> Desk:
    made = Desk()
    # Records are deleted one by one, each with its reason.
    made.disable_action("delete_selected")
    tables = TABLES | (STAFF_REGISTERS if settings.STAFF_REGISTERS else {})
    for model, admin_class in tables.items():
        made.register(model, admin_class)
    return made


desk = make_desk()
