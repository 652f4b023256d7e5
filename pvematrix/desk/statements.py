"""Reports, figures, documents, paragraphs, statements and plans at the desk."""

from django import forms
from django.contrib import admin

from projects.columns import SEPARATOR
from reports.models import STATEMENT_TABLE, Figure, Kind, Statement
from reports.models.statement import next_code

from .corrections import CorrectedAdmin, CorrectedForm
from .lists import ReadOnly
from .recorded import FoldedSearchAdmin, RecordedAdmin
from .review import ReviewedAdmin, WaitingForFilter


class FigureInline(ReadOnly, admin.TabularInline):
    """A report's figures, edited on their own pages, which prevent overwriting."""

    model = Figure
    extra = 0
    show_change_link = True
    fields = ["position", "paragraph", "query", "unit", "comparator", "value", "date"]


class ReportAdmin(RecordedAdmin):
    list_display = ["symbol", "title", "date", "is_basis"]
    search_fields = ["symbol", "title"]
    inlines = [FigureInline]
    permanent_fields = ("slug",)
    prepopulated_fields = {"slug": ["symbol"]}


class FigureAdmin(RecordedAdmin):
    list_display = ["report", "position", "paragraph", "query", "comparator", "value", "unit"]
    list_display_links = ["position"]
    list_filter = ["report", "unit"]
    list_select_related = ["report"]
    search_fields = ["query", "paragraph"]
    autocomplete_fields = ["report"]


class DocumentAdmin(RecordedAdmin):
    list_display = ["slug", "symbol", "title", "kind", "date"]
    search_fields = ["symbol", "title"]
    permanent_fields = ("slug",)
    prepopulated_fields = {"slug": ["symbol", "title"]}


class ParagraphAdmin(RecordedAdmin):
    list_display = ["document", "number", "section", "section_heading"]
    list_display_links = ["number"]
    list_filter = ["document"]
    list_select_related = ["document"]
    search_fields = ["text"]
    autocomplete_fields = ["document"]
    permanent_fields = ("document", "number")


class AreasField(forms.CharField):
    def to_python(self, value):
        typed = super().to_python(value) or ""
        slugs = STATEMENT_TABLE.by_name["areas"].slugs_of(typed)
        return typed if slugs is None else SEPARATOR.join(slugs)


class WithAreasAdmin(CorrectedAdmin, ReviewedAdmin):
    form = CorrectedForm

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "areas":
            kwargs["form_class"] = AreasField
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class StatementAdmin(WithAreasAdmin, FoldedSearchAdmin):
    list_display = ["code", "title", "kind", "review", "waits_since", "cited", "areas", "basis"]
    list_filter = ["review", WaitingForFilter, "kind", "basis", "document"]
    list_select_related = ["document"]
    autocomplete_fields = ["document", "about", "parent", "entities"]
    permanent_fields = ("code", "review")

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        kind = initial.get("kind")
        return {"code": next_code(Kind(kind))} | initial if kind in Kind.values else initial

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.related_model is Statement:
            # A draft can be part of another.
            kwargs["queryset"] = Statement.live.all()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _with_relations(self, records):
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
    permanent_fields = ("slug", "review")
    prepopulated_fields = {"slug": ["title"]}
