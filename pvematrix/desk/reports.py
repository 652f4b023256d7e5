"""Published reports and their figures at the desk."""

from django.contrib import admin

from reports.models import Figure

from .lists import ReadOnly
from .recorded import RecordedAdmin


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
