from django.urls import path, re_path

from .breakdowns import BREAKDOWNS
from .views import About, BreakdownData, BreakdownDetail, Overview, ReportDetail

SLUG = f"(?P<slug>{'|'.join(BREAKDOWNS)})"

urlpatterns = [
    path("", Overview.as_view(), name="overview"),
    path("about/", About.as_view(), name="about"),
    re_path(rf"^reports/{SLUG}/\Z", BreakdownDetail.as_view(), name="breakdown"),
    re_path(
        rf"^reports/{SLUG}\.(?P<extension>csv|json)\Z",
        BreakdownData.as_view(),
        name="breakdown-data",
    ),
    path("reports/<slug:slug>/", ReportDetail.as_view(), name="report-detail"),
]
