"""The public pages that are found by name, each declared once.

Their addresses, the header's menu, the tabs of the report's pages, the sitemap and the names that
the search suggests follow from this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views import View

from projects.changes import ChangeLog
from reports import drafting, editions, views
from reports.library import views as library
from reports.library.changes import StatementLog

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
        menu=("breakdown", "draft", "report-detail"),
    ),
    Page("draft", "reports/draft/", drafting.Draft, _("Draft paragraphs")),
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
        options={"page": "library"},
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
