from django.urls import path, re_path

from projects.corrections import Correct, CorrectionReceived
from projects.views import IatiExport

from . import data_package, drafting, editions, illustrations, records, views
from .breakdowns import BREAKDOWNS
from .library import changes
from .library import views as library
from .models import Plan

SLUG = f"(?P<slug>{'|'.join(BREAKDOWNS)})"


def file(address: str, extensions: str, view, name: str):
    """Return the address of files that differ in their extension alone."""
    return re_path(rf"^{address}\.(?P<extension>{extensions})\Z", view.as_view(), name=name)


urlpatterns = [
    path(
        "projects/<reference:reference>/", library.ProjectAndReport.as_view(), name="project-detail"
    ),
    re_path(
        r"^projects/export\.(?P<extension>iati\.xml)\Z",
        IatiExport.as_view(about="about"),
        name="export",
    ),
    re_path(rf"^reports/{SLUG}/\Z", views.BreakdownDetail.as_view(), name="breakdown"),
    path("answer/", views.AnswerTo.as_view(), {"extension": "json"}, name="answer"),
    re_path(rf"^embed/{SLUG}/\Z", views.Embed.as_view(), name="embed"),
    file(f"reports/{SLUG}", "csv|json", views.BreakdownData, "breakdown-data"),
    file(f"reports/{SLUG}/figure", "json", views.BreakdownFigure, "figure"),
    file(f"reports/{SLUG}/picture", "svg", illustrations.Picture, "picture"),
    file(
        f"reports/{illustrations.MATRIX}/picture",
        "svg",
        illustrations.MatrixPicture,
        "matrix-picture",
    ),
    path(
        "projects/<reference:reference>/card.png",
        illustrations.ProjectCard.as_view(),
        name="project-card",
    ),
    path("entities/<acronym>/card.png", illustrations.EntityCard.as_view(), name="entity-card"),
    file("reports/cross-table", "csv|xlsx|json", views.CrossTableData, "cross-table-data"),
    file("reports/compare/picture", "svg", illustrations.ComparisonPicture, "comparison-picture"),
    path(
        "reports/compare.csv",
        views.CompareData.as_view(),
        {"extension": "csv"},
        name="compare-data",
    ),
    path("reports/draft.txt", drafting.Draft.as_view(), {"extension": "txt"}, name="draft-text"),
    file("reports/draft", "docx", drafting.DraftDocument, "draft-file"),
    path("editions/<slug:slug>/", editions.EditionDetail.as_view(), name="edition-detail"),
    path("editions/<slug:slug>/card.png", illustrations.EditionCard.as_view(), name="edition-card"),
    path(
        "editions/<slug:slug>/quotations.csv",
        editions.EditionQuotations.as_view(),
        name="edition-quotations",
    ),
    path(
        "editions/<slug:slug>/datapackage.zip",
        data_package.EditionPackage.as_view(),
        {"extension": "zip"},
        name="edition-package",
    ),
    path(
        "datapackage.json",
        data_package.DataPackage.as_view(),
        {"extension": "json"},
        name="data-package",
    ),
    file("(?P<name>entities|figures)", "csv|json", data_package.ResourceData, "resource-data"),
    path("editions/<slug:old>/changes/<slug:new>/", editions.Changes.as_view(), name="changes"),
    file(
        r"editions/(?P<old>[-\w]+)/changes/(?P<new>[-\w]+)",
        "csv|json",
        editions.ChangesData,
        "changes-data",
    ),
    path("reports/<slug:slug>/", views.ReportDetail.as_view(), name="report-detail"),
    path("reports/<slug:slug>/text/", library.DocumentText.as_view(), name="document-text"),
    path("events.ics", library.EventCalendar.as_view(), name="event-calendar"),
    path(
        "plans/<slug:key>/changes/", changes.RecordChanges.as_view(model=Plan), name="plan-changes"
    ),
    path("plans/<slug:key>/correct/", Correct.as_view(of=library.PLANS), name="plan-correct"),
    path(
        "plans/<slug:key>/correct/<int:number>/",
        CorrectionReceived.as_view(of=library.PLANS),
        name="plan-correction-received",
    ),
    file("plans", "csv|json|xlsx", records.PlanData, "plan-data"),
    path("entities/<str:acronym>/", library.EntityDetail.as_view(), name="entity"),
    path("statements/changes.atom", changes.StatementFeed(), name="statement-feed"),
    path(
        "statements/<str:key>/changes/", changes.RecordChanges.as_view(), name="statement-changes"
    ),
    path(
        "statements/<str:key>/correct/",
        Correct.as_view(of=library.STATEMENTS),
        name="statement-correct",
    ),
    re_path(
        r"^statements/(?P<key>[^/]+)/correct/(?P<number>[0-9]{1,9})/\Z",
        CorrectionReceived.as_view(of=library.STATEMENTS),
        name="statement-correction-received",
    ),
    path("statements/<str:code>/", library.StatementDetail.as_view(), name="statement"),
    file("statements", "csv|json|xlsx", records.StatementData, "statement-data"),
]
