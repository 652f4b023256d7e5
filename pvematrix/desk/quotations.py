"""Quotations at the desk: the words that a value was read from, within a project and alone."""

from django import forms
from django.contrib import admin

from projects.models import Project, Quotation

from .forms import FORM_ONLY_FIELDS, UNSEEN, RecordedForm, last_revision
from .recorded import RecordedAdmin, with_seen


class QuotationForm(RecordedForm):
    """The words that a value was read from; one that somebody changed meanwhile is not saved."""

    class Meta:
        widgets = {"words": forms.Textarea(attrs={"rows": 2, "cols": 60})}


class QuotationInlineForm(QuotationForm):
    """The same within the project's form, which has the reason."""

    reason = None  # type: ignore[assignment]  # Django's way to leave out an inherited field

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and last_revision(self.instance) > (cleaned.get("seen") or 0):
            self.add_error(None, UNSEEN)
        return cleaned


class QuotationInline(admin.TabularInline):
    """The words of a source, one line for each field that was read from words."""

    model = Quotation
    form = QuotationInlineForm
    fields = ["field", "words", "document", "paragraphs", "seen"]
    extra = 0

    def get_queryset(self, request):
        return with_seen(super().get_queryset(request))

    def get_fields(self, request, obj=None):
        # Who may only look has no form.
        may = self.has_change_permission(request, obj)
        return [name for name in self.fields if may or name not in FORM_ONLY_FIELDS]


class QuotationAdmin(RecordedAdmin):
    """All quotations, with their history: a deleted one is brought back here."""

    form = QuotationForm
    list_display = ["project", "field", "words", "document", "paragraphs"]
    list_display_links = ["field"]
    list_filter = ["field", "document"]
    list_select_related = ["project"]
    search_fields = ["words", "project__search_text"]
    ordering = ["project__number", "field"]
    autocomplete_fields = ["project"]
    fields = ["project", "field", "words", "document", "paragraphs", "reason", "seen"]

    def get_readonly_fields(self, request, obj=None):
        return ["project"] if obj else []

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        # Django asks the default manager, which hides drafts.
        return super().formfield_for_foreignkey(
            db_field, request, queryset=Project.live.all(), **kwargs
        )
