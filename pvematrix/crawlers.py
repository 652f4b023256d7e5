"""Sitemaps and robots.txt: the pages worth finding, without the endless links of filters."""

from django.contrib.sitemaps import Sitemap, views
from django.http import HttpResponse
from django.urls import reverse

from projects.models import Edition, Entity, Project
from projects.pages import ReadOnlyView
from reports.breakdowns import BREAKDOWNS
from reports.models import Document, Report, Statement

from .pages import PAGES


class Pages(Sitemap):
    def items(self):
        breakdowns = (reverse("breakdown", args=[slug]) for slug in BREAKDOWNS)
        texts = (document.text_address for document in Document.objects.with_text())
        return [*(reverse(page.name) for page in PAGES), *breakdowns, *texts]

    def location(self, item):
        return item


class Published(Sitemap):
    def items(self):
        return Project.published.order_by("number").only("reference", "updated_at", "edition_id")

    def lastmod(self, item):
        return item.updated_at


class Statements(Sitemap):
    def items(self):
        acronyms = Entity.objects.order_by("acronym").values_list("acronym", flat=True)
        entities = (reverse("entity", args=[acronym]) for acronym in acronyms)
        return [*(one.own_address for one in Statement.published.only("code")), *entities]

    def location(self, item):
        return item


class Records(Sitemap):
    def items(self):
        return [*Report.objects.order_by("pk"), *Edition.objects.order_by("pk")]


class SitemapPart(ReadOnlyView):
    """A sitemap, or without a section their index."""

    def get(self, request, section=None):
        if section:
            return views.sitemap(request, SITEMAPS, section)
        return views.index(request, SITEMAPS, sitemap_url_name="sitemap-part")


SITEMAPS: dict[str, type[Sitemap] | Sitemap] = {
    "pages": Pages,
    "projects": Published,
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
