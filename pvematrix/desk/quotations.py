"""Quotations, edited in the form of their project."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from projects.models import Quotation
from reports.models import Document

from .forms import FORM_ONLY_FIELDS, UNSEEN, lacks_reason


class QuotationForm(forms.ModelForm):
    """A quotation; `seen`, as the page showed it, prevents overwriting a later change."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        widgets = {"words": forms.Textarea(attrs={"rows": 2, "cols": 60})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one = self.instance
        stored = f"{one.field}: {one.with_place}" if one.pk else ""
        # Browsers change line breaks.
        self.initial["seen"] = " ".join(stored.split())

    @property
    def is_stale(self) -> bool:
        return self.cleaned_data.get("seen", "") != self.initial["seen"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.is_stale:
            self.add_error(None, UNSEEN)
        if problem := self._misquotation(self.cleaned_data):
            self.add_error("words", problem)
        return cleaned

    def _misquotation(self, cleaned: dict[str, Any]) -> str:
        """Return a sentence about words that are not in the document's text, if it is known."""
        words, places = " ".join(cleaned.get("words", "").split()), cleaned.get("paragraphs", "")
        if not self.has_changed() or not words or not places:
            return ""
        document = Document.objects.with_text().filter(symbol=cleaned.get("document", "")).first()
        missing = document.missing(words, places) if document else []
        return _("“%s” is in none of these paragraphs.") % missing[0][:100] if missing else ""


class QuotationFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        lines: Any = self.forms
        # Django ignores the errors of forms that delete.
        if any(line.is_stale for line in lines if line.cleaned_data.get("DELETE")):
            raise ValidationError(UNSEEN)
        if self.has_changed() and lacks_reason(self.instance, self.data):
            raise ValidationError(_("Enter a reason."))


class QuotationInline(admin.StackedInline):
    model = Quotation
    form = QuotationForm
    formset = QuotationFormSet
    fields = [("field", "words", "document", "paragraphs"), "seen"]
    extra = 0

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        # Without the permission to change there is no form.
        may = self.has_change_permission(request, obj)
        return [name for name in self.fields if may or name not in FORM_ONLY_FIELDS]
