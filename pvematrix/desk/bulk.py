"""One value for many entries: set through the preview of an import, and undone as one."""

import io
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.http import StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from projects.columns import PROJECT_TABLE
from projects.exports import write_csv
from projects.imports.batches import hold
from projects.imports.lines import Line, keep_lines
from projects.pages import CONTENT_TYPES
from projects.vocabulary import Basis

from .review import ReviewedAdmin

# What can be the same of many entries.
SETTABLE = (
    *("entities", "countries", "status", "start_date", "end_date", "provenance", "source", "link"),
    *PROJECT_TABLE.bases.values(),
)
# What may be written; that an empty cell means “not stated” is not so here.
HELP = {
    "entities": gettext_lazy("Acronyms or names, with semicolons between them"),
    "countries": gettext_lazy("Codes or names, with semicolons between them"),
    "start_date": gettext_lazy("YYYY, YYYY-MM or YYYY-MM-DD"),
    "end_date": gettext_lazy("YYYY, YYYY-MM or YYYY-MM-DD"),
}


class ValuesForm(forms.Form):
    """The values that many entries are to have; what is left empty stays as it is."""

    def __init__(self, data, labels: dict[str, str]):
        super().__init__(data)
        for name, label in labels.items():
            column = PROJECT_TABLE.by_name[name]
            field: forms.Field
            if column.vocabulary:
                # Assigned is never chosen.
                offered = [one for one in column.vocabulary if one[0] != Basis.ALLOCATED]
                choices = [("", _("Leave as it is")), *offered]
                field = forms.ChoiceField(choices=choices, label=label, required=False)
            else:
                field = forms.CharField(
                    label=label,
                    required=False,
                    max_length=2000,
                    help_text=HELP.get(name, ""),
                    widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
                )
            self.fields[name] = field

    def clean(self):
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError(_("Give at least one value."))
        return cleaned


class BulkAdmin(ReviewedAdmin):
    """Sets values of many entries at once, and exports those that the list shows."""

    actions = [*ReviewedAdmin.actions, "set_values", "export"]

    def has_import_permission(self, request) -> bool:
        """Return whether the user may write many entries at once."""
        return request.user.has_perm("projects.import_projects")

    @admin.action(
        permissions=["import"], description=gettext_lazy("Set values of the entries chosen")
    )
    def set_values(self, request, queryset):
        """Ask for the values, then lead to the preview of what they would change."""
        labels = {name: self.label_of(name) for name in SETTABLE}
        form = ValuesForm(request.POST if "set" in request.POST else None, labels)
        if form.is_valid():
            values = {name: value for name, value in form.cleaned_data.items() if value}
            references = queryset.order_by("number").values_list("reference", flat=True)

            def lines() -> Iterator[Line]:
                yield 1, ["reference", *values]
                for row, reference in enumerate(references.iterator(), start=2):
                    yield row, [reference, *values.values()]

            kept = io.BytesIO()
            keep_lines(lines(), kept)
            count = queryset.count()
            text = ngettext(
                "%(columns)s of %(count)d entry", "%(columns)s of %(count)d entries", count
            )
            name = text % {"columns": ", ".join(values), "count": count}
            options: dict[str, Any] = {"only": None, "ignored": [], "csv": False}
            batch = hold(name, kept.getvalue(), options, request.user)
            return redirect("admin:projects_batch_preview", batch.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Set values"),
            "opts": self.opts,
            "form": form,
            "count": queryset.count(),
            "chosen": request.POST.getlist("_selected_action"),
            "across": request.POST.get("select_across", "0"),
        }
        return TemplateResponse(request, "admin/set_values.html", context)

    @admin.action(
        permissions=["view"], description=gettext_lazy("Export the entries chosen as CSV")
    )
    def export(self, request, queryset):
        """Return the entries chosen in the columns of an export, drafts among them."""
        lines = write_csv(queryset.order_by("number"), PROJECT_TABLE)
        response = StreamingHttpResponse(lines, content_type=CONTENT_TYPES["csv"])
        response["Content-Disposition"] = 'attachment; filename="pve-projects-desk.csv"'
        return response
