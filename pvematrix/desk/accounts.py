"""Accounts of staff: nobody gives, or takes over, rights that they lack."""

from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib.admin.utils import label_for_field
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q, QuerySet
from django.forms import ModelForm
from django.forms.utils import pretty_name
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from projects.history import FieldChange, Revision, recording

from ..login import VALID_FOR, link_for
from ..models import Account
from .forms import RecordedForm
from .groups import described
from .lists import ListedLookupsAdmin, ReadOnly, refused, require
from .recorded import RecordedAdmin

# How long the desk shows people the changes of their accounts.
NEWS_AGE = timedelta(days=30)
# Rights that no role gives.
SINGLE = ("is_staff", "is_superuser", "user_permissions")


class AccountForm(RecordedForm):
    class Meta:
        help_texts = {
            "is_active": _("Untick it to close the account and end its sessions."),
            "is_staff": _("Without it the account cannot open the desk."),
            "is_superuser": _("May do everything."),
        }


class NewAccountForm(forms.ModelForm):
    role = forms.ModelChoiceField(
        Group.objects.none(), widget=forms.RadioSelect, label=_("Role"), empty_label=None
    )

    class Meta:
        model = Account
        fields = ("username", "first_name", "last_name", "email")

    def save(self, commit: bool = True) -> Account:
        self.instance.is_staff = True
        self.instance.set_unusable_password()
        return super().save(commit)


class RoleAdmin(ListedLookupsAdmin, GroupAdmin):
    # Django's two lists side by side have no accessible names.
    filter_horizontal = ()
    actions = ["delete_selected"]


class StaffAdmin(RecordedAdmin, UserAdmin):
    """Managers edit accounts with no more rights than their own; superusers edit all."""

    form = AccountForm
    is_personal = True
    add_form = NewAccountForm
    filter_horizontal = ()
    add_form_template = None
    add_fieldsets = [(None, {"fields": ["username", "first_name", "last_name", "email", "role"]})]
    change_form_template = "admin/pvematrix/account/change_form.html"
    fieldsets = [
        (None, {"fields": ["username", ("first_name", "last_name"), "email"]}),
        (_("Rights"), {"fields": ["groups", "is_active"]}),
        (_("Single permissions"), {"classes": ["collapse"], "fields": SINGLE}),
        (None, {"fields": [("last_login", "date_joined"), "reason", "seen"]}),
    ]
    list_display = ["username", "email", "is_active", "is_superuser", "last_login"]
    list_filter = ["groups", "is_active", "is_superuser"]
    own_pages = [("<int:pk>/link/", "link_view", "pvematrix_account_link")]
    # The login writes these, and history does not record them.
    readonly_fields = ["last_login", "date_joined"]

    def in_words(self, change: FieldChange) -> FieldChange:
        return in_words(change)

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        with recording(by=request.user):
            return super().user_change_password(request, id, form_url)

    @method_decorator(require_POST)
    def link_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = get_object_or_404(Account, pk=pk)
        require(self.has_change_permission(request, account))
        return self._show_link(request, account)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._show_link(request, obj)

    def _show_link(self, request: HttpRequest, account: Account) -> HttpResponse:
        if not account.is_active:
            text = _("This account is closed. Make it active first.")
            return refused(request, text, "admin:pvematrix_account_change", account.pk)
        context = {
            "original": account,
            "link": link_for(request, account),
            "until": timezone.now() + VALID_FOR,
        }
        title = f"{_('Link')}: {account.get_username()}"
        return self.own_page(request, "account_link", title, context)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change:
            form.instance.groups.set([form.cleaned_data["role"]])

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        if obj is None:
            form.base_fields["role"].queryset = _groups_for(request.user)
            form.base_fields["role"].label_from_instance = described
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or request.user.is_superuser or obj.user_permissions.exists():
            return fieldsets
        return [one for one in fieldsets if "user_permissions" not in one[1]["fields"]]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        return [*fields, "is_superuser", "user_permissions"]

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            field: Any = forms.ModelMultipleChoiceField(
                _groups_for(request.user),
                widget=forms.CheckboxSelectMultiple,
                label=_("Role"),
                required=False,
            )
            field.label_from_instance = described
            return field
        # Their names have those of their models.
        kwargs["queryset"] = Permission.objects.select_related("content_type")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    # An account is a user of Django's, so groups have the permissions of users.

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_module_perms("auth")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return any(request.user.has_perm(f"auth.{action}_user") for action in ("view", "change"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("auth.add_user")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        above = obj is not None and _is_above(obj, request.user)
        return not above and request.user.has_perm("auth.change_user")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Others make accounts inactive, so that history can name them.
        return request.user.is_superuser


class AuthenticatorAdmin(ReadOnly, ListedLookupsAdmin):
    """To delete the second factor of people who lost it; the next login sets up another."""

    actions = ["delete_selected"]
    list_display = ["user", "type", "created_at", "last_used_at"]
    search_fields = ["user__username"]
    exclude = ["data"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Your own is removed on the page "Second factor", which asks for a code.
        is_own = obj is not None and obj.user_id == request.user.pk
        return not is_own and request.user.has_perm("mfa.delete_authenticator")

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Remove app and recovery codes together, and end the account's sessions."""
        account = Account.objects.get(pk=obj.user_id)
        with account.changing(by=request.user):
            Authenticator.objects.filter(user_id=account.pk).delete()
            account.end_sessions()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for factor in queryset:
            self.delete_model(request, factor)


def _groups_for(user: Any) -> QuerySet[Group]:
    """Return the groups that an account may give: those without a permission that it lacks."""
    if user.is_superuser:
        return Group.objects.order_by("pk")
    missing = Permission.objects.exclude(pk__in=_granted(user))
    return Group.objects.exclude(permissions__in=missing).order_by("pk")


def _granted(user: User) -> QuerySet[Permission]:
    """Return an account's permissions, also while it is inactive."""
    return Permission.objects.filter(Q(user=user) | Q(group__user=user))


def _is_above(user: User, other: Any) -> bool:
    if other.is_superuser:
        return False
    return user.is_superuser or _granted(user).exclude(pk__in=_granted(other)).exists()


def news_of(user: Any) -> list[tuple[Revision, list[FieldChange]]]:
    """Return the latest revisions of an account with their changes, newest first."""
    since = timezone.now() - NEWS_AGE
    lately = Revision.objects.of_model(User).filter(object_id=user.pk, at__gte=since)
    return [
        (revision, [in_words(one) for one in revision.changes])
        for revision in lately.order_by("-pk")[:10]
    ]


def in_words(change: FieldChange) -> FieldChange:
    # Some columns have no field in the account's form.
    has_field = hasattr(User, change.column)
    label = label_for_field(change.column, User) if has_field else pretty_name(change.column)
    old, new = (_value(change.column, one) for one in (change.old, change.new))
    return FieldChange(capfirst(str(label)), old, new)


def _value(column: str, stored: str) -> str:
    if stored in ("True", "False"):
        return str(_("Yes") if stored == "True" else _("No"))
    if not stored or not column.endswith(("_at", "_since")):
        return stored
    return date_format(datetime.fromisoformat(stored), "DATETIME_FORMAT")
