"""The public pages that are found by name, each declared once, and what crawlers find.

The pages' addresses, the header's menu, the tabs of the report's pages, the sitemap and the names
that the search suggests follow from the table. The sitemap has no filters' endless links.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.contrib.sitemaps import GenericSitemap, Sitemap
from django.contrib.sitemaps import views as sitemaps
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views import View

from projects.changes import ChangeLog
from projects.models import Edition, Entity, Project
from projects.pages import ReadOnlyView
from reports import drafting, editions, views
from reports.breakdowns import BREAKDOWNS
from reports.library import views as library
from reports.library.changes import StatementLog
from reports.models import Document, Report, Statement

from .api.documentation import Documentation


@dataclass(frozen=True)
class Page:
    """A page: the name of its address, the address, its view with `options`, and its title.

    `tab` is its name among the pages of the report, if it is one of these. With `menu` it is in the
    header, where it is also the current page of addresses whose names begin with one of these.
    """

    name: str
    address: str
    view: type[View]
    title: str | Promise
    tab: str | Promise = ""
    menu: tuple[str, ...] | None = None
    options: Mapping[str, str] = field(default_factory=dict)


PAGES = (
    Page("overview", "", views.Overview, _("Overview"), menu=(), options={"api": "api-contents"}),
    Page(
        "project-list",
        "projects/",
        library.ProjectsAndReport,
        _("Projects"),
        menu=("project-", "change-log", "correction-received"),
    ),
    Page("compare", "reports/compare/", views.Compare, _("Compare"), menu=()),
    Page("cross-table", "reports/cross-table/", views.CrossTablePage, _("Cross-table"), menu=()),
    Page(
        "report-list",
        "reports/",
        views.ReportList,
        _("Reports"),
        menu=("breakdown", "draft", "report-detail", "series"),
    ),
    Page("series", "reports/series/", views.Series, _("Later counts")),
    Page("draft", "reports/draft/", drafting.Draft, _("Text for your report")),
    Page(
        "contents",
        "report/",
        library.Contents,
        _("The report"),
        tab=_("Contents"),
        menu=("document-text", "entity", "plan-", "statement"),
    ),
    Page(
        "library",
        "library/",
        library.StatementView,
        _("Library of practices, lessons and experiences"),
        tab=_("Library"),
    ),
    Page("evidence", "evidence/", library.Evidence, _("Evidence"), tab=_("Evidence")),
    Page("events", "events/", library.Events, _("Events"), tab=_("Events")),
    Page("entities", "entities/", library.EntityList, _("Entities and bodies"), tab=_("Entities")),
    Page("plans", "plans/", library.Plans, _("Plans and measures"), tab=_("Plans and measures")),
    Page("statements", "statements/", library.Statements, _("Statements")),
    Page(
        "edition-list",
        "editions/",
        editions.EditionList,
        _("Editions"),
        menu=("edition-", "changes"),
    ),
    Page("change-log", "projects/changes/", ChangeLog, _("Changes")),
    Page(
        "statement-log", "statements/changes/", StatementLog, _("Changes of statements and plans")
    ),
    Page("quality", "about/quality/", views.Quality, _("Quality of the data")),
    Page("api", "api/", Documentation, _("The register as data: API, JSON, CSV")),
    Page("about", "about/", views.About, _("About"), menu=("quality",), options={"api": "api"}),
)


class Pages(Sitemap):
    def items(self):
        breakdowns = (reverse("breakdown", args=[slug]) for slug in BREAKDOWNS)
        texts = (document.text_address for document in Document.objects.with_text())
        return [*(reverse(page.name) for page in PAGES), *breakdowns, *texts]

    def location(self, item):
        return item


class Statements(Sitemap):
    def items(self):
        acronyms = Entity.objects.order_by("acronym").values_list("acronym", flat=True)
        entities = (reverse("entity", args=[acronym]) for acronym in acronyms)
        return [*(one.own_address for one in Statement.published.only("code")), *entities]

    def location(self, item):
        return item


class Records(Sitemap):
    def items(self):
        return [*Report.published.order_by("pk"), *Edition.objects.order_by("pk")]


class SitemapPart(ReadOnlyView):
    """A sitemap, or without a section their index."""

    def get(self, request, section=None):
        if section:
            return sitemaps.sitemap(request, SITEMAPS, section)
        return sitemaps.index(request, SITEMAPS, sitemap_url_name="sitemap-part")


PROJECTS = Project.published.order_by("number").only("reference", "updated_at", "edition_id")
SITEMAPS: dict[str, type[Sitemap] | Sitemap] = {
    "pages": Pages,
    "projects": GenericSitemap({"queryset": PROJECTS, "date_field": "updated_at"}),
    "statements": Statements,
    "records": Records,
}


class Robots(ReadOnlyView):
    """Crawlers get no address with a question mark, and none of staff."""

    def get(self, request):
        sitemap = request.build_absolute_uri(reverse("sitemap"))
        lines = ["User-agent: *", "Disallow: /*?", "Disallow: /admin/", "Disallow: /accounts/"]
        text = "\n".join([*lines, f"Sitemap: {sitemap}"]) + "\n"
        return HttpResponse(text, content_type="text/plain; charset=utf-8")
