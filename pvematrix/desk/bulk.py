"""One value for many entries: set through the preview of an import, undone together."""

import io
from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from projects.columns import PROJECT_TABLE, Layout
from projects.corrections import keep_whole
from projects.exports import write_csv
from projects.imports.batches import hold
from projects.imports.lines import Line, keep_lines
from projects.models import Project
from projects.pages import CONTENT_TYPES
from projects.review import count_again
from projects.text import with_scheme
from projects.vocabulary import Basis

from . import affected_figures
from .evidence import EvidencedAdmin
from .recorded import FoldedSearchAdmin
from .review import ReviewedAdmin

# The bases of values come last.
SETTABLE = sorted(
    (column.name for column in PROJECT_TABLE.columns if column.settable),
    key=lambda name: name in PROJECT_TABLE.bases.values(),
)
# Not the help texts of imports: here an empty field does not mean “not stated”.
HELP = {
    "entities": _("Acronyms or names, with semicolons between them"),
    "countries": _("Codes or names, with semicolons between them"),
    "start_date": _("YYYY, YYYY-MM or YYYY-MM-DD"),
    "end_date": _("YYYY, YYYY-MM or YYYY-MM-DD"),
}


class LinkField(forms.CharField):
    def to_python(self, value):
        return with_scheme(super().to_python(value) or "")


class ValuesForm(forms.Form):
    """Values for many entries; empty fields change nothing."""

    def __init__(self, data, labels: dict[str, str]):
        super().__init__(data)
        for name, label in labels.items():
            column = PROJECT_TABLE.by_name[name]
            field: forms.Field
            if column.vocabulary:
                # Staff never choose "assigned".
                offered = [one for one in column.vocabulary if one[0] != Basis.ALLOCATED]
                choices = [("", _("Leave as it is")), *offered]
                field = forms.ChoiceField(choices=choices, label=label, required=False)
            else:
                of_entry: Any = Project._meta.get_field(name)
                kind = LinkField if name == "link" else forms.CharField
                field = kind(
                    label=label,
                    required=False,
                    max_length=2000,
                    validators=of_entry.validators,
                    help_text=HELP.get(name, ""),
                    widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
                )
            self.fields[name] = field
        keep_whole(self)
        first = next((name for name in self.errors if name in self.fields), "entities")
        self.fields[first].widget.attrs["autofocus"] = True

    def clean(self):
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError(_("Give at least one value."))
        return cleaned


class BulkAdmin(EvidencedAdmin, ReviewedAdmin, FoldedSearchAdmin):
    """Changes many entries at once, and exports those that the list shows."""

    actions = [*ReviewedAdmin.actions, "count_again", "set_values", "export"]
    orders = "number"
    moves_figures = True

    def has_import_permission(self, request) -> bool:
        return request.user.has_perm("projects.import_projects")

    @admin.action(
        permissions=["review"],
        description=_("Count the entries chosen again that are set aside"),
    )
    def count_again(self, request, queryset):
        done, before = 0, Project.published.cube()
        request.recorder.reason = str(_("Counted again"))
        for project in queryset.order_by("number"):
            try:
                count_again(project, request.user)
                done += 1
            except ValidationError as error:
                messages.error(request, error.messages[0])
        text = ngettext("%d entry is counted again.", "%d entries are counted again.", done)
        messages.success(request, text % done)
        for sentence in affected_figures.since(before):
            messages.warning(request, sentence)

    @admin.action(permissions=["import"], description=_("Set values of the entries chosen"))
    def set_values(self, request, queryset):
        labels = {name: self.label_of(name) for name in SETTABLE}
        form = ValuesForm(request.POST if "set" in request.POST else None, labels)
        most = settings.IMPORT_LIMITS["rows"]
        if form.is_valid() and queryset.count() > most:
            form.add_error(None, _("At most %d entries can be changed at once.") % most)
        if form.is_valid():
            values = {name: value for name, value in form.cleaned_data.items() if value}
            references = queryset.order_by("number").values_list("reference", flat=True)

            def lines() -> Iterator[Line]:
                yield 1, ["reference", *values]
                for row, reference in enumerate(references.iterator(), start=2):
                    yield row, [reference, *values.values()]

            file = io.BytesIO()
            keep_lines(lines(), file)
            count = queryset.count()
            text = ngettext(
                "%(columns)s of %(count)d entry", "%(columns)s of %(count)d entries", count
            )
            name = text % {"columns": ", ".join(values), "count": count}
            options: dict[str, Any] = {"only": None, "ignored": [], "csv": False}
            batch = hold(name, file.getvalue(), options, request.user)
            return redirect("admin:projects_batch_preview", batch.pk)
        context = {
            "form": form,
            "count": queryset.count(),
            "chosen": request.POST.getlist("_selected_action"),
            "across": request.POST.get("select_across", "0"),
        }
        return self.own_page(request, "set_values", _("Set values"), context)

    @admin.action(permissions=["view"], description=_("Export the entries chosen as CSV"))
    def export(self, request, queryset):
        lines = write_csv(queryset.order_by("number"), Layout(PROJECT_TABLE))
        response = StreamingHttpResponse(lines, content_type=CONTENT_TYPES["csv"])
        response["Content-Disposition"] = 'attachment; filename="pve-projects-desk.csv"'
        return response
