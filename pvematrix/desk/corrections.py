"""Corrections at the desk: listed, declined, or applied in the record's own form."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from projects.columns import SEPARATOR, Column
from projects.corrections import cells_of, proposed_value
from projects.history import RecordedModel, open_recorder
from projects.imports.reading import Translator
from projects.models import Contact, Correction, Project
from projects.text import number_of
from projects.vocabulary import Basis, InMatrix, Provenance
from reports.models import Statement

from ..served import served
from .forms import UNSEEN, Extra, RecordedForm
from .lists import ListedLookupsAdmin, ReadOnly, desk_address
from .recorded import RecordedAdmin


def _model(correction: Correction) -> Any:
    return Statement if number_of(correction.reference) is None else Project


def _record(correction: Correction) -> Any:
    model = _model(correction)
    return model.live.filter(**{model.identifier: correction.reference}).first()


def is_placeholder(record: Any) -> bool:
    return isinstance(record, Project) and record.is_counted


def describing(area: str = "") -> str:
    """Return the query of the form for a project that a source says is in the matrix."""
    known = {"in_matrix": InMatrix.YES.value, "provenance": Provenance.CONFIRMED.value}
    return urlencode(known | ({"priority_area": area} if area else {}))


def column_of(correction: Correction) -> Column:
    return _model(correction).table.by_name[correction.column]


class CorrectionAdmin(ReadOnly, ListedLookupsAdmin):
    """Reported corrections: applied in the form of the record, or declined with an answer."""

    list_display = ["__str__", "field", "proposed", "source", "at", "state", "handled_by"]
    list_filter = ["state"]
    list_select_related = ["handled_by"]
    search_fields = ["reference", "value", "source"]
    fields = [
        *("reference", "field", ("present", "proposed"), "source", "at", "state"),
        *("handled_by", "handled_at", "contact_given", "answer"),
    ]
    readonly_fields = [one for one in flatten(fields) if one != "answer"]

    @admin.display(description=_("field"), ordering="column")
    def field(self, correction: Correction) -> str | Promise:
        return column_of(correction).label

    @admin.display(description=_("Now"))
    def present(self, correction: Correction) -> str | Promise | None:
        if record := _record(correction):
            column = column_of(correction)
            return column.words(cells_of(record)[column.name]) or _("nothing")
        return None

    @admin.display(description=_("Proposed"))
    def proposed(self, correction: Correction) -> str:
        return proposed_value(column_of(correction), correction.value)

    @admin.display(description=_("contact"))
    def contact_given(self, correction: Correction) -> Any:
        return Contact.objects.filter(correction=correction).first() or _("none")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_open = obj is None or obj.state == Correction.State.OPEN
        return is_open and request.user.has_perm("projects.change_correction")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Extra = None
    ) -> HttpResponse:
        correction = self.get_object(request, object_id)
        extra = {}
        record = _record(correction) if correction else None
        if correction and record and self.has_change_permission(request, correction):
            address = desk_address(type(record), "change", record.pk)
            query = f"correction={correction.pk}"
            if is_placeholder(record):
                address = desk_address(Project, "add")
                query = f"{describing(record.priority_area)}&{query}"
            extra["apply"] = f"{address}?{query}"
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        form = super().get_form(request, obj, change, **kwargs)
        if "answer" in form.base_fields:
            form.base_fields["answer"].required = True
            form.base_fields["answer"].help_text = _("Why it is declined. It is public.")
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not obj.settle(Correction.State.DECLINED, request.user, obj.answer):
            messages.error(request, UNSEEN)


class CorrectedForm(RecordedForm):
    """A record's form; filled in with the correction that the address names, if any."""

    correction: Correction | None = None
    # What is corrected: the record of the form, or the placeholder that a new entry is instead of.
    corrected: Any = None
    column: Column

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A change is found by comparison with the stored value, not with the proposed one.
        self.stored = dict(self.initial)
        if self.correction is not None:
            self.column = column_of(self.correction)
            # Validation replaces the values of the instance.
            self.present = self.column.words(cells_of(self.corrected)[self.column.name])
            self.proposed = proposed_value(self.column, self.correction.value)
            if self.correction.state == Correction.State.OPEN and not self.is_bound:
                self.initial["reason"] = self.correction.credit
                self.initial.update(_filled_in(self.instance, self.column, self.correction.value))
        self._make_chips()

    def _make_chips(self) -> None:
        """Show each basis as a chip, and "Not stated" only where it is kept or there is none."""
        table = self._meta.model.table
        for name in table.bases.values() if table else ():
            field: Any = self.fields.get(name)
            if field:
                field.help_text = ""
                field.widget.attrs["class"] = "basis"
                is_kept = self[name].value() == Basis.ALLOCATED
                is_of_regions = is_kept and name == table.bases.get("regions")
                nothing = _("No region") if is_of_regions else Basis.ALLOCATED.label
                labels = {"": field.choices[0][1] if field.required else nothing}
                field.widget.choices = [
                    (slug, labels.get(slug, label))
                    for slug, label in field.choices
                    if is_kept or slug != Basis.ALLOCATED
                ]

    @property
    def applies(self) -> bool:
        if self.correction is None:
            return False
        names = [*self.column.flags.values()] or [self.column.name]
        return not {*names}.isdisjoint(self.changed_data)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.correction and self.correction.state != Correction.State.OPEN:
            state = self.correction.get_state_display()
            self.add_error(None, f"{self.correction}: {state}")
        return cleaned


