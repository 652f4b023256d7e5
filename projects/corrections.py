"""Corrections that anybody reports: the form for one field, its page, and what was decided."""

from collections.abc import Callable
from typing import Any

from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache

from .asking.fields import ChoiceField, QueryForm
from .columns import SEPARATOR, Column, Table
from .history import RecordedModel, text_of
from .models import Contact, Correction, Project, data_version, reading_at
from .pages import PublicView, QueryView, missing, redirect_to_merged
from .text import plain_newlines, validate_one_line
from .vocabulary import NOT_STATED

# A longer text gets a field of several lines.
_ONE_LINE = 300


class SeveralBoxes(forms.CheckboxSelectMultiple):
    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        return SEPARATOR.join(data.getlist(name))

    def format_value(self, value: Any) -> Any:
        return value.split(SEPARATOR) if isinstance(value, str) else super().format_value(value)


class CorrectionForm(forms.ModelForm):
    """A correction of one field; once `column` is known, the value has the widget of that field.

    It has a source, and may have an address to answer to.
    """

    field_order = ["column", "value", "empty", "source", "contact"]

    column = forms.ChoiceField(label=gettext_lazy("Field"))
    empty = forms.BooleanField(required=False, label=gettext_lazy("It should be empty"))
    contact = forms.CharField(
        required=False,
        max_length=200,
        validators=[validate_one_line],
        label=gettext_lazy("Your e-mail address (optional)"),
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
            "source": gettext_lazy("A document or a web page"),
        }

    def __init__(self, *args: Any, record: RecordedModel, column: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert record.table
        self.record, table = record, record.table
        fields: dict[str, Any] = self.fields
        fields["column"].choices = [("", "---------"), *choices_of(table)]
        self.asked_for = table.correctable.get(self.data.get("column", column))
        if self.asked_for:
            self._ask_for(self.asked_for, fields)
        else:
            del fields["empty"]

    def _ask_for(self, column: Column, fields: dict[str, Any]) -> None:
        stored: Any = None if column.flags else self.record._meta.get_field(column.name)
        self.stored, self.cell = stored, cells_of(self.record)[column.name]
        self.present = column.words(self.cell)
        self.initial.update(column=column.name, value=self.cell)
        fields["column"].widget = forms.HiddenInput()
        value = fields["value"]
        value.widget = _widget(column, stored)
        value.widget.attrs["autofocus"] = True
        if not column.vocabulary and not column.free_text:
            value.help_text = str(column.allowed)
        may_be_empty = stored is None or stored.blank
        # If it may, `clean_value` requires a value or the tick.
        value.required = value.widget.is_required = not may_be_empty
        if not may_be_empty or not (self.is_bound or self.cell):
            del fields["empty"]

    def clean_value(self) -> str:
        value, column = self.cleaned_data["value"], self.asked_for
        if column is None:
            return value
        is_empty = "empty" in self.fields and bool(self["empty"].data)
        # The form shows the present value, which nobody has to remove first.
        if is_empty and plain_newlines(value).strip() == plain_newlines(self.cell.strip()):
            value = ""
        if is_empty == bool(value):
            raise ValidationError(
                _("Either write what it should say or tick “It should be empty”.")
            )
        if column.vocabulary:
            slugs = column.slugs_of(value)
            if slugs is None:
                labels = "; ".join(str(label) for _slug, label in column.vocabulary)
                text = _("“%(value)s” is not allowed. Allowed: %(labels)s.")
                raise ValidationError(text, params={"value": value, "labels": labels})
            value = SEPARATOR.join(slugs)
        elif value and self.stored and not self.stored.is_relation:
            self.stored.clean(value, self.record)
        if value.strip() == self.cell.strip():
            raise ValidationError(_("This is what it says now: write what it should say."))
        return value

    def save(self, commit: bool = True) -> Correction:
        correction = super().save(commit)
        if self.cleaned_data["contact"]:
            Contact.objects.create(correction=correction, words=self.cleaned_data["contact"])
        return correction


def choices_of(table: Table) -> list[tuple[str, Any]]:
    return [(name, column.label) for name, column in table.correctable.items()]


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
    """Return the cells of a record by column; those that no source states are empty."""
    assert record.table
    snapshot: Any = record.snapshot()
    if isinstance(record, Project):
        known = record.stated().items()
        snapshot |= {name: "" for name, value in known if NOT_STATED in (value, *value[:1])}
    return {name: text_of(snapshot[name]) for name in record.table.kept}


def proposed_value(column: Column, value: str) -> str:
    return column.words(value) or _("empty")


class AboutRecord(View):
    """A page about the record that its address names."""

    records: Callable[[], Any] = Project.live.with_page  # those that have public pages

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        records, key = self.records(), kwargs["key"]
        self.record = records.filter(**{records.model.identifier: key}).first()
        if self.record is None:
            raise missing(key)

    def page(self, status: int = 200, **shown: Any) -> HttpResponse:
        about = {
            "record": self.record,
            "address": self.record.get_absolute_url(),
            # The page "about" explains the columns of projects only.
            "explained": isinstance(self.record, Project),
        }
        return render(self.request, "projects/correct.html", about | shown, status=status)


class FieldQuery(QueryForm):
    column = ChoiceField()


class Correct(AboutRecord, PublicView):
    """The form by which anybody reports a correction of a record, as often as the limit allows."""

    http_method_names = ["get", "head", "options", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if getattr(self.record, "merged_into", None):
            return redirect_to_merged(request, self.record)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        reader = FieldQuery(request.GET)
        reader.fields["column"].choices = choices_of(self.record.table)
        if not reader.is_valid():
            problems = {"problems": reader.problems}
            return render(request, "projects/refused.html", problems, status=400)
        named = "".join(reader.cleaned_data["column"])
        return self.form_page(CorrectionForm(record=self.record, column=named))

    def post(self, request: HttpRequest, key: str) -> HttpResponseBase:
        """Store the correction, and redirect to its page; or say what is wrong."""
        form = CorrectionForm(request.POST, record=self.record)
        if not form.is_valid():
            return self.form_page(form, status=400)
        if not ratelimit.consume(request, action="correction"):
            message = _("Your network reported too many corrections. Try again later.")
            form.add_error(None, message)
            return self.form_page(form, status=429)
        form.instance.reference = key
        with transaction.atomic():
            correction = form.save()
        # Reloading the page must not send it again.
        return redirect(f"{request.path}{correction.pk}/")

    def form_page(self, form: CorrectionForm, status: int = 200) -> HttpResponse:
        cells = cells_of(self.record)
        columns = self.record.table.correctable.values()
        # No page of a form is cached, but what all pages say of the register is.
        with reading_at(data_version()):
            return self.page(
                status,
                form=form,
                present=[(column, column.words(cells[column.name])) for column in columns],
                log_days=settings.ACCESS_LOG_DAYS,
            )


@method_decorator(never_cache, name="dispatch")
class CorrectionReceived(AboutRecord, QueryView):
    """Thanks for a correction, with its number and later the decision."""

    def answer(self, key: str, number: str) -> HttpResponse:
        correction = Correction.objects.filter(reference=key, pk=number).first()
        if correction is None:
            raise missing(number)
        column = self.record.table.by_name[correction.column]
        return self.page(
            correction=correction,
            column=column,
            words=column.words(cells_of(self.record)[column.name]),
            proposed=proposed_value(column, correction.value),
        )
