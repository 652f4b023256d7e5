from django.urls import path, re_path

from .views import (
    ChangeFeed,
    ChangeLog,
    Correct,
    CorrectionReceived,
    Export,
    ProjectChanges,
    ProjectDetail,
    ProjectList,
)

urlpatterns = [
    path("", ProjectList.as_view(), name="project-list"),
    re_path(r"^export\.(?P<extension>csv|xlsx|json)\Z", Export.as_view(), name="export"),
    path("changes/", ChangeLog.as_view(), name="change-log"),
    path("changes.atom", ChangeFeed(), name="change-feed"),
    re_path(
        r"^(?P<reference>PVE-[0-9]{3,12})/correct/\Z", Correct.as_view(), name="project-correct"
    ),
    re_path(
        r"^(?P<reference>PVE-[0-9]{3,12})/correct/(?P<number>[0-9]{1,9})/\Z",
        CorrectionReceived.as_view(),
        name="correction-received",
    ),
    re_path(
        r"^(?P<reference>PVE-[0-9]{3,12})/changes/\Z",
        ProjectChanges.as_view(),
        name="project-changes",
    ),
    re_path(r"^(?P<reference>PVE-[0-9]{3,12})/\Z", ProjectDetail.as_view(), name="project-detail"),
]
