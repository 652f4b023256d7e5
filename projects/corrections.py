"""The forms by which anybody reports a correction: of which field, and what it should say."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .asking.fields import ChoiceField, QueryForm
from .columns import SEPARATOR, Column, Table
from .history import RecordedModel, text_of
from .models import Contact, Correction
from .text import fold, plain_newlines, validate_one_line

# What is longer is written in more than one line.
_ONE_LINE = 300


def keep_whole(form: forms.BaseForm) -> None:
    """Let a text that is too long be sent, and answered with its length.

    A browser that is told the limit cuts off the end of what is pasted, without a word.
    """
    for field in form.fields.values():
        field.widget.attrs.pop("maxlength", None)


class FieldQuery(QueryForm):
    """Of which of a table's columns the correction is, or none yet."""

    def __init__(self, query, table: Table):
        super().__init__(query)
        self.fields["column"] = ChoiceField(choices=_choices(table))

    @property
    def column(self) -> str:
        """The column's name, empty if none is named."""
        return next(iter(self.cleaned_data["column"]), "")


class SeveralBoxes(forms.CheckboxSelectMultiple):
    """A box for each value of a cell that has several; the cell is one text."""

    def value_from_datadict(self, data, files, name):
        return SEPARATOR.join(data.getlist(name))

    def format_value(self, value):
        return value.split(SEPARATOR) if isinstance(value, str) else super().format_value(value)


class CorrectionForm(forms.ModelForm):
    """What somebody says of one field of a record; no name, and a contact only if they want.

    Once `column` is known, the value is asked for as that field has it.
    """

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
        self.record, self.table = record, record.table
        choice: Any = self.fields["column"]
        choice.choices = [("", "---------"), *_choices(self.table)]
        name = self.data.get("column", column)
        self.asked_for = self.table.by_name[name] if name in self.table.correctable else None
        if self.asked_for:
            self._ask_for(self.asked_for)
        if not self.asked_for or not may_be_empty(type(record), self.asked_for):
            del self.fields["empty"]
        else:
            # Without a value the box says what is meant: `clean` asks for one of the two.
            self.fields["value"].required = self.fields["value"].widget.is_required = False
            if not self.is_bound and not self.present:
                del self.fields["empty"]
        keep_whole(self)

    def _ask_for(self, column: Column) -> None:
        self.initial.update(column=column.name, value=_cell(self.record, column))
        self.fields["column"].widget = forms.HiddenInput()
        value = self.fields["value"]
        value.widget = _widget(type(self.record), column)
        value.widget.is_required = True
        value.widget.attrs["autofocus"] = True
        if not column.vocabulary and not column.free_text:
            value.help_text = str(column.allowed)

    @property
    def present(self) -> str:
        """What the record says now in the field that is asked for."""
        assert self.asked_for
        return present_value(self.record, self.asked_for)

    def clean(self):
        cleaned: dict[str, Any] = super().clean() or {}
        if self.asked_for and "value" in cleaned:
            try:
                cleaned["value"] = self._said(self.asked_for, cleaned)
            except ValidationError as error:
                self.add_error("value", error)
        return cleaned

    def _said(self, column: Column, cleaned: dict[str, Any]) -> str:
        """Return what the field should say, nothing if it should be empty; or raise."""
        value, present = cleaned["value"], _cell(self.record, column).strip()
        if not cleaned.get("empty"):
            if not value:
                raise ValidationError(_("Write what it should say, or tick “It should be empty”."))
            return _possible(self.record, column, value)
        if not present:
            raise ValidationError(_("It is empty now: write what it should say."))
        # The form began with the present value, and nobody has to take that out first.
        if value and plain_newlines(value).strip() != plain_newlines(present):
            raise ValidationError(
                _("Either write what it should say or tick “It should be empty”, not both.")
            )
        return ""

    def save(self, commit=True):
        correction = super().save(commit)
        if self.cleaned_data["contact"]:
            Contact.objects.create(correction=correction, words=self.cleaned_data["contact"])
        return correction


def _choices(table: Table) -> list[tuple[str, Any]]:
    return [(name, table.by_name[name].label) for name in table.correctable]


def may_be_empty(model: type[models.Model], column: Column) -> bool:
    """Return whether a record may say nothing in a column."""
    stored: Any = None if column.flags else model._meta.get_field(column.name)
    return stored is None or stored.blank


def _stored(model: type[models.Model], column: Column) -> models.Field | None:
    """Return the field of the record itself in which a column is kept, None if none is."""
    return {field.name: field for field in model._meta.fields}.get(column.name)


def _widget(model: type[models.Model], column: Column) -> forms.Widget:
    """Return what asks for a value as the field has it."""
    if column.several and column.vocabulary:
        return SeveralBoxes(choices=column.vocabulary)
    if column.vocabulary:
        return forms.Select(choices=[("", "---------"), *column.vocabulary])
    stored = _stored(model, column)
    if isinstance(stored, models.URLField):
        return forms.URLInput()
    is_long = stored is None or (getattr(stored, "max_length", None) or 0) > _ONE_LINE
    return forms.Textarea(attrs={"rows": 6}) if column.free_text and is_long else forms.TextInput()


def slugs_of(column: Column, value: str) -> list[str] | None:
    """Return the slugs that a text names, by themselves or by labels; None if not all are known."""
    known = {fold(str(one)): slug for slug, label in column.vocabulary for one in (slug, label)}
    said = value.split(SEPARATOR) if column.several else [value]
    if column.several:
        # A comma parts values too, unless it stands within the label of one.
        whole = [one for one in said if fold(one.strip()) in known]
        said = [*whole, *(part for one in said if one not in whole for part in one.split(","))]
    found = {known.get(fold(one.strip())) for one in said if one.strip()}
    return None if None in found else [slug for slug, _label in column.vocabulary if slug in found]


def _possible(record: RecordedModel, column: Column, value: str) -> str:
    """Return the value as the field has it.

    Raises ValidationError for one that it can never have, with what it can, or that it has now.
    """
    stored = _stored(type(record), column)
    if column.vocabulary:
        slugs = slugs_of(column, value)
        if slugs is None:
            labels = "; ".join(str(label) for _slug, label in column.vocabulary)
            raise ValidationError(
                _("“%(value)s” is none of its values. It can be: %(labels)s.")
                % {"value": value, "labels": labels}
            )
        value = SEPARATOR.join(slugs)
    elif stored and not stored.is_relation:
        stored.clean(value, record)
    if value.strip() == _cell(record, column).strip():
        raise ValidationError(_("This is what it says now: write what it should say."))
    return value


def _cell(record: RecordedModel, column: Column) -> str:
    snapshot: Any = record.snapshot()  # asked by name
    return text_of(snapshot[column.name])


def present_value(record: RecordedModel, column: Column) -> str:
    """Return what a record says in one of its columns, slugs by their labels."""
    return column.words(_cell(record, column))


def proposed_value(column: Column, value: str) -> str:
    """Return what a column should say, slugs by their labels; in a word if nothing."""
    return column.words(value) or _("empty")


def present_values(record: RecordedModel) -> list[tuple[Column, str]]:
    """Return what a record says in each field that can be corrected, as (column, words)."""
    assert record.table
    snapshot: Any = record.snapshot()  # asked by name, column by column
    columns = [record.table.by_name[name] for name in record.table.correctable]
    return [(column, column.words(text_of(snapshot[column.name]))) for column in columns]
