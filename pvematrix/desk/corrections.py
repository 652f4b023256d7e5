"""Corrections at the desk: what the public reported, applied or declined."""

from typing import Any

from django.contrib import admin, messages
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.columns import PROJECT_TABLE, Column
from projects.corrections import present_value, proposed_value
from projects.models import Contact, Correction, Project
from projects.references import number_of
from reports.models import Plan, Statement
from reports.models.columns import PLAN_TABLE, STATEMENT_TABLE

from .lists import ListedLookupsAdmin


def _record(correction: Correction) -> Any:
    """Return what the correction is of, None if it is gone; no two kinds are called alike."""
    key = correction.reference
    project = Project.live.filter(reference=key).first()
    statement = project or Statement.live.of_kinds().filter(code=key).first()
    return statement or Plan.live.select_related("country").filter(slug=key).first()


def column_of(correction: Correction) -> Column:
    """Return the column that the correction speaks of."""
    table, key = STATEMENT_TABLE, correction.reference
    if number_of(key) is not None:
        table = PROJECT_TABLE
    elif key == key.lower():  # as a plan's slug is, and a statement's code is not
        table = PLAN_TABLE
    return table.by_name[correction.column]


class FieldFilter(admin.SimpleListFilter):
    """The fields of which something was reported, by their labels."""

    title = _("field")
    parameter_name = "column"

    def lookups(self, request, model_admin):
        columns = PLAN_TABLE.by_name | STATEMENT_TABLE.by_name | PROJECT_TABLE.by_name
        names = Correction.objects.order_by("column").values_list("column", flat=True).distinct()
        return [(name, columns[name].label) for name in names]

    def queryset(self, request, queryset):
        return queryset.filter(column=self.value()) if self.value() else queryset


class CorrectionAdmin(ListedLookupsAdmin):
    """What the public reported: applied in its form, or declined with an answer."""

    list_display = ["__str__", "field", "proposed", "source", "at", "state", "handled_by"]
    list_filter = ["state", FieldFilter]
    list_select_related = ["handled_by"]
    search_fields = ["reference", "value", "source"]
    readonly_fields = [
        *("reference", "field", "present", "proposed", "source", "at", "state"),
        *("handled_by", "handled_at", "contact_given"),
    ]
    # What stands, and what is proposed, beside each other.
    fields = [
        *("reference", "field", ("present", "proposed"), "source", "at", "state"),
        *("handled_by", "handled_at", "contact_given", "answer"),
    ]

    @admin.display(description=_("field"), ordering="column")
    def field(self, correction):
        """Return what the field is called."""
        return column_of(correction).label

    @admin.display(description=_("it says now"))
    def present(self, correction):
        """Return the present value of the field that is spoken of."""
        record = _record(correction)
        if record is None:
            return None
        return present_value(record, column_of(correction)) or _("nothing")

    @admin.display(description=_("it should say"))
    def proposed(self, correction):
        """Return the proposed value, slugs by their labels."""
        return proposed_value(column_of(correction), correction.value)

    @admin.display(description=_("contact, until it is decided"))
    def contact_given(self, correction):
        """Return how to reach whoever reported it."""
        return Contact.objects.filter(correction=correction).first() or _("none")

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
            record = _record(correction)
            if record:
                opts = record._meta
                name = f"admin:{opts.app_label}_{opts.model_name}_change"
                address = reverse(name, args=[record.pk])
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
