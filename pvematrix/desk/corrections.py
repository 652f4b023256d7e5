"""Corrections at the desk: what the public reported, applied or declined."""

from django.contrib import admin, messages
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.columns import PROJECT_TABLE
from projects.corrections import present_values
from projects.models import Contact, Correction, Project

from .lists import ListedLookupsAdmin


class CorrectionAdmin(ListedLookupsAdmin):
    """What the public reported: applied in the project's form, or declined with an answer."""

    list_display = ["__str__", "value", "source", "at", "state", "handled_by"]
    list_filter = ["state", "column"]
    list_select_related = ["handled_by"]
    search_fields = ["reference", "value", "source"]
    reported = ["reference", "column", "value", "source", "at", "state", "handled_by", "handled_at"]
    fields = [*reported, "present", "contact_given", "answer"]
    readonly_fields = [*reported, "present", "contact_given"]

    @admin.display(description=_("what the entry says now"))
    def present(self, correction):
        """Return the present value of the field that is spoken of."""
        project = Project.live.filter(reference=correction.reference).first()
        values = dict(present_values(project)) if project else {}
        return values.get(str(PROJECT_TABLE.by_name[correction.column].label))

    @admin.display(description=_("contact, until it is decided"))
    def contact_given(self, correction):
        """Return how to reach whoever reported it."""
        return Contact.objects.filter(correction=correction).first()

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        # What was decided stays as it is.
        settled = obj is not None and obj.state != Correction.State.OPEN
        return not settled and super().has_change_permission(request, obj)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        correction = self.get_object(request, object_id)
        extra = {}
        if correction and self.has_change_permission(request, correction):
            project = Project.live.filter(reference=correction.reference).first()
            if project:
                address = reverse("admin:projects_project_change", args=[project.pk])
                extra["apply"] = f"{address}?correction={correction.pk}"
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if "answer" in form.base_fields:
            form.base_fields["answer"].required = True
            form.base_fields["answer"].help_text = _(
                "Why it is declined. Whoever reported it reads it on the page of the report."
            )
        return form

    def save_model(self, request, obj, form, change):
        if not obj.settle(Correction.State.DECLINED, request.user, obj.answer):
            messages.error(request, _("It was applied or declined meanwhile: nothing was saved."))
