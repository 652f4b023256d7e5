"""Editions at the desk: published with a checklist, never changed."""

from django.contrib.admin.widgets import AdminTextareaWidget
from django.shortcuts import redirect

from projects.editions import publish
from projects.models import Project

from .checklist import checklist
from .forms import RecordedForm
from .recorded import RecordedAdmin


class EditionForm(RecordedForm):
    """Publishes only a register without errors."""

    def clean(self):
        for finding in checklist():
            if finding.stops:
                self.add_error(None, finding.text)
        return super().clean()


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
        if field and db_field.name == "note":
            field.widget = AdminTextareaWidget(attrs={"rows": 4})
        return field

    def add_view(self, request, form_url="", extra_context=None):
        findings = {"findings": checklist(), "projects": Project.published.count()}
        return super().add_view(request, form_url, {**findings, **(extra_context or {})})

    def save_model(self, request, obj, form, change):
        publish(obj)

    def response_add(self, request, obj, post_url_continue=None):
        return redirect(obj)
