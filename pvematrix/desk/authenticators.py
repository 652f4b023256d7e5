"""The desk's view of logging in: second factors can be taken away, and their secrets not seen."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin

from .recorded import ListedLookupsAdmin

# These tables stay empty: nobody signs up, and single sign-on is set in the environment.
admin.site.unregister([Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken])


@admin.register(Authenticator)
class AuthenticatorAdmin(ListedLookupsAdmin):
    """For who has lost telephone and recovery codes: delete, and the next login sets up anew."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    search_fields = ["user__username"]
    exclude = ["data"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
