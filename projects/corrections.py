"""The form by which anybody reports a correction."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .columns import PROJECT_TABLE, Column
from .models import Contact, Correction, Project
from .text import fold, validate_one_line

# Fields of one value out of a vocabulary, and of several.
ONE_OF = {"priority_area", "scope", "status", "provenance"}
SOME_OF = {"regions"}
DATES = {"start_date", "end_date"}


class CorrectionForm(forms.ModelForm):
    """What somebody says of one field of a project; no name, and a contact only if they want."""

    column = forms.ChoiceField(
        label=gettext_lazy("Field"),
        choices=[
            ("", "---------"),
            *((name, PROJECT_TABLE.by_name[name].label) for name in PROJECT_TABLE.correctable),
        ],
    )

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

    def clean(self):
        cleaned: dict[str, Any] = super().clean() or {}
        column, value = cleaned.get("column"), cleaned.get("value")
        if column and value:
            try:
                _refuse_impossible(PROJECT_TABLE.by_name[column], value)
            except ValidationError as error:
                self.add_error("value", error)
        return cleaned

    def save(self, commit=True):
        correction = super().save(commit)
        if self.cleaned_data["contact"]:
            Contact.objects.create(correction=correction, words=self.cleaned_data["contact"])
        return correction


def _refuse_impossible(column: Column, value: str) -> None:
    """Raise ValidationError for a value that the field can never have, with what it can."""
    if column.name in DATES:
        date: Any = Project._meta.get_field(column.name)
        date.run_validators(value.strip())
    if column.name not in ONE_OF | SOME_OF:
        return
    known = {fold(str(one)) for pair in column.vocabulary for one in pair}
    said = value.replace(",", ";").split(";") if column.name in SOME_OF else [value]
    if not {fold(one.strip()) for one in said if one.strip()} <= known:
        labels = "; ".join(str(label) for _slug, label in column.vocabulary)
        raise ValidationError(
            _("“%(value)s” is none of its values. It can be: %(labels)s.")
            % {"value": value, "labels": labels}
        )


def present_values(project: Project) -> list[tuple[str, str]]:
    """Return what a project says in each field that can be corrected, as (label, words)."""
    snapshot: Any = project.snapshot()  # asked by name, column by column
    found = []
    for name in PROJECT_TABLE.correctable:
        value = snapshot[name]
        labels = dict(PROJECT_TABLE.by_name[name].vocabulary)
        parts = value if isinstance(value, list) else [value]
        words = "; ".join(str(labels.get(one, one)) for one in parts if one)
        found.append((str(PROJECT_TABLE.by_name[name].label), words))
    return found
