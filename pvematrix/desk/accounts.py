"""Accounts of staff, as managers keep them: nobody gives, or takes over, rights they lack."""

from datetime import timedelta

from django.contrib.admin.utils import label_for_field
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from projects.history import Revision, recording

from .forms import RecordedForm
from .recorded import RecordedAdmin

# So long the desk tells people what happened to their own account.
TOLD_FOR = timedelta(days=30)
# What has no field in the account's form, in words.
LABELS = {
    "password_set_at": gettext_lazy("password set at"),
    "password_is_temporary": gettext_lazy("password is to be changed"),
    "second_factor_since": gettext_lazy("second factor since"),
    "recovery_codes_since": gettext_lazy("recovery codes since"),
}


class AccountForm(RecordedForm, UserChangeForm):
    """Asks why, as every form of a recorded record does."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "reason" in self.fields:  # who may only look is not asked
            self.fields["reason"].help_text = gettext_lazy("Kept with the change.")


class StaffAdmin(RecordedAdmin, UserAdmin):
    """Managers keep accounts with no more rights than their own; superusers keep all."""

    form = AccountForm
    fieldsets = [*(UserAdmin.fieldsets or []), (None, {"fields": ["reason", "seen"]})]
    list_display = ["username", "email", "is_active", "is_staff", "is_superuser", "last_login"]
    # The login writes these, and no history keeps them.
    readonly_fields = ["last_login", "date_joined"]

    def user_change_password(self, request, id, form_url=""):
        with recording(by=request.user):
            return super().user_change_password(request, id, form_url)

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        return [*fields, "is_superuser", "user_permissions"]

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        if db_field.name == "groups" and not request.user.is_superuser:
            lacking = Permission.objects.exclude(pk__in=_held(request.user))
            kwargs["queryset"] = Group.objects.exclude(permissions__in=lacking)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    # An account is a user of Django's: so are the permissions that groups hold.

    def has_module_permission(self, request):
        return request.user.has_module_perms("auth")

    def has_view_permission(self, request, obj=None):
        return any(request.user.has_perm(f"auth.{action}_user") for action in ("view", "change"))

    def has_add_permission(self, request):
        return request.user.has_perm("auth.add_user")

    def has_change_permission(self, request, obj=None):
        above = obj is not None and _is_above(obj, request.user)
        return not above and request.user.has_perm("auth.change_user")

    def has_delete_permission(self, request, obj=None):
        # An account that is no longer needed is made inactive: history keeps naming it.
        return request.user.is_superuser

    def get_actions(self, request):
        return {}


def _held(user: User):
    """Return the permissions that an account has, or will have when it is active again."""
    return Permission.objects.filter(Q(user=user) | Q(group__user=user))


def _is_above(user: User, other: User) -> bool:
    """Return whether the first may do anything that the second may not."""
    if other.is_superuser:
        return False
    return user.is_superuser or _held(user).exclude(pk__in=_held(other)).exists()


def news_of(user) -> list[tuple[Revision, list[tuple[str, str, str]]]]:
    """Return what happened to an account lately, newest first: (label, old, new) per revision."""
    since = timezone.now() - TOLD_FOR
    lately = Revision.objects.of_model(User).filter(object_id=user.pk, at__gte=since)
    return [
        (revision, [(str(_label(one.column)), one.old, one.new) for one in revision.changes])
        for revision in lately.order_by("-pk")[:10]
    ]


def _label(column: str):
    return LABELS.get(column) or label_for_field(column, User)
