"""What the desk's lists share: an address narrows them by what they offer, and nothing else."""

from django.contrib import admin


class ListedLookupsAdmin(admin.ModelAdmin):
    """An address narrows the list by what the list's filters offer, and by nothing else.

    Django would try any lookup on any field: also regular expressions, and fields nobody may see.
    """

    def lookup_allowed(self, lookup, value, request):
        field, _sign, how = lookup.replace("__id__", "__", 1).partition("__")
        offered = [getattr(one, "parameter_name", one) for one in self.list_filter]
        return field in offered and how in ("", "exact", "isnull", "gte", "lt")


class ReadOnlyAdmin(ListedLookupsAdmin):
    """A table that the application writes; nobody edits it, not even a superuser."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
