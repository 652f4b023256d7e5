"""The public pages that are found by name, each declared once, and what crawlers find.

The pages' addresses, the header's menu, the lists of its index pages, the sitemap and the names
that the search suggests follow from the table. The sitemap has no filters' endless links.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemaps
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views import View

from projects.asking.published import shown
from projects.changes import ChangeLog
from projects.elsewhere.views import ElsewhereList
from projects.languages import in_language, is_translated, languages
from projects.models import Edition, Entity, Project
from projects.pages import CONTENT_TYPES, ReadOnlyView
from reports import compare, editions, views
from reports.breakdowns import BREAKDOWNS
from reports.check.views import Check
from reports.library import views as library
from reports.models import Document, Report, Statement

from .api.documentation import Documentation


def _slug_of(record: Any) -> str:
    return record.slug if record else ""


def _text() -> str:
    return _slug_of(Document.objects.with_text().filter(is_the_report=True).first())


@dataclass(frozen=True)
class Page:
    """A page: the name of its address, its title, and the menu that it is in.

    A menu has the name of its index page, which lists its pages by title and `note`. A page without
    a view has its address in the `urls.py` of an app, where `slug` returns what it takes, empty if
    there is no such page now. `part` is the anchor of a page that is a part of another.
    """

    name: str
    title: str | Promise
    note: str | Promise = ""
    view: type[View] | None = None
    address: str | None = None  # None: that of the name
    options: Mapping[str, Any] = field(default_factory=dict)
    slug: Callable[[], str] | None = None
    part: str = ""
    menu: str = ""
    label: str | Promise = ""  # in the header, if not the title

    @property
    def route(self) -> str:
        return f"{self.name}/" if self.address is None else self.address

    @property
    def location(self) -> str:
        slug = self.slug() if self.slug else ""
        if self.slug and not slug:
            return ""
        found = reverse(self.name, args=[slug] if slug else None)
        return f"{found}#{self.part}" if self.part else found


def _breakdown(slug: str, note: str | Promise) -> Page:
    _dimension, title = BREAKDOWNS[slug]
    return Page("breakdown", title, note, slug=lambda: slug)


# The menus, by the names of their index pages: what the names of the other addresses begin with
# whose pages belong to them.
MENUS = {
    "overview": (),
    "project-list": ("project-", "correction-received", "elsewhere-"),
    "report-list": (),
    "contents": ("entity", "paragraph", "statement"),
    "about": ("edition-", "changes"),
}


def _in_menus(*pages: Page) -> Iterator[Page]:
    """Yield the pages, each in the menu of the last index page before it."""
    menu = ""
    for one in pages:
        menu = one.name if one.name in MENUS else menu
        yield replace(one, menu=menu)


PAGES = tuple(
    _in_menus(
        Page(
            "overview",
            _("Overview"),
            view=views.Overview,
            address="",
            options={"api": "api-contents"},
        ),
        Page("project-list", _("Projects"), view=library.ProjectsAndReport, address="projects/"),
        Page(
            "elsewhere",
            _("Projects elsewhere"),
            _("Real projects that other publishers describe; not counted here."),
            ElsewhereList,
        ),
        Page(
            "change-log",
            _("Changes"),
            _("What changed in projects, and why."),
            ChangeLog,
            "projects/changes/",
        ),
        Page(
            "report-list",
            _("Published counts"),
            view=views.ReportList,
            address="reports/",
            label=_("Figures"),
        ),
        _breakdown("priority-area", _("Projects by what they work on.")),
        _breakdown("scope", _("Projects by scope.")),
        _breakdown("region", _("Projects counted in each region.")),
        Page(
            "cross-table",
            _("Two-way table"),
            _("Two of area, scope and region, cell by cell."),
            views.CrossTablePage,
            "reports/cross-table/",
        ),
        Page(
            "compare",
            _("Compare"),
            _("Two sets of projects side by side."),
            compare.Compare,
            "reports/compare/",
        ),
        Page(
            "report-detail",
            _("Compared with the report"),
            _("The report’s totals and this register’s."),
            slug=lambda: _slug_of(shown().about),
        ),
        Page(
            "check",
            _("Check a text"),
            _("Which numbers of a draft hold."),
            Check,
        ),
        Page("contents", _("The report"), view=library.Contents, address="report/"),
        Page("document-text", _("Full text"), _("Every paragraph of the report."), slug=_text),
        Page("statements", _("Statements"), _("All, with filters."), library.Statements),
        Page("entities", _("Organizations"), _("Who is named, and for what."), library.EntityList),
        Page("about", _("About and data"), view=views.About, options={"api": "api"}),
        Page("about", _("How sure is a number?"), _("How a number is known."), part="states"),
        Page(
            "api",
            _("Data and API"),
            _("Files and web addresses; no access key is needed."),
            Documentation,
        ),
        Page("about", _("Data dictionary"), _("The columns of the files."), part="columns"),
        Page(
            "edition-list",
            _("Editions"),
            _("Fixed copies of the register, to cite."),
            editions.EditionList,
            "editions/",
        ),
    )
)


def _pages() -> Iterator[str]:
    pages = [page.location for page in PAGES if not page.part]
    texts = [document.text_address for document in Document.objects.with_text()]
    yield from dict.fromkeys(filter(None, [*pages, *texts]))


def _statements() -> Iterator[str]:
    yield from (one.get_absolute_url() for one in Statement.published.only("code"))
    acronyms = Entity.objects.public().order_by("acronym").values_list("acronym", flat=True)
    yield from (reverse("entity", args=[acronym]) for acronym in acronyms)


def _records() -> Iterator[str]:
    yield from (one.get_absolute_url() for one in Report.published.order_by("pk"))
    editions = Edition.objects.order_by("pk").values_list("slug", flat=True)
    yield from (reverse("edition-detail", args=[slug]) for slug in editions)


def _projects() -> Iterator[tuple[str, datetime]]:
    projects = Project.published.order_by("number").only("reference", "updated_at", "edition_id")
    yield from ((one.get_absolute_url(), one.updated_at) for one in projects)


class Part(Sitemap):
    """Addresses in each language; `found` yields the English ones, some with their last change."""

    i18n = alternates = x_default = property(lambda self: len(languages()) > 1)

    def __init__(self, found: Callable[[], Iterator[Any]]) -> None:
        self.found = found

    def items(self) -> list[Any]:
        return [one if isinstance(one, tuple) else (one, None) for one in self.found()]

    def get_languages_for_item(self, item: tuple[str, Any]) -> list[str]:
        return languages() if is_translated(item[0]) else [settings.LANGUAGE_CODE]

    def location(self, item: tuple[str, Any]) -> str:
        return in_language(item[0], get_language() or "")

    def lastmod(self, item: tuple[str, Any]) -> datetime | None:
        return item[1]


class SitemapPart(ReadOnlyView):
    """A sitemap, or without a section their index."""

    def get(self, request: HttpRequest, section: str | None = None) -> HttpResponseBase:
        if section:
            return sitemaps.sitemap(request, SITEMAPS, section)
        return sitemaps.index(request, SITEMAPS, sitemap_url_name="sitemap-part")


SITEMAPS: dict[str, type[Sitemap] | Sitemap] = {
    "pages": Part(_pages),
    "projects": Part(_projects),
    "statements": Part(_statements),
    "records": Part(_records),
}


class Robots(ReadOnlyView):
    """Crawlers get no address with a question mark but editions' files, and none of staff."""

    def get(self, request: HttpRequest) -> HttpResponse:
        known = {"sitemap": request.build_absolute_uri(reverse("sitemap"))}
        return render(request, "robots.txt", known, content_type=CONTENT_TYPES["txt"])
