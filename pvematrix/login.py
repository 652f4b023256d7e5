"""Login of staff, on top of django-allauth, and one-time links for choosing a password."""

import logging
import time
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.account.forms import ChangePasswordForm
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import HTTP_USER_AGENT_MAX_LENGTH
from allauth.core.ratelimit import respond_429
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.usersessions.forms import ManageUserSessionsForm
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.decorators import method_decorator
from django.utils.deprecation import MiddlewareMixin
from django.utils.encoding import force_bytes
from django.utils.http import urlencode, urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from requests import RequestException

from projects.history import recording

from .attempts import Attempt, remember
from .errors import ACCOUNTS, DESK, reason_of, unavailable
from .models import Account, Credential
from .passwords import password_check
from .second_factor import has_second_factor_in_session

log = logging.getLogger("pvematrix.security")
# In a session that began with a temporary password.
TEMPORARY = "password_is_temporary"
# How long a link for choosing a password works.
VALID_FOR = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


class StaffBackend(ModelBackend):
    """Ends the session of an account that is no longer staff."""

    def get_user(self, user_id: int) -> Any:
        user = super().get_user(user_id)
        return user if user and user.is_staff else None


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Replace allauth's rate limit, with which anybody could lock anybody out."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        with password_check():
            attempt = Attempt(request, credentials["username"], "password")
            user = super().authenticate(request, **credentials)
        if user and not user.is_staff:
            # Only those who know the password see this, so that it does not list accounts.
            log.warning("login_failed", extra={"request": request, "user": user.get_username()})
            raise ValidationError(_("This account has no access to the desk. Ask a manager."))
        if user:
            attempt.undo()
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        log.warning("login_failed", extra={"request": request, "user": credentials["username"]})

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        log.info("login_succeeded", extra={"request": request})
        remember(request, user.get_username())
        records = get_authentication_records(request, user)
        if any(record["method"] == "password" for record in records):
            given = Credential.objects.filter(user=user, is_temporary=True)
            request.session[TEMPORARY] = given.exists()

    def logout(self, request: HttpRequest) -> None:
        log.info("logout", extra={"request": request})
        super().logout(request)

    def set_password(self, user: Any, password: str) -> None:
        account = Account.objects.get(pk=user.pk)
        with recording(by=user):
            account.set_password(password)
            account.save()
        user.password = account.password  # the session is verified with it
        self.request.session.pop(TEMPORARY, None)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("admin:index")

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Do not ask for the password again just after the login, but always for a code."""
        request, user = self.request, self.request.user
        since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        records = get_authentication_records(request, user)
        given = any(one["method"] == "password" and one["at"] > since for one in records)
        return not given or is_mfa_enabled(user, [Authenticator.Type.TOTP])

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return only the code if there is one: others may know a password."""
        methods = super().get_reauthentication_methods(user)
        codes = [method for method in methods if method["id"] == "mfa_reauthenticate"]
        return codes or methods

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Show a lockout as a page; allauth would write a few words above the form."""
        if code in ("too_many_login_attempts", "rate_limited"):
            raise ImmediateHttpResponse(respond_429(self.request))
        return super().validation_error(code, *args)


class PasswordForm(ChangePasswordForm):
    """Refuses the present password, which may be temporary."""

    def clean_oldpassword(self) -> str:
        with password_check():
            return super().clean_oldpassword()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        new = cleaned.get("password1")
        if new and new == cleaned.get("oldpassword"):
            self.add_error("password1", _("This is your present password. Choose another."))
        return cleaned


class SingleSignOnProvider(OpenIDConnectProvider):
    """Sends a nonce, which the server's answer has to repeat; allauth has none."""

    def redirect(
        self, request: HttpRequest, *args: Any, auth_params: Any = None, **kwargs: Any
    ) -> HttpResponse:
        nonce = get_random_string(32)
        sent = (auth_params or {}) | {"nonce": nonce}
        return super().redirect(request, *args, auth_params=sent, nonce=nonce, **kwargs)


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Logs in those who have an account here; nothing of the server's account is stored."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        told = sociallogin.account.extra_data.get("id_token", {})
        if told.get("nonce") != sociallogin.state["nonce"]:
            detail = "single sign-on: the nonce is not that of this login"
            raise ImmediateHttpResponse(_refuse(request, detail))
        # Only for logging in: allauth's "connect" and "redirect" have no pages.
        sociallogin.state["process"] = "login"
        # Some servers send "true" instead of a boolean.
        verified = [a.email for a in sociallogin.email_addresses if a.verified in (True, "true")]
        sociallogin.user = _staff_with(verified[0]) if verified else None
        if sociallogin.user is None:
            name = "".join(verified[:1])
            raise ImmediateHttpResponse(_refuse(request, "no staff has this address", name))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **said: Any) -> None:
        # Only the kind: a server's message may contain a code or a token.
        exception = said.get("exception")
        detail = type(exception).__name__ if exception else said.get("error")
        raise ImmediateHttpResponse(_refuse(request, f"single sign-on: {detail}"))


def _staff_with(email: str) -> Any:
    found = get_user_model().objects.filter(email__iexact=email, is_active=True, is_staff=True)
    # For PostgreSQL a dotless i is an i.
    exact = [user for user in found if user.email.casefold() == email.casefold()]
    return exact[0] if len(exact) == 1 else None


