from django.urls import path, re_path

from .views import Export, ProjectDetail, ProjectList

urlpatterns = [
    path("", ProjectList.as_view(), name="project-list"),
    re_path(r"^export\.(?P<extension>csv|xlsx|json)\Z", Export.as_view(), name="export"),
    re_path(r"^(?P<reference>PVE-[0-9]{3,12})/\Z", ProjectDetail.as_view(), name="project-detail"),
]
