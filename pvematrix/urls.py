from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("projects/", include("projects.urls")),
    path("", include("reports.urls")),
]
handler400 = "pvematrix.errors.bad_request"
