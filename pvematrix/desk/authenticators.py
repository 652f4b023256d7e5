"""Second factors at the desk: they can be taken away, and their secrets not seen."""

from .lists import ListedLookupsAdmin


class AuthenticatorAdmin(ListedLookupsAdmin):
    """For who has lost telephone and recovery codes: delete, and the next login sets up anew."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    search_fields = ["user__username"]
    exclude = ["data"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
