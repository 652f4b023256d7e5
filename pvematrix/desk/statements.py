"""Documents, their text, what they say, and plans, at the desk."""

from django import forms

from projects.columns import SEPARATOR
from reports.models import STATEMENT_TABLE, Kind, Statement
from reports.models.statement import next_code

from .corrections import CorrectedAdmin, CorrectedForm
from .recorded import FoldedSearchAdmin, RecordedAdmin
from .review import ReviewedAdmin, WaitingForFilter


class DocumentAdmin(RecordedAdmin):
    list_display = ["slug", "symbol", "title", "kind", "date"]
    search_fields = ["symbol", "title"]

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["symbol", "title"]}


class ParagraphAdmin(RecordedAdmin):
    """A paragraph keeps its place: addresses and quotations rest on it."""

    list_display = ["document", "number", "section", "section_heading"]
    list_display_links = ["number"]
    list_filter = ["document"]
    list_select_related = ["document"]
    search_fields = ["text"]
    autocomplete_fields = ["document"]

    def get_readonly_fields(self, request, obj=None):
        return ["document", "number"] if obj else []


class AreasField(forms.CharField):
    """Priority areas, each as its slug or its label, in any case."""

    def to_python(self, value):
        typed = super().to_python(value) or ""
        slugs = STATEMENT_TABLE.by_name["areas"].slugs_of(typed)
        return typed if slugs is None else SEPARATOR.join(slugs)


class WithAreasAdmin(CorrectedAdmin, ReviewedAdmin):
    """Records that say which priority areas they concern."""

    form = CorrectedForm

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "areas":
            kwargs["form_class"] = AreasField
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class StatementAdmin(WithAreasAdmin, FoldedSearchAdmin):
    """What documents say; the code stands in addresses and never changes."""

    list_display = ["code", "title", "kind", "review", "waits_since", "cited", "areas", "basis"]
    list_filter = ["review", WaitingForFilter, "kind", "basis", "document"]
    list_select_related = ["document"]
    autocomplete_fields = ["document", "about", "parent", "entities"]

    def get_readonly_fields(self, request, obj=None):
        return ["code", "review"] if obj else []

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        kind = initial.get("kind")
        return {"code": next_code(Kind(kind))} | initial if kind in Kind.values else initial

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.related_model is Statement:
            # A draft can be a part of another.
            kwargs["queryset"] = Statement.live.all()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _shown(self, records):
        return records.of_kinds()


class PlanAdmin(WithAreasAdmin):
    list_display = [
        *("title", "review", "waits_since", "level"),
        *("country", "organization", "status", "adopted_on"),
    ]
    list_filter = ["review", WaitingForFilter, "level", "status"]
    list_select_related = ["country"]
    search_fields = ["title", "organization"]
    autocomplete_fields = ["country"]

    def get_readonly_fields(self, request, obj=None):
        return ["slug", "review"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["title"]}
