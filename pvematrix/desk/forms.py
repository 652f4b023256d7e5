"""The reason, and the number of the shown revision, in forms of the desk; files to import."""

from collections.abc import Container, Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.core.validators import FileExtensionValidator
from django.forms import Widget
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from projects.columns import PROJECT_TABLE
from projects.history import Revision
from projects.imports.files import EXTENSIONS
from projects.imports.items import ADDED, CHANGED
from projects.imports.names import date_in
from projects.text import validate_one_line

# What a view adds to the context of one of Django's templates.
Extra = dict[str, Any] | None

UNSEEN = _("Somebody has changed it since you opened this page. Look at it again.")
SAY_WHAT = _("Say what is missing or wrong.")
# The most bytes of a form's other fields and separators.
_FORM_AROUND_FILE = 100_000
# Fields that are no values of the record.
FORM_ONLY_FIELDS = ("reason", "seen", "warned")


class LineField(forms.CharField):
    """A text of one line without hidden characters."""

    default_validators = [validate_one_line]


def tick(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


class RecordedForm(forms.ModelForm):
    """A form with a reason, which a change of what is published needs."""

    reason = LineField(
        label=_("Reason for the change"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
        help_text=_(
            "Public for projects and statements. Needed for a change of what is published."
        ),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = getattr(self.instance, "seen", 0)

    @cached_property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name not in FORM_ONLY_FIELDS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.changed_data and lacks_reason(self.instance, self.cleaned_data):
            self.add_error("reason", _("Enter a reason."))
        return cleaned


def lacks_reason(record: Any, sent: Mapping[str, Any]) -> bool:
    """Return whether the form of a published record was sent without a reason."""
    return bool(record.pk) and not getattr(record, "is_draft", True) and not sent.get("reason")


class ReasonForm(forms.Form):
    reason = LineField(
        label=_("Reason"), max_length=300, error_messages={"required": _("Enter a reason.")}
    )

    @property
    def problem(self) -> str:
        return " ".join(map(str, self.errors.get("reason", [])))


def field_of(
    name: str, label: str, left_out: Container = (), kind: type = forms.CharField, **of_text: Any
) -> forms.Field:
    """Return the field of a column: boxes, a choice from its vocabulary, or a text of that kind."""
    column = PROJECT_TABLE.by_name[name]
    options: dict[str, Any] = {"label": label, "required": False}
    offered = [one for one in column.vocabulary if one[0] not in left_out]
    if column.flags:
        boxes = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=offered, widget=boxes, **options)
    if offered:
        return forms.ChoiceField(choices=[("", "—"), *offered], **options)
    return kind(**options, **of_text)


class DateField(forms.CharField):
    """A date as the register writes it, or in words as imports read it: “March 2016”."""

    def to_python(self, value: Any) -> str:
        return date_in(text := super().to_python(value) or "") or text

    def widget_attrs(self, widget: Widget) -> dict[str, Any]:
        return {}  # in words it is longer than as it is stored


class UploadForm(forms.Form):
    """A file, and which of its rows to import."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, XLSX, or a PDF with a table of text."),
        validators=[FileExtensionValidator(EXTENSIONS)],
        widget=forms.FileInput(attrs={"accept": ",".join(f".{one}" for one in EXTENSIONS)}),
    )
    mapped = tick(_("Ask what its columns mean"))
    only = forms.ChoiceField(
        label=_("Rows"),
        required=False,
        choices=[
            ("", _("Add and change projects")),
            (ADDED, _("Only add projects")),
            (CHANGED, _("Only change projects")),
        ],
    )


def takes_file(request: HttpRequest, most: int) -> bool:
    """Return whether a request has a file of at most `most` bytes, which goes to the disk."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > most + _FORM_AROUND_FILE:
        return False
    request.upload_handlers = [TemporaryFileUploadHandler(request)]
    return True


def last_revision(record: Any) -> int:
    """Return the number of the record's last revision, 0 without any."""
    return Revision.objects.of(record).values_list("pk", flat=True).last() or 0


def seen_by(request: HttpRequest, last: int, name: str = "seen") -> int:
    """Return the number of the last revision that the submitted page showed, 0 without a valid one.

    `last` is that of the record: a larger number is invalid.
    """
    sent = request.POST.get(name, "")
    number = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 19 else 0
    return number if number <= last else 0
