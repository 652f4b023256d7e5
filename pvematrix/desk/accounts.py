"""Accounts of staff, as managers keep them: nobody gives, or takes over, rights they lack."""

from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q


class StaffAdmin(UserAdmin):
    """Managers keep accounts with no more rights than their own; superusers keep all."""

    list_display = ["username", "email", "is_active", "is_staff", "is_superuser", "last_login"]

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

    def has_change_permission(self, request, obj=None):
        above = obj is not None and _is_above(obj, request.user)
        return not above and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        # An account that is no longer needed is made inactive: history keeps naming it.
        return request.user.is_superuser and super().has_delete_permission(request, obj)

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
