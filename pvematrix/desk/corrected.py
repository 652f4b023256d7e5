"""Applying what the public reported: in the record's own form, and history credits it."""

from typing import Any

from django.contrib import messages
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from projects.columns import SEPARATOR, Column, Table
from projects.corrections import present_value, proposed_value, slugs_of
from projects.imports.cells import CellReader
from projects.models import Correction

from .forms import RecordedForm
from .recorded import RecordedAdmin


class CorrectedForm(RecordedForm):
    """A form in which a correction is applied, if the address names one that somebody reported."""

    correction: Correction | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stored = dict(self.initial)
        # What is sent is compared with what stands, not with what is proposed.
        correction = self.correction
        if correction and correction.state == Correction.State.OPEN and not self.is_bound:
            self.initial["reason"] = correction.credit
            proposed = self._proposed(correction.value) if correction.value else self._emptied()
            self.initial.update(proposed)
        if self.column:
            # Read before anything that is sent is put in its place.
            self.present = present_value(self.instance, self.column)

    def _proposed(self, value: str) -> dict[str, Any]:
        """Return what the form's fields say if the value is taken; none that it cannot have."""
        assert self.column
        column, name = self.column, self.column.name
        stored: Any = None if column.flags else self.instance._meta.get_field(name)
        if column.linked_by:
            names = CellReader(is_csv=False).names[name]
            found = [names.look_up(one.strip()) for one in value.split(SEPARATOR) if one.strip()]
            if not all(len(one) == 1 for one in found):
                return {}
            keys = {f"{column.linked_by}__in": [next(iter(one)) for one in found]}
            return {name: [*stored.related_model.objects.filter(**keys)]}
        if not column.vocabulary:
            # A record that another column names is found by whoever applies it.
            return {} if stored.is_relation else {name: value}
        slugs = slugs_of(column, value)
        if not slugs:
            return {}
        if column.flags:
            return {flag: slug in slugs for slug, flag in column.flags.items()}
        return {name: SEPARATOR.join(slugs)}

    def _emptied(self) -> dict[str, Any]:
        """Return what the form's fields say if nothing stands in the column, its basis with it."""
        assert self.column
        column = self.column
        emptied: dict[str, Any] = dict.fromkeys(column.flags.values(), False)
        if not emptied:
            stored: Any = self.instance._meta.get_field(column.name)
            emptied = {column.name: [] if stored.many_to_many else ""}
        basis = self.table.bases.get(column.name)
        return emptied | ({basis: self._default(basis)} if basis else {})

    def _default(self, name: str) -> Any:
        field: Any = self.instance._meta.get_field(name)
        return field.get_default()

    @property
    def column(self) -> Column | None:
        """The column that the correction speaks of."""
        return self.table.by_name[self.correction.column] if self.correction else None

    @property
    def proposed(self) -> str:
        """What it should say, slugs by their labels."""
        assert self.column and self.correction
        return proposed_value(self.column, self.correction.value)

    @property
    def table(self) -> Table:
        """The columns of which a correction speaks."""
        table: Table = self.instance.table
        return table

    @property
    def applies(self) -> bool:
        """Whether the change applies the correction: it changes the field that is spoken of."""
        if self.column is None:
            return False
        names = [*self.column.flags.values()] or [self.column.name]
        return not {*names}.isdisjoint(self.changed_data)

    def clean(self):
        cleaned = super().clean()
        if self.correction and self.correction.state != Correction.State.OPEN:
            text = _("%(correction)s is settled already: %(state)s.")
            state = self.correction.get_state_display()
            self.add_error(None, text % {"correction": self.correction, "state": state})
        return cleaned


class CorrectedAdmin(RecordedAdmin):
    """Settles a correction with the change that applies it, and keeps those that are settled."""

    def history_view(self, request, object_id, extra_context=None):
        response = super().history_view(request, object_id, extra_context)
        data = response.context_data if isinstance(response, TemplateResponse) else None
        if data and request.user.has_perm("projects.view_correction"):
            settled = Correction.objects.filter(reference=data["original"].key)
            settled = settled.exclude(state=Correction.State.OPEN).select_related("handled_by")
            data["settled"] = [(one, *self._asked_for(one)) for one in settled]
        return response

    def _asked_for(self, correction: Correction) -> tuple[str, str]:
        """Return which field a correction speaks of and what it should say, in words."""
        assert self.model.table
        column = self.model.table.by_name[correction.column]
        return str(column.label), proposed_value(column, correction.value)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.correction = self._correction(request, obj) if obj else None
        return form

    def _correction(self, request, record) -> Correction | None:
        """Return the record's correction that the address says is being applied."""
        number = request.GET.get("correction", "")
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            return None
        return Correction.objects.filter(pk=number, reference=record.key).first()

    def save_form(self, request, form, change):
        saved = super().save_form(request, form, change)
        if form.applies:
            self.credit(request, form.correction.credit)
        return saved

    def credit(self, request, credit: str) -> None:
        """Put a sentence before the reason of the change, unless it says so already."""
        if credit not in request.recorder.reason:
            request.recorder.reason = f"{credit} {request.recorder.reason}"[:300].strip()

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.applies:
            form.correction.settle(Correction.State.APPLIED, request.user)
        elif form.correction:
            messages.warning(request, _("The correction stays open: its field did not change."))
