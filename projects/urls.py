from django.urls import path, re_path

from .changes import ChangeFeed, ProjectChanges
from .corrections import Correct, CorrectionReceived
from .text import ReferenceConverter

urlpatterns = [
    path("changes.atom", ChangeFeed(), name="change-feed"),
    path("<reference:key>/correct/", Correct.as_view(), name="project-correct"),
    re_path(
        rf"^(?P<key>{ReferenceConverter.regex})/correct/(?P<number>[0-9]{{1,9}})/\Z",
        CorrectionReceived.as_view(),
        name="correction-received",
    ),
    path("<reference:reference>/changes/", ProjectChanges.as_view(), name="project-changes"),
]
