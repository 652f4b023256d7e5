"""Documents, their text, what they say, and plans, at the desk."""

from .recorded import FoldedSearchAdmin, RecordedAdmin


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


class StatementAdmin(FoldedSearchAdmin):
    """What documents say; the code stands in addresses and never changes."""

    list_display = ["code", "kind", "title", "cited", "areas", "basis"]
    list_filter = ["kind", "basis", "document"]
    list_select_related = ["document"]
    autocomplete_fields = ["document", "about", "parent", "entities"]

    def get_readonly_fields(self, request, obj=None):
        return ["code"] if obj else []


class PlanAdmin(RecordedAdmin):
    list_display = ["title", "level", "country", "organization", "status", "adopted_on"]
    list_filter = ["level", "status"]
    list_select_related = ["country"]
    search_fields = ["title", "organization"]
    autocomplete_fields = ["country"]

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["title"]}
