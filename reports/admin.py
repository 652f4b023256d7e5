"""Published reports and their figures."""

from django.contrib import admin

from .models import Figure, Report


class FigureInline(admin.TabularInline):
    model = Figure
    extra = 0


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):
    list_display = ["symbol", "title", "date"]
    search_fields = ["symbol", "title"]
    date_hierarchy = "date"
    inlines = [FigureInline]

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["symbol"]}


@admin.register(Figure)
class FigureAdmin(admin.ModelAdmin):
    list_display = ["report", "position", "paragraph", "label", "comparator", "value"]
    list_display_links = ["label"]
    list_filter = ["report", "dimension"]
    list_select_related = ["report"]
    search_fields = ["slug", "paragraph"]
    autocomplete_fields = ["report"]