def _refuse(request: HttpRequest, detail: str, name: str = "") -> HttpResponse:
    """Log the failure; the answer is always the same, so that it does not list accounts."""
    log.warning("login_failed", extra={"request": request, "user": name, "detail": detail})
    text = _("Single sign-on did not succeed. Try again, or ask an administrator for help.")
    messages.error(request, text)
    return redirect("account_login")


class StaffSessionMiddleware(SessionMiddleware):
    """Answers 503 where a locked database does not store a session; Django says it was deleted."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except SessionInterrupted as error:
            # Of Django's UpdateError, which has what the database said.
            reason = reason_of(error.__context__ and error.__context__.__context__)
            if reason is None:
                raise
            if getattr(request.session, "is_only_prolonged", False):
                return response  # the next page prolongs it
            return unavailable(request, reason, error)


class StaffMiddleware(MiddlewareMixin):
    """Asks for second factor and own password first, ends sessions, and logs refusals.

    Pages that do not read the session, as most public ones, cost nothing.
    """

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        first = _required_page(request)
        return redirect(first) if first else None

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.session.accessed and SESSION_KEY in request.session:
            _prolong(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, PermissionDenied):
            log.warning("permission_refused", extra={"request": request})
        if isinstance(exception, RequestException):  # the server of single sign-on does not answer
            return _refuse(request, f"single sign-on: {type(exception).__name__}")
        return None


def _required_page(request: HttpRequest) -> str:
    """Return the address of the page that this session has to visit first, if any.

    Without its second factor a session can open no page of its account.
    """
    path, may_leave = request.path, (f"{ACCOUNTS}logout/", f"{DESK}logout/")
    asks = path.startswith((DESK, ACCOUNTS)) and path not in may_leave
    if not (asks and request.user.is_authenticated):
        return ""
    has_factor = is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
    first = ""
    if has_factor and not has_second_factor_in_session(request):
        first = reverse("mfa_reauthenticate")
    elif request.session.get(TEMPORARY):
        first = reverse("account_change_password")
    elif settings.STAFF_SECOND_FACTOR and not has_factor and path.startswith(DESK):
        first = reverse("mfa_activate_totp")
    if path == first or not first:
        return ""
    return f"{first}?{urlencode({'next': request.get_full_path()})}"


def _prolong(request: HttpRequest) -> None:
    """Let the session end after an idle hour, or 12 hours after the login."""
    now, session = timezone.now(), request.session
    is_new = "login_at" not in session
    login_at = datetime.fromisoformat(session.setdefault("login_at", now.isoformat()))
    end = min(
        now + timedelta(seconds=settings.SESSION_COOKIE_AGE),
        login_at + timedelta(seconds=settings.SESSION_LONGEST),
    )
    # Each change is a write, so at most once a minute.
    if not is_new and end - session.get_expiry_date() < timedelta(minutes=1):
        return
    # For StaffSessionMiddleware.
    session.is_only_prolonged = not session.modified  # type: ignore[attr-defined]  # an own mark
    with suppress(OperationalError):  # while somebody else is writing; the next page tries again
        # A login is in the list of sessions already.
        if not is_new:
            UserSession.objects.filter(session_key=session.session_key).update(
                last_seen_at=now,
                ip=get_adapter().get_client_ip(request),
                user_agent=request.headers.get("User-Agent", "")[:HTTP_USER_AGENT_MAX_LENGTH],
            )
        session.set_expiry(end)


class EndSessionsForm(ManageUserSessionsForm):
    """Ends the session that is chosen, and without one all but that of the request."""

    session = forms.ModelChoiceField(
        UserSession.objects.none(),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("This session has ended already.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.here = self.request.session.session_key
        own = UserSession.objects.filter(user=self.request.user).exclude(session_key=self.here)
        self.fields["session"].queryset = own

    def save(self, request: HttpRequest) -> None:
        chosen = self.cleaned_data["session"]
        keys = [chosen.session_key] if chosen else None
        Account.objects.get(pk=request.user.pk).end_sessions(keys, but=self.here)


@method_decorator(reauthentication_required(allow_get=True), name="dispatch")
class Sessions(ListUserSessionsView):
    """Where an account is logged in."""

    form_class = EndSessionsForm


def link_for(request: HttpRequest, account: Account) -> str:
    """Return the address at which the account's owner can choose a password, once, within a day.

    A login, and a change of password or e-mail, make it invalid. The security log has it.
    """
    logged = {"request": request, "detail": account.get_username()}
    # On commit, since an account that was not created has no link.
    transaction.on_commit(partial(log.warning, "password_link_made", extra=logged))
    key = urlsafe_base64_encode(force_bytes(account.pk))
    token = default_token_generator.make_token(account)
    return request.build_absolute_uri(reverse("account_choose_password", args=[key, token]))


class ChoosePassword(PasswordResetConfirmView):
    """The page of such a link; it does not log in, so that a second factor is still needed."""

    template_name = "account/choose_password.html"
    success_url = reverse_lazy("account_login")

    def get_user(self, uidb64: str) -> Account | None:
        user = super().get_user(uidb64)
        return Account.objects.filter(pk=user.pk, is_active=True).first() if user else None

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        return super().render_to_response(
            context, status=200 if context["validlink"] else 404, **kwargs
        )

    def form_valid(self, form: Any) -> HttpResponse:
        with password_check(), recording(by=self.user):
            response = super().form_valid(form)
            form.user.end_sessions()
        messages.success(self.request, _("Your password is set. Log in with it."))
        return response
