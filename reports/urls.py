from django.urls import re_path

from projects.corrections import Correct, CorrectionReceived
from projects.pages import file, page

from . import (
    briefing,
    compare,
    data_package,
    editions,
    records,
    views,
)
from .breakdowns import BREAKDOWNS
from .library import views as library
from .models import Statement

STATEMENTS = Statement.published.of_kinds

SLUG = f"(?P<slug>{'|'.join(BREAKDOWNS)})"


# Whose texts are in English, for programs.
programs = [
    page("datapackage.json", data_package.DataPackage, "data-package", given={"extension": "json"}),
]
urlpatterns = [
    page("projects/<reference:reference>/", library.ProjectAndReport, "project-detail"),
    file("projects/export", "docx", briefing.Briefing, "export"),
    re_path(rf"^reports/{SLUG}/\Z", views.BreakdownDetail.as_view(), name="breakdown"),
    file(f"reports/{SLUG}", "csv|json", views.BreakdownData, "breakdown-data"),
    file(f"reports/{SLUG}/figure", "json", views.BreakdownFigure, "figure"),
    file(f"reports/{SLUG}/picture", "svg", views.BreakdownPicture, "picture"),
    file("reports/cross-table", "csv|xlsx|json", views.CrossTableData, "cross-table-data"),
    file("reports/compare/figure", "json", compare.ComparisonFigure, "comparison-figure"),
    page("reports/compare.csv", compare.CompareData, "compare-data", given={"extension": "csv"}),
    page("editions/<slug:slug>/", editions.EditionDetail, "edition-detail"),
    page("editions/<slug:slug>/quotations.csv", editions.EditionQuotations, "edition-quotations"),
    file("(?P<name>figures)", "csv", records.FigureData, "resource-data"),
    page("editions/<slug:old>/changes/<slug:new>/", editions.Changes, "changes"),
    page("reports/<slug:slug>/", views.ReportDetail, "report-detail"),
    page("reports/<slug:slug>/text/", library.DocumentText, "document-text"),
    page("reports/<slug:slug>/text/<int:number>/", library.OneParagraph, "paragraph"),
    page("entities/<str:acronym>/", library.EntityDetail, "entity"),
    page("statements/<str:key>/correct/", Correct, "statement-correct", records=STATEMENTS),
    re_path(
        r"^statements/(?P<key>[^/]+)/correct/(?P<number>[0-9]{1,9})/\Z",
        CorrectionReceived.as_view(records=STATEMENTS),
        name="statement-correction-received",
    ),
    page("statements/<str:code>/", library.StatementDetail, "statement"),
    file("statements", "csv|xlsx", records.StatementData, "statement-data"),
]
