"""The directories of countries and entities at the desk."""

from .recorded import FoldedSearchAdmin


class DirectoryAdmin(FoldedSearchAdmin):
    """A directory: what projects refer to cannot be deleted."""

    def get_deleted_objects(self, objs, request):
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, missing, [*protected, *(u for entry in objs for u in entry.users)]


class CountryAdmin(DirectoryAdmin):
    list_display = ["code", "m49", "name"]
    ordering = ["name"]
    sortable_by = ["code", "m49", "name"]


class EntityAdmin(DirectoryAdmin):
    list_display = ["acronym", "name", "kind", "aliases", "acronym_from"]
    list_filter = ["kind", "acronym_from"]
    search_fields = ["search_text", "aliases"]
    ordering = ["acronym"]
