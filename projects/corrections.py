"""The form with which anybody reports a correction of a field."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .columns import SEPARATOR, Column, Table
from .history import RecordedModel, text_of
from .models import Contact, Correction
from .text import plain_newlines, validate_one_line

_ONE_LINE = 300  # characters


def keep_whole(form: forms.BaseForm) -> None:
    """Remove maxlength, with which browsers silently cut what is pasted; the form checks it."""
    for field in form.fields.values():
        field.widget.attrs.pop("maxlength", None)


class SeveralBoxes(forms.CheckboxSelectMultiple):
    """A box for each value of a cell that has several; the cell is one text."""

    def value_from_datadict(self, data, files, name):
        return SEPARATOR.join(data.getlist(name))

    def format_value(self, value):
        return value.split(SEPARATOR) if isinstance(value, str) else super().format_value(value)


class CorrectionForm(forms.ModelForm):
    """A correction of one field; once `column` is known, with a widget for its values."""

    field_order = ["column", "value", "empty", "source", "contact"]

    column = forms.ChoiceField(label=gettext_lazy("Field"))
    empty = forms.BooleanField(required=False, label=gettext_lazy("It should be empty"))
    contact = forms.CharField(
        required=False,
        max_length=200,
        validators=[validate_one_line],
        label=gettext_lazy("How to reach you (not needed)"),
        help_text=gettext_lazy(
            "An e-mail address, for a question of the staff. It is deleted when they decide."
        ),
    )

    class Meta:
        model = Correction
        fields = ["column", "value", "source"]
        labels = {"value": gettext_lazy("What it should say")}
        widgets = {
            "value": forms.Textarea(attrs={"rows": 3}),
            "source": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "source": gettext_lazy("A document or a web page where staff can find it."),
        }

    def __init__(self, *args, record: RecordedModel, column: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        assert record.table
        self.record, table = record, record.table
        fields: dict[str, Any] = self.fields
        fields["column"].choices = [("", "---------"), *choices_of(table)]
        name = self.data.get("column", column)
        self.asked_for = table.by_name[name] if name in table.correctable else None
        if self.asked_for:
            self._ask_for(self.asked_for, fields)
        else:
            del fields["empty"]
        keep_whole(self)

    def _ask_for(self, column: Column, fields: dict[str, Any]) -> None:
        stored = _stored(self.record, column)
        self.cell = cells_of(self.record)[column.name]
        self.initial.update(column=column.name, value=self.cell)
        fields["column"].widget = forms.HiddenInput()
        value = fields["value"]
        value.widget = _widget(column, stored)
        value.widget.attrs["autofocus"] = True
        if not column.vocabulary and not column.free_text:
            value.help_text = str(column.allowed)
        may_be_empty = stored is None or stored.blank
        # If it may, `clean` asks for a value or the box.
        value.required = value.widget.is_required = not may_be_empty
        if not may_be_empty or not (self.is_bound or self.cell):
            del fields["empty"]

    @property
    def present(self) -> str:
        return self.asked_for.words(self.cell) if self.asked_for else ""

    def clean(self):
        cleaned: dict[str, Any] = super().clean() or {}
        if self.asked_for and "value" in cleaned:
            try:
                said = self._emptied if cleaned.get("empty") else self._said
                cleaned["value"] = said(self.asked_for, cleaned["value"])
            except ValidationError as error:
                self.add_error("value", error)
        return cleaned

    def _emptied(self, column: Column, value: str) -> str:
        """Return an empty value; raises if it is empty already, or another value is given too."""
        if not self.cell.strip():
            raise ValidationError(_("It is empty now: write what it should say."))
        # The form starts with the present value, which need not be removed first.
        if value and plain_newlines(value).strip() != plain_newlines(self.cell.strip()):
            raise ValidationError(
                _("Either write what it should say or tick “It should be empty”, not both.")
            )
        return ""

    def _said(self, column: Column, value: str) -> str:
        """Return the value as the field has it; raises if it is not allowed, or not new."""
        if not value:
            raise ValidationError(_("Write what it should say, or tick “It should be empty”."))
        stored = _stored(self.record, column)
        if column.vocabulary:
            slugs = column.slugs_of(value)
            if slugs is None:
                labels = "; ".join(str(label) for label in column.labels.values())
                raise ValidationError(
                    _("“%(value)s” is none of its values. It can be: %(labels)s.")
                    % {"value": value, "labels": labels}
                )
            value = SEPARATOR.join(slugs)
        elif stored and not stored.is_relation:
            stored.clean(value, self.record)
        if value.strip() == self.cell.strip():
            raise ValidationError(_("This is what it says now: write what it should say."))
        return value

    def save(self, commit=True):
        correction = super().save(commit)
        if self.cleaned_data["contact"]:
            Contact.objects.create(correction=correction, words=self.cleaned_data["contact"])
        return correction


def choices_of(table: Table) -> list[tuple[str, Any]]:
    return [(name, table.by_name[name].label) for name in table.correctable]


def _stored(record: RecordedModel, column: Column) -> Any:
    """Return the column's model field, None for one of several boolean fields."""
    return None if column.flags else record._meta.get_field(column.name)


def _widget(column: Column, stored: models.Field | None) -> forms.Widget:
    if column.several and column.vocabulary:
        return SeveralBoxes(choices=column.vocabulary)
    if column.vocabulary:
        return forms.Select(choices=[("", "---------"), *column.vocabulary])
    if isinstance(stored, models.URLField):
        return forms.URLInput()
    is_long = (getattr(stored, "max_length", None) or 0) > _ONE_LINE
    return forms.Textarea(attrs={"rows": 6}) if column.free_text and is_long else forms.TextInput()


def cells_of(record: RecordedModel) -> dict[str, str]:
    """Return a record's cells by column, as a file has them."""
    assert record.table
    snapshot: Any = record.snapshot()
    return {name: text_of(snapshot[name]) for name in record.table.kept}


def proposed_value(column: Column, value: str) -> str:
    """Return a proposed value in words, also an empty one."""
    return column.words(value) or _("empty")
