"""The editors' desk: the register and its two directories."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .columns import CLASSIFIED_BY
from .cube import REGION_COLUMNS
from .fields import fold
from .import_admin import BatchAdmin
from .models import Country, Entity, Project
from .recorded_admin import RecordedAdmin, RecordedForm
from .review import sign_off
from .user_admin import StaffAdmin
from .vocabulary import Region, Review

__all__ = ["BatchAdmin", "StaffAdmin"]  # registered where they are defined

admin.site.site_header = _("pvematrix: the register")
admin.site.site_title = _("pvematrix")
admin.site.index_title = _("Register and published reports")


class FoldedSearchAdmin(RecordedAdmin):
    """Searches as the public list does: without case and accents."""

    search_fields = ["search_text"]

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, fold(search_term))


class RegionFilter(admin.SimpleListFilter):
    """One filter for the five columns of regions."""

    title = _("region")
    parameter_name = "region"

    def lookups(self, request, model_admin):
        return Region.choices

    def queryset(self, request, queryset):
        return queryset.in_facets({"region": [self.value()]} if self.value() else {})


class ProjectForm(RecordedForm):
    """A project's form: a change of classification needs its reason."""

    reason_for = frozenset({*CLASSIFIED_BY, *REGION_COLUMNS.values()})


@admin.register(Project)
class ProjectAdmin(FoldedSearchAdmin):
    form = ProjectForm
    column_fields = {"regions": [*REGION_COLUMNS.values()]}
    search_fields = ["search_text", "entities__search_text"]
    list_display = [
        "reference",
        "title",
        "review",
        "provenance",
        "priority_area",
        "scope",
        "region_names",
        "status",
        "updated_at",
    ]
    list_display_links = ["reference", "title"]
    list_filter = ["review", "provenance", "priority_area", "scope", RegionFilter, "status"]
    actions = ["sign_off"]
    list_per_page = 50
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    ordering = ["number"]
    sortable_by = ["title", "priority_area", "scope", "status", "provenance", "updated_at"]
    autocomplete_fields = ["entities", "countries"]
    readonly_fields = ["updated_at", "review"]
    save_on_top = True
    fieldsets = [
        (
            _("The project"),
            {
                "description": _("Write only what a source says. Leave empty what none gives."),
                "fields": ["reference", "title", "summary", "methodology", "link"],
            },
        ),
        (
            _("Classification"),
            {
                "description": _(
                    "Each classification needs its basis. Stated: the source says so. Inferred: "
                    "you read it from the source’s wording. Allocated: assigned only so that "
                    "totals equal paragraphs 24 and 25; replace it as soon as a source tells."
                ),
                "fields": [
                    ("priority_area", "priority_area_basis"),
                    ("scope", "scope_basis"),
                ],
            },
        ),
        (
            _("Regions"),
            {
                "description": _("None for a global project; at least one for any other."),
                "fields": [tuple(REGION_COLUMNS.values()), "regions_basis"],
            },
        ),
        (
            _("Who, where and when"),
            {"fields": ["entities", "countries", "status", ("start_date", "end_date")]},
        ),
        (
            _("How the entry is known"),
            {"fields": ["provenance", "source", "updated_at", "review"]},
        ),
        (_("This change"), {"fields": ["reason", "seen"]}),
    ]

    def has_review_permission(self, request) -> bool:
        """Return whether the user may publish drafts and sign changes off."""
        return request.user.has_perm("projects.review_project")

    def save_model(self, request, obj, form, change):
        if not change:
            obj.review = Review.DRAFT
        super().save_model(request, obj, form, change)

    @admin.action(permissions=["review"], description=_("Publish drafts, sign changes off"))
    def sign_off(self, request, queryset):
        done = 0
        for project in queryset:
            try:
                sign_off(project, request.user)
                done += 1
            except ValidationError as error:
                messages.error(request, error.messages[0])
        if done:
            text = ngettext("%d entry is reviewed.", "%d entries are reviewed.", done)
            messages.success(request, text % done)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        extra = {"may_review": self.has_review_permission(request)}
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def get_readonly_fields(self, request, obj=None):
        # A reference stands in other people's bookmarks: it never changes.
        return [*self.readonly_fields, "reference"] if obj else self.readonly_fields

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("title", "methodology", "source"):
            field.widget.attrs["class"] = "vLargeTextField"
        if db_field.name == "summary":
            field.widget = admin.widgets.AdminTextareaWidget(attrs={"rows": 5})
        return field

    @admin.display(description=_("regions"))
    def region_names(self, project):
        return ", ".join(str(region.label) for region in project.regions)


class DirectoryAdmin(FoldedSearchAdmin):
    """A directory: what projects refer to cannot be deleted."""

    def get_deleted_objects(self, objs, request):
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, missing, [*protected, *(u for entry in objs for u in entry.users)]


@admin.register(Country)
class CountryAdmin(DirectoryAdmin):
    list_display = ["code", "m49", "name"]
    ordering = ["code"]
    sortable_by = ["code", "m49", "name"]


@admin.register(Entity)
class EntityAdmin(DirectoryAdmin):
    list_display = ["acronym", "name", "kind", "aliases"]
    list_filter = ["kind"]
    search_fields = ["search_text", "aliases"]
    ordering = ["acronym"]