def _filled_in(record: RecordedModel, column: Column, value: str) -> dict[str, Any]:
    """Return the form's values for a proposed one; an empty one gets the default of its basis."""
    assert record.table
    name, values = column.name, dict[str, Any]()
    if column.flags:
        values = {flag: slug in value.split(SEPARATOR) for slug, flag in column.flags.items()}
    elif column.linked_by:
        names = Translator().written(name, value).reading.get(name, [])
        linked: Any = record._meta.get_field(name).related_model
        values = {name: [*linked.objects.filter(**{f"{column.linked_by}__in": names})]}
    elif not value or not record._meta.get_field(name).is_relation:
        # The person who applies the correction chooses a related record.
        values = {name: value}
    if not value and name in record.table.bases:
        basis: Any = record._meta.get_field(record.table.bases[name])
        values[basis.name] = basis.get_default()
    return values


class CorrectedAdmin(RecordedAdmin):
    """Settles a correction with the change that applies it; the history lists settled ones."""

    def versions_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        context = super().versions_context(request, record)
        if request.user.has_perm("projects.view_correction"):
            settled = Correction.objects.filter(reference=record.key)
            settled = settled.exclude(state=Correction.State.OPEN).select_related("handled_by")
            context["settled"] = [
                (one, column_of(one).label, proposed_value(column_of(one), one.value))
                for one in settled
            ]
        return context

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        form: Any = super().get_form(request, obj, change, **kwargs)
        number = request.GET.get("correction", "")
        form.correction = form.corrected = None
        if number.isascii() and number.isdigit() and len(number) < 10:
            named = Correction.objects.filter(pk=number).first()
            record = _record(named) if named else None
            if record and (record == obj or (obj is None and is_placeholder(record))):
                form.correction, form.corrected = named, record
        return form

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        saved = super().save_form(request, form, change)
        if form.applies:
            open_recorder().reason = form.correction.credited(open_recorder().reason)
        return saved

    def held_with(self, request: HttpRequest) -> dict[str, Any]:
        applied = served(request).applied
        return {"correction": applied} if applied else {}

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if form.applies:
            form.correction.settle(Correction.State.APPLIED, request.user)
            served(request).applied = form.correction.pk
        elif form.correction:
            messages.warning(request, _("The correction stays open: its field did not change."))
