"""The form by which anybody reports a correction."""

from django import forms
from django.utils.translation import gettext_lazy

from .models import Correction


class CorrectionForm(forms.ModelForm):
    """What somebody says of one field of a project; no name, no address."""

    class Meta:
        model = Correction
        fields = ["column", "value", "source"]
        labels = {"column": gettext_lazy("Field"), "value": gettext_lazy("What it should say")}
        widgets = {
            "value": forms.Textarea(attrs={"rows": 3}),
            "source": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "source": gettext_lazy("A document or a web page where staff can find it."),
        }
