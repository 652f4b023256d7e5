"""Published reports and their figures."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import models
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.cube import Cell, Cube, cell_of
from projects.editions import publish
from projects.history.recorder import Batch
from projects.models import Edition, Project
from projects.vocabulary import Review
from reports.models import Figure, Report
from reports.reconciliation import changed_by

from .checklist import checklist
from .imports import BatchAdmin
from .projects import ProjectAdmin, ProjectForm
from .recorded import RecordedAdmin, RecordedForm


class FigureInline(admin.TabularInline):
    """A report's figures; each is edited on its own page, where nobody overwrites another."""

    model = Figure
    extra = 0
    show_change_link = True
    fields = ["position", "paragraph", "query", "unit", "comparator", "value", "date"]

    def has_add_permission(self, request, obj):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Report)
class ReportAdmin(RecordedAdmin):
    list_display = ["symbol", "title", "date", "is_basis"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    search_fields = ["symbol", "title"]
    inlines = [FigureInline]

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["symbol"]}


@admin.register(Figure)
class FigureAdmin(RecordedAdmin):
    list_display = ["report", "position", "paragraph", "query", "comparator", "value", "unit"]
    list_display_links = ["position"]
    list_filter = ["report", "unit"]
    list_select_related = ["report"]
    search_fields = ["query", "paragraph"]
    autocomplete_fields = ["report"]


class EditionForm(RecordedForm):
    """Publishes only a register without errors."""

    def clean(self):
        for finding in checklist():
            if finding.stops:
                self.add_error(None, finding.text)
        return super().clean()


@admin.register(Edition)
class EditionAdmin(RecordedAdmin):
    """Publishes editions; nobody changes or deletes one."""

    form = EditionForm
    list_display = ["name", "date", "count", "published_at", "sha256"]
    fields = ["name", "slug", "date", "note"]
    save_as_continue = False

    def has_add_permission(self, request):
        return request.user.has_perm("projects.publish_edition")

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_fields(self, request, obj=None):
        return [*self.fields, "count", "published_at", "sha256"] if obj else self.fields

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["name"]}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "note":
            field.widget = admin.widgets.AdminTextareaWidget(attrs={"rows": 4})
        return field

    def add_view(self, request, form_url="", extra_context=None):
        findings = {"findings": checklist(), "projects": Project.objects.count()}
        return super().add_view(request, form_url, {**findings, **(extra_context or {})})

    def save_model(self, request, obj, form, change):
        publish(obj)

    def response_add(self, request, obj, post_url_continue=None):
        return redirect(obj)


class ReconciledForm(ProjectForm):
    """Asks before it saves what would make a figure differ from the report."""

    save_anyway = forms.BooleanField(
        required=False,
        widget=forms.HiddenInput,
        label=gettext_lazy("Save, although a figure will differ from the report"),
    )

    def _post_clean(self):
        # After the model's own rules, on the values that would be saved.
        super()._post_clean()
        if self.errors or self.cleaned_data.get("save_anyway"):
            return
        for report, comparison in differences(self.instance):
            self.add_error(None, _after(report, comparison))
        if self.errors:
            self.fields["save_anyway"].widget = forms.CheckboxInput()
            self.add_error("save_anyway", _("Tick this to save all the same."))


def differences(project: Project):
    """Return (report, comparison) for every figure that saving the project would make differ."""
    if project._state.adding or project.review == Review.DRAFT:
        return []  # a draft counts nowhere yet
    saved = Project.objects.filter(pk=project.pk)
    return _changed([cell_of(project), *(cell_of(one, count=-1) for one in saved)])


def _changed(cells: list[Cell]):
    """Return (report, comparison) for every figure that these cells would make differ."""
    report = Report.objects.basis()
    if report is None or not cells:
        return []
    before = Project.objects.cube()
    after = Cube([*before.cells, *cells])
    return [(report, comparison) for comparison in changed_by(report, before, after)]


def _after(report: Report, comparison) -> str:
    text = _("%(label)s: %(value)d published in %(symbol)s, %(register)d after this change.")
    return text % {
        "label": comparison.label,
        "value": comparison.figure.value,
        "symbol": report.symbol,
        "register": comparison.register,
    }


admin.site.unregister([Batch, Project])


@admin.register(Batch)
class ReconciledBatchAdmin(BatchAdmin):
    """Imports, with what they would make of the report's figures."""

    def preview_context(self, batch):
        context = super().preview_context(batch)
        changed = _changed(context["preview"].moved)
        return context | {"differences": [_after(*one) for one in changed]}


@admin.register(Project)
class ReconciledProjectAdmin(ProjectAdmin):
    """The register's desk, which knows what the report printed."""

    form = ReconciledForm
    fieldsets = [*ProjectAdmin.fieldsets, (None, {"fields": ["save_anyway"]})]

    def delete_view(self, request, object_id, extra_context=None):
        project = self.get_object(request, unquote(object_id))
        counted = project is not None and project.review != Review.DRAFT
        changed = _changed([cell_of(project, count=-1)] if counted else [])
        extra = {"differences": [_after(*one) for one in changed]} | (extra_context or {})
        return super().delete_view(request, object_id, extra)

    @admin.action(permissions=["review"], description=ProjectAdmin.sign_off.short_description)
    def sign_off(self, request, queryset):
        before = Project.objects.cube()
        super().sign_off(request, queryset)
        report = Report.objects.basis()
        for one in changed_by(report, before, Project.objects.cube()) if report else []:
            known = {"label": one.label, "value": one.figure.value, "register": one.register}
            text = _("%(label)s: %(value)d published in %(symbol)s, %(register)d now.")
            messages.warning(request, text % {**known, "symbol": report.symbol})
