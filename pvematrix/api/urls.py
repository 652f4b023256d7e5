from django.urls import include, path, re_path

from projects.pages import page
from reports.queries import EditionQuery

from . import documentation, elsewhere, library, register, views
from .check import CheckText
from .views import one

v1 = [
    page("", views.Contents, "api-contents"),
    page("openapi.json", documentation.OpenApi, "api-openapi"),
    page("projects/", register.Projects, "api-projects"),
    page("projects/<reference:reference>/", register.Project, "api-project"),
    page("answers/", register.Answers, "api-answers"),
    page("answers/cross-table/", register.CrossTable, "api-cross-table"),
    page("answers/<slug:slug>/", register.Breakdown, "api-breakdown"),
    page("entities/", register.Entities, "api-entities"),
    page("entities/<str:acronym>/", one(register.Entities, EditionQuery), "api-entity"),
    page("countries/", register.Countries, "api-countries"),
    page("countries/<str:code>/", one(register.Countries, EditionQuery), "api-country"),
    page("statements/", library.Statements, "api-statements"),
    page("statements/<str:code>/", library.OneStatement, "api-statement"),
    page("paragraphs/", library.Paragraphs, "api-paragraphs"),
    page("reports/", library.Reports, "api-reports"),
    page("reports/<slug:slug>/", library.OneReport, "api-report"),
    page("editions/", register.Editions, "api-editions"),
    page("editions/<slug:slug>/", one(register.Editions), "api-edition"),
    page("changes/", register.Changes, "api-changes"),
    page("elsewhere/", elsewhere.Elsewhere, "api-elsewhere"),
    page("elsewhere/<path:key>/", elsewhere.OneElsewhere, "api-elsewhere-record"),
    page("check/", CheckText, "api-check"),
]
urlpatterns = [
    path("v1/", include(v1)),
    # Before Django redirects a text that is sent, which would then be lost.
    re_path(r"^v1(/[\s\S]*)?\Z", views.Unknown.as_view()),
]
