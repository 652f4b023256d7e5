from django.urls import include, path, re_path

from reports.breakdowns import BREAKDOWNS

from . import documentation, library, register, views

v1 = [
    path("", views.Contents.as_view(), name="api-contents"),
    path("openapi.json", documentation.OpenApi.as_view(), name="api-openapi"),
    path("projects/", register.Projects.as_view(), name="api-projects"),
    path("projects/<reference:reference>/", register.Project.as_view(), name="api-project"),
    path("answers/", register.Answers.as_view(), name="api-answers"),
    re_path(
        rf"^answers/(?P<slug>{'|'.join(BREAKDOWNS)})/\Z",
        register.Breakdown.as_view(),
        name="api-breakdown",
    ),
    path("answers/cross-table/", register.CrossTable.as_view(), name="api-cross-table"),
    path("entities/", register.Entities.as_view(), name="api-entities"),
    path("entities/<str:acronym>/", register.OneEntity.as_view(), name="api-entity"),
    path("countries/", register.Countries.as_view(), name="api-countries"),
    path("countries/<str:code>/", register.OneCountry.as_view(), name="api-country"),
    path("statements/", library.Statements.as_view(), name="api-statements"),
    path("statements/changes/", register.StatementChanges.as_view(), name="api-statement-changes"),
    path("statements/<str:code>/", library.OneStatement.as_view(), name="api-statement"),
    path("plans/", library.Plans.as_view(), name="api-plans"),
    path("plans/changes/", register.PlanChanges.as_view(), name="api-plan-changes"),
    path("plans/<slug:slug>/", library.OnePlan.as_view(), name="api-plan"),
    path("documents/", library.Documents.as_view(), name="api-documents"),
    path("documents/<slug:slug>/", library.OneDocument.as_view(), name="api-document"),
    path("documents/<slug:slug>/paragraphs/", library.Paragraphs.as_view(), name="api-paragraphs"),
    path("reports/", library.Reports.as_view(), name="api-reports"),
    path("reports/<slug:slug>/", library.OneReport.as_view(), name="api-report"),
    path("editions/", register.Editions.as_view(), name="api-editions"),
    path("editions/<slug:slug>/", register.OneEdition.as_view(), name="api-edition"),
    path(
        "editions/<slug:old>/changes/<slug:new>/",
        register.EditionChanges.as_view(),
        name="api-edition-changes",
    ),
    path("changes/", register.Changes.as_view(), name="api-changes"),
    # With a slash at its end: an address without one is redirected first.
    re_path(r"^[\s\S]*/\Z", views.Unknown.as_view()),
]
urlpatterns = [path("v1/", include(v1))]
