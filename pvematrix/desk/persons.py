"""The registers with personal data at the desk; no log and no draft has what is typed."""

import json
import logging
import re
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.serializers import serialize
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from projects.text import fold

from ..models import AssistanceRequest, Expert, PersonalRecord
from .forms import UNSEEN
from .lists import FoldedSearchAdmin, named

log = logging.getLogger("pvematrix.security")
REGISTERS: tuple[type[Expert] | type[AssistanceRequest], ...] = (Expert, AssistanceRequest)


def records_on(chosen: list[PersonalRecord]) -> list[PersonalRecord]:
    """Return these records, and all of both registers that have the names of their persons."""
    found = list(chosen)
    for name in dict.fromkeys(fold(one.name) for one in chosen):
        # The database also finds a name within a word.
        whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        for model in REGISTERS:
            rows = model._default_manager.filter(search_text__contains=name)
            found += [row for row in rows if whole.search(row.search_text) and row not in found]
    return found


def as_data(records: list[PersonalRecord]) -> list[dict]:
    """Return all data of these records and their changes, ready for JSON."""
    written = json.loads(serialize("json", records))
    for record, data in zip(records, written, strict=True):
        del data["fields"]["search_text"]  # the same words again
        changes = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(record), object_id=str(record.pk)
        )
        data["changes"] = [
            {"at": entry.action_time.isoformat(), "what": str(entry.get_action_flag_display())}
            for entry in changes.order_by("pk")
        ]
    return written


class PersonalForm(forms.ModelForm):
    """Refuses to overwrite a change that came after the form was opened."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = self.instance.changed_at.isoformat()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.pk:
            # From here to the end of the request nobody else writes it.
            stored = type(self.instance)._default_manager.select_for_update()
            current = stored.filter(pk=self.instance.pk).first()
            if current is None or current.changed_at.isoformat() != self.cleaned_data.get("seen"):
                raise forms.ValidationError(UNSEEN)
        return cleaned


class PersonalAdmin(FoldedSearchAdmin):
    """A register with personal data: records are deleted one by one, permanently."""

    form = PersonalForm
    is_personal = True
    actions = ["export"]
    delete_confirmation_template = "admin/delete_for_good.html"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change or form.has_changed():
            super().save_model(request, obj, form, change)

    def has_export_permission(self, request: HttpRequest) -> bool:
        # An export can have records of both registers.
        return all(
            request.user.has_perm(f"pvematrix.view_{model._meta.model_name}") for model in REGISTERS
        )

    @admin.action(description=_("Export their data (JSON)"), permissions=["export"])
    def export(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        records = records_on(list(queryset))
        detail = ", ".join(f"{one._meta.model_name} {one.pk}" for one in records)
        log.warning("personal_data_exported", extra={"request": request, "detail": detail})
        data = json.dumps(as_data(records), ensure_ascii=False, indent=2)
        headers = named("held-on-persons.json")
        return HttpResponse(data, content_type="application/json", headers=headers)


class ExpertAdmin(PersonalAdmin):
    list_display = ["name", "affiliation", "subjects", "languages", "consent_until"]
    fields = [
        *("name", "affiliation", "subjects", "languages"),
        *("consented_on", "consent_ends_on", "seen"),
    ]

    @admin.display(description=_("consent ends on"), ordering="consent_ends_on")
    def consent_until(self, expert: Expert) -> str:
        day = date_format(expert.consent_ends_on)
        return _("%s (ended)") % day if expert.has_ended else day


class AssistanceRequestAdmin(PersonalAdmin):
    list_display = ["name", "asked_on", "beginning", "state", "project"]
    list_filter = ["state"]
    fields = ["name", "asked_on", "wanted", "state", "project", "seen"]

    @admin.display(description=_("what was asked"))
    def beginning(self, request_for_assistance: AssistanceRequest) -> str:
        return Truncator(request_for_assistance.wanted).chars(100)
