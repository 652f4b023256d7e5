from django.urls import path, re_path

from projects.corrections import Correct, CorrectionReceived
from projects.views import IatiExport

from . import data_package, drafting, editions, illustrations, records, views
from .breakdowns import BREAKDOWNS
from .library import changes
from .library import views as library
from .models import Plan

SLUG = f"(?P<slug>{'|'.join(BREAKDOWNS)})"

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
    re_path(rf"^embed/{SLUG}/\Z", views.Embed.as_view(), name="embed"),
    re_path(
        rf"^reports/{SLUG}\.(?P<extension>csv|json)\Z",
        views.BreakdownData.as_view(),
        name="breakdown-data",
    ),
    re_path(
        rf"^reports/{SLUG}/figure\.(?P<extension>json)\Z",
        views.BreakdownFigure.as_view(),
        name="figure",
    ),
    re_path(
        rf"^reports/{SLUG}/picture\.(?P<extension>svg)\Z",
        illustrations.Picture.as_view(),
        name="picture",
    ),
    re_path(
        rf"^reports/{illustrations.MATRIX}/picture\.(?P<extension>svg)\Z",
        illustrations.MatrixPicture.as_view(),
        name="matrix-picture",
    ),
    re_path(
        rf"^cards/(?P<slug>{illustrations.MATRIX}|{illustrations.SERIES}|{'|'.join(BREAKDOWNS)})\.png\Z",
        illustrations.Card.as_view(),
        name="card",
    ),
    re_path(
        r"^reports/cross-table\.(?P<extension>csv|xlsx|json)\Z",
        views.CrossTableData.as_view(),
        name="cross-table-data",
    ),
    re_path(
        r"^reports/compare/picture\.(?P<extension>svg)\Z",
        illustrations.ComparisonPicture.as_view(),
        name="comparison-picture",
    ),
    path(
        "reports/compare.csv",
        views.CompareData.as_view(),
        {"extension": "csv"},
        name="compare-data",
    ),
    path("reports/draft.txt", drafting.Draft.as_view(), {"extension": "txt"}, name="draft-text"),
    re_path(
        r"^reports/draft\.(?P<extension>docx)\Z",
        drafting.DraftDocument.as_view(),
        name="draft-file",
    ),
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
    re_path(
        r"^(?P<name>entities|figures)\.(?P<extension>csv|json)\Z",
        data_package.ResourceData.as_view(),
        name="resource-data",
    ),
    path("editions/<slug:old>/changes/<slug:new>/", editions.Changes.as_view(), name="changes"),
    re_path(
        r"^editions/(?P<old>[-\w]+)/changes/(?P<new>[-\w]+)\.(?P<extension>csv|json)\Z",
        editions.ChangesData.as_view(),
        name="changes-data",
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
    re_path(
        r"^plans\.(?P<extension>csv|json|xlsx)\Z", records.PlanData.as_view(), name="plan-data"
    ),
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
    re_path(
        r"^statements\.(?P<extension>csv|json|xlsx)\Z",
        records.StatementData.as_view(),
        name="statement-data",
    ),
]
