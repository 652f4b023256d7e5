"""Second factors at the desk: they can be taken away, and their secrets not seen."""

from allauth.mfa.models import Authenticator

from ..models import Account
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

    def has_delete_permission(self, request, obj=None):
        # One's own is taken away under "Second factor", which asks for a code.
        is_own = obj is not None and obj.user_id == request.user.pk
        return not is_own and super().has_delete_permission(request, obj)

    def delete_model(self, request, obj):
        """Take app and recovery codes away together, and with them the account's sessions."""
        account = Account.objects.get(pk=obj.user_id)
        with account.changing(by=request.user):
            Authenticator.objects.filter(user_id=account.pk).delete()
            account.end_sessions()

    def delete_queryset(self, request, queryset):
        for factor in queryset:
            self.delete_model(request, factor)
