from django.urls import path, re_path

from projects.corrections import Correct, CorrectionReceived

from .breakdowns import BREAKDOWNS
from .data_package import DataPackage, EditionPackage, ResourceData
from .drafting import Draft, DraftDocument
from .editions import Changes, ChangesData, EditionDetail, EditionList, EditionQuotations
from .illustrations import MATRIX, Card, ComparisonPicture, EditionCard, MatrixPicture, Picture
from .library.changes import RecordChanges, StatementFeed, StatementLog
from .library.views import (
    PLANS,
    STATEMENTS,
    Contents,
    DocumentText,
    EntityDetail,
    EntityList,
    EventCalendar,
    Events,
    Evidence,
    Library,
    Plans,
    ProjectAndReport,
    ProjectsAndReport,
    StatementDetail,
    Statements,
)
from .models import Plan
from .records import PlanData, StatementData
from .views import (
    About,
    BreakdownData,
    BreakdownDetail,
    BreakdownFigure,
    Compare,
    CompareData,
    CrossTableData,
    CrossTablePage,
    Embed,
    Overview,
    Quality,
    ReportDetail,
    ReportList,
    Suggestions,
)

SLUG = f"(?P<slug>{'|'.join(BREAKDOWNS)})"

urlpatterns = [
    path("", Overview.as_view(), name="overview"),
    path("projects/", ProjectsAndReport.as_view(), name="project-list"),
    path("projects/<reference:reference>/", ProjectAndReport.as_view(), name="project-detail"),
    re_path(r"^suggestions\.(?P<extension>json)\Z", Suggestions.as_view(), name="suggestions"),
    path("reports/", ReportList.as_view(), name="report-list"),
    path("about/", About.as_view(), name="about"),
    path("about/quality/", Quality.as_view(), name="quality"),
    re_path(rf"^reports/{SLUG}/\Z", BreakdownDetail.as_view(), name="breakdown"),
    re_path(rf"^embed/{SLUG}/\Z", Embed.as_view(), name="embed"),
    re_path(
        rf"^reports/{SLUG}\.(?P<extension>csv|json)\Z",
        BreakdownData.as_view(),
        name="breakdown-data",
    ),
    re_path(
        rf"^reports/{SLUG}/figure\.(?P<extension>json)\Z", BreakdownFigure.as_view(), name="figure"
    ),
    re_path(rf"^reports/{SLUG}/picture\.(?P<extension>svg)\Z", Picture.as_view(), name="picture"),
    re_path(
        rf"^reports/{MATRIX}/picture\.(?P<extension>svg)\Z",
        MatrixPicture.as_view(),
        name="matrix-picture",
    ),
    re_path(
        rf"^cards/(?P<slug>{MATRIX}|{'|'.join(BREAKDOWNS)})\.png\Z", Card.as_view(), name="card"
    ),
    path("reports/cross-table/", CrossTablePage.as_view(), name="cross-table"),
    re_path(
        r"^reports/cross-table\.(?P<extension>csv|xlsx|json)\Z",
        CrossTableData.as_view(),
        name="cross-table-data",
    ),
    path("reports/compare/", Compare.as_view(), name="compare"),
    re_path(
        r"^reports/compare/picture\.(?P<extension>svg)\Z",
        ComparisonPicture.as_view(),
        name="comparison-picture",
    ),
    path("reports/compare.csv", CompareData.as_view(), name="compare-data"),
    path("reports/draft/", Draft.as_view(), name="draft"),
    path("reports/draft.txt", Draft.as_view(), {"extension": "txt"}, name="draft-text"),
    re_path(r"^reports/draft\.(?P<extension>docx)\Z", DraftDocument.as_view(), name="draft-file"),
    path("editions/", EditionList.as_view(), name="edition-list"),
    path("editions/<slug:slug>/", EditionDetail.as_view(), name="edition-detail"),
    path("editions/<slug:slug>/card.png", EditionCard.as_view(), name="edition-card"),
    path(
        "editions/<slug:slug>/quotations.csv",
        EditionQuotations.as_view(),
        name="edition-quotations",
    ),
    path(
        "editions/<slug:slug>/datapackage.zip",
        EditionPackage.as_view(),
        {"extension": "zip"},
        name="edition-package",
    ),
    path("datapackage.json", DataPackage.as_view(), {"extension": "json"}, name="data-package"),
    re_path(
        r"^(?P<name>entities|figures)\.(?P<extension>csv)\Z",
        ResourceData.as_view(),
        name="resource-data",
    ),
    path("editions/<slug:old>/changes/<slug:new>/", Changes.as_view(), name="changes"),
    re_path(
        r"^editions/(?P<old>[-\w]+)/changes/(?P<new>[-\w]+)\.(?P<extension>csv|json)\Z",
        ChangesData.as_view(),
        name="changes-data",
    ),
    path("reports/<slug:slug>/", ReportDetail.as_view(), name="report-detail"),
    path("reports/<slug:slug>/text/", DocumentText.as_view(), name="document-text"),
    path("report/", Contents.as_view(), name="contents"),
    path("library/", Library.as_view(), name="library"),
    path("evidence/", Evidence.as_view(), name="evidence"),
    path("events/", Events.as_view(), name="events"),
    path("events.ics", EventCalendar.as_view(), name="event-calendar"),
    path("plans/", Plans.as_view(), name="plans"),
    path("plans/<slug:key>/changes/", RecordChanges.as_view(model=Plan), name="plan-changes"),
    path("plans/<slug:key>/correct/", Correct.as_view(of=PLANS), name="plan-correct"),
    path(
        "plans/<slug:key>/correct/<int:number>/",
        CorrectionReceived.as_view(of=PLANS),
        name="plan-correction-received",
    ),
    re_path(r"^plans\.(?P<extension>csv|json|xlsx)\Z", PlanData.as_view(), name="plan-data"),
    path("entities/", EntityList.as_view(), name="entities"),
    path("entities/<str:acronym>/", EntityDetail.as_view(), name="entity"),
    path("statements/", Statements.as_view(), name="statements"),
    path("statements/changes/", StatementLog.as_view(), name="statement-log"),
    path("statements/changes.atom", StatementFeed(), name="statement-feed"),
    path("statements/<str:key>/changes/", RecordChanges.as_view(), name="statement-changes"),
    path("statements/<str:key>/correct/", Correct.as_view(of=STATEMENTS), name="statement-correct"),
    re_path(
        r"^statements/(?P<key>[^/]+)/correct/(?P<number>[0-9]{1,9})/\Z",
        CorrectionReceived.as_view(of=STATEMENTS),
        name="statement-correction-received",
    ),
    path("statements/<str:code>/", StatementDetail.as_view(), name="statement"),
    re_path(
        r"^statements\.(?P<extension>csv|json|xlsx)\Z",
        StatementData.as_view(),
        name="statement-data",
    ),
]
