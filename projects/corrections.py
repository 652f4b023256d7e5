"""The form by which anybody reports a correction."""

from django import forms
from django.utils.translation import gettext_lazy

from .columns import PROJECT_TABLE
from .models import Correction


class CorrectionForm(forms.ModelForm):
    """What somebody says of one field of a project; no name, no address."""

    column = forms.ChoiceField(
        label=gettext_lazy("Field"),
        choices=[
            ("", "---------"),
            *((name, PROJECT_TABLE.by_name[name].label) for name in PROJECT_TABLE.correctable),
        ],
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
