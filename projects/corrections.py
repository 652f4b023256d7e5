"""The form by which anybody reports a correction."""

from django import forms
from django.utils.translation import gettext_lazy

from .columns import PROJECT_TABLE
from .models import Correction

LABELS = {
    "title": gettext_lazy("Title"),
    "summary": gettext_lazy("Summary"),
    "priority_area": gettext_lazy("Priority area"),
    "scope": gettext_lazy("Scope"),
    "regions": gettext_lazy("Regions"),
    "countries": gettext_lazy("Countries"),
    "entities": gettext_lazy("Entities"),
    "status": gettext_lazy("Status"),
    "start_date": gettext_lazy("Start"),
    "end_date": gettext_lazy("End"),
    "methodology": gettext_lazy("Methodology"),
    "link": gettext_lazy("Link"),
    "provenance": gettext_lazy("Provenance"),
    "source": gettext_lazy("Source"),
}


class CorrectionForm(forms.ModelForm):
    """What somebody says of one field of a project; no name, no address."""

    column = forms.ChoiceField(
        label=gettext_lazy("Field"),
        choices=[("", "---------"), *((name, LABELS[name]) for name in PROJECT_TABLE.correctable)],
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
