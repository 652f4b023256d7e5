"""The public pages that are found by name, each declared once, and what crawlers find.

The pages' addresses, the header's menu, the lists of its index pages, the sitemap and the names
that the search suggests follow from the table. The sitemap has no filters' endless links.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.contrib.sitemaps import GenericSitemap, Sitemap
from django.contrib.sitemaps import views as sitemaps
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views import View

from projects.asking.answers import shown
from projects.changes import ChangeLog
from projects.models import Edition, Entity, Project
from projects.pages import ReadOnlyView
from reports import drafting, editions, views
from reports.breakdowns import BREAKDOWNS
from reports.library import views as library
from reports.library.changes import StatementLog
from reports.models import Document, Report, Statement

from .api.documentation import Documentation


def _basis() -> str:
    report = shown().about
    return report.slug if report else ""


def _text() -> str:
    found = Document.objects.with_text().filter(is_the_report=True).first()
    return found.slug if found else ""


@dataclass(frozen=True)
class Page:
    """A page: the name of its address, its title, and the menu that it is in.

    A menu has the name of its index page, which lists its pages by title and `note`. A page without
    a view has its address in the `urls.py` of an app, where `slug` returns what it takes, empty if
    there is no such page now. `part` is the anchor of a page that is a part of another.
    """

    name: str
    title: str | Promise
    menu: str
    note: str | Promise = ""
    address: str = ""
    view: type[View] | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    slug: Callable[[], str] | None = None
    part: str = ""

    @property
    def location(self) -> str:
        slug = self.slug() if self.slug else ""
        if self.slug and not slug:
            return ""
        found = reverse(self.name, args=[slug] if slug else None)
        return f"{found}#{self.part}" if self.part else found


def _breakdown(slug: str, note: str | Promise) -> Page:
    _dimension, title = BREAKDOWNS[slug]
    return Page("breakdown", title, "report-list", note, slug=lambda: slug)


# The menus, by the names of their index pages: what the names of the other addresses begin with
# whose pages belong to them.
MENUS = {
    "overview": (),
    "project-list": ("project-", "correction-received"),
    "report-list": (),
    "contents": ("entity", "plan-", "statement"),
    "about": ("edition-", "changes"),
}
PAGES = (
    Page(
        "overview",
        _("Overview"),
        "overview",
        view=views.Overview,
        options={"api": "api-contents"},
    ),
    Page(
        "project-list",
        _("Projects"),
        "project-list",
        address="projects/",
        view=library.ProjectsAndReport,
    ),
    Page(
        "change-log",
        _("Changes"),
        "project-list",
        _("What was changed in which project, when and why."),
        "projects/changes/",
        ChangeLog,
    ),
    Page("report-list", _("Figures"), "report-list", address="reports/", view=views.ReportList),
    _breakdown("priority-area", _("How the projects divide by what they work on.")),
    _breakdown("scope", _("How the projects divide by how far they reach.")),
    _breakdown("region", _("How many of them are counted in each region.")),
    Page(
        "cross-table",
        _("Two-way table"),
        "report-list",
        _("Any two of area, scope, region, entity, status and provenance, cell by cell."),
        "reports/cross-table/",
        views.CrossTablePage,
    ),
    Page(
        "compare",
        _("Compare"),
        "report-list",
        _("Two sets of projects side by side."),
        "reports/compare/",
        views.Compare,
    ),
    Page(
        "series",
        _("Series"),
        "report-list",
        _("What each report counts, the later ones too: no two of them the same."),
        "reports/series/",
        views.Series,
    ),
    Page(
        "report-detail",
        _("Compared with the report"),
        "report-list",
        _("Every total that the report prints, and what this register has."),
        slug=_basis,
    ),
    Page(
        "draft",
        _("Text for your report"),
        "report-list",
        _("The figures in sentences that can be copied."),
        "reports/draft/",
        drafting.Draft,
    ),
    Page("contents", _("The report"), "contents", address="report/", view=library.Contents),
    Page(
        "document-text",
        _("Full text"),
        "contents",
        _("Every paragraph, and what this site has of it."),
        slug=_text,
    ),
    Page(
        "library",
        _("What was learned"),
        "contents",
        _("Practices, lessons and experiences."),
        "library/",
        library.StatementView,
    ),
    Page(
        "plans",
        _("What is asked, and of whom"),
        "contents",
        _("Measures, and plans of action."),
        "plans/",
        library.Plans,
    ),
    Page(
        "evidence",
        _("Why people join: what studies found"),
        "contents",
        _("Findings of studies, and causes."),
        "evidence/",
        library.Evidence,
    ),
    Page(
        "entities",
        _("Organizations"),
        "contents",
        _("Who is named, and for what."),
        "entities/",
        library.EntityList,
    ),
    Page(
        "events",
        _("Events"),
        "contents",
        _("What happened, and what was planned."),
        "events/",
        library.Events,
    ),
    Page(
        "statements",
        _("All statements"),
        "contents",
        _("Everything taken from reports, in one list with filters."),
        "statements/",
        library.Statements,
    ),
    Page(
        "statement-log",
        _("Changes of statements and plans"),
        "contents",
        _("What was changed in them, when and why."),
        "statements/changes/",
        StatementLog,
    ),
    Page(
        "about",
        _("About and data"),
        "about",
        address="about/",
        view=views.About,
        options={"api": "api"},
    ),
    Page(
        "about",
        _("How sure is a number?"),
        "about",
        _("Published, not stated, described, entries: what each means."),
        part="states",
    ),
    Page(
        "api",
        _("Data and API"),
        "about",
        _("Files and addresses for programs, without a key."),
        "api/",
        Documentation,
    ),
    Page(
        "about",
        _("Data dictionary"),
        "about",
        _("The columns of the files, and what they may have."),
        part="columns",
    ),
    Page(
        "edition-list",
        _("Editions"),
        "about",
        _("Fixed copies of the register, to cite."),
        "editions/",
        editions.EditionList,
    ),
    Page(
        "quality",
        _("Quality of the register"),
        "about",
        _("What is not known yet of the projects."),
        "about/quality/",
        views.Quality,
    ),
)


class Pages(Sitemap):
    def items(self):
        pages = [page.location for page in PAGES if not page.part]
        texts = [document.text_address for document in Document.objects.with_text()]
        return [*dict.fromkeys(filter(None, [*pages, *texts]))]

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
