"""What staff login adds to django-allauth: only staff, one answer, a second factor, a log."""

import logging
from datetime import datetime, timedelta

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from requests import RequestException

from projects.history import recording

from .attempts import Attempt, remember, who_logs_in
from .models import Account
from .passwords import one_of_few

log = logging.getLogger("pvematrix.security")


class StaffBackend(ModelBackend):
    """Everybody else gets the answer that an unknown account gets, and loses a session at once."""

    def user_can_authenticate(self, user):
        return super().user_can_authenticate(user) and user.is_staff


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def login(self, request, user):
        super().login(request, user)
        log.info("login_succeeded", extra={"request": request})
        remember(request, user.get_username())

    def pre_authenticate(self, request, **credentials):
        """Leave out allauth's own counting: it would let anybody close anybody's account."""

    def authenticate(self, request, **credentials):
        with one_of_few():
            attempt = Attempt(request, credentials["username"], "password")
            user = super().authenticate(request, **credentials)
            if user:
                attempt.undo()
        return user

    def authentication_failed(self, request, **credentials):
        log.warning("login_failed", extra={"request": request, "user": credentials["username"]})

    def logout(self, request):
        log.info("logout", extra={"request": request})
        super().logout(request)

    def set_password(self, user, password):
        account = Account.objects.get(pk=user.pk)
        with recording(by=user):
            account.set_password(password)
            account.save()
        user.password = account.password  # what the session goes by

    def validation_error(self, code, *args):
        """Make a lockout a page of its own; allauth would write a few words above the form."""
        if code in ("too_many_login_attempts", "rate_limited"):
            raise ImmediateHttpResponse(respond_429(self.request))
        return super().validation_error(code, *args)


class SecondFactorAdapter(DefaultMFAAdapter):
    def validation_error(self, code, *args):
        if code == "incorrect_code" and not self.request.user.is_authenticated:
            name = who_logs_in(self.request)
            log.warning("login_failed", extra={"request": self.request, "user": name})
        return super().validation_error(code, *args)


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Lets in those who have an account here already; nothing about the server's is stored."""

    def is_open_for_signup(self, request, sociallogin):
        return False

    def pre_social_login(self, request, sociallogin):
        # Logging in is all one can do with it: allauth's "connect" and "redirect" have no pages.
        sociallogin.state["process"] = "login"
        # Some servers send the word instead of the truth value.
        verified = [a.email for a in sociallogin.email_addresses if a.verified in (True, "true")]
        sociallogin.user = _staff_with(verified[0]) if verified else None
        if sociallogin.user is None:
            name = "".join(verified[:1])
            raise ImmediateHttpResponse(_refuse(request, "no staff has this address", name))

    def on_authentication_error(self, request, provider, error=None, exception=None, **kwargs):
        # The kind only: a server's message may hold a code or a token.
        detail = type(exception).__name__ if exception else error
        raise ImmediateHttpResponse(_refuse(request, f"single sign-on: {detail}"))


def _staff_with(email: str):
    """Return the one active member of staff who has this address, or None."""
    found = get_user_model().objects.filter(email__iexact=email, is_active=True, is_staff=True)
    # PostgreSQL takes a dotless i for an i.
    exact = [user for user in found if user.email.casefold() == email.casefold()]
    return exact[0] if len(exact) == 1 else None


def _refuse(request, detail, name=""):
    """Answer every failure of single sign-on alike; the log says more."""
    log.warning("login_failed", extra={"request": request, "user": name, "detail": detail})
    messages.error(request, _("Single sign-on did not succeed. Ask an administrator for help."))
    return redirect("account_login")


class StaffMiddleware:
    """Asks for the second factor, ends sessions in time, and logs refusals.

    A page that does not ask who is there, and that is nearly every public one, costs nothing.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        asked_for = _second_factor_to_give(request) if settings.STAFF_SECOND_FACTOR else ""
        response = redirect(asked_for) if asked_for else self.get_response(request)
        if request.session.accessed and SESSION_KEY in request.session:
            _prolong(request.session)
        return response

    def process_exception(self, request, exception):
        if isinstance(exception, PermissionDenied):
            log.warning("permission_refused", extra={"request": request})
        if isinstance(exception, RequestException):  # the server of single sign-on is out of reach
            return _refuse(request, f"single sign-on: {type(exception).__name__}")
        return None


def _second_factor_to_give(request) -> str:
    """Return the address where this session sets up or gives its second factor, if it must."""
    if not (request.path.startswith(reverse("admin:index")) and request.user.is_authenticated):
        return ""
    if not is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
        return reverse("mfa_activate_totp")
    # One that began before the account had a second factor has not given any.
    given = get_authentication_records(request, request.user)
    if any(record["method"] == "mfa" for record in given):
        return ""
    return f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.get_full_path()})}"


class SetUpSecondFactor(ActivateTOTPView):
    """Whoever sets it up has given it: the app's first code was right."""

    def form_valid(self, form):
        response = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa")
        return response


def _prolong(session):
    """Let the session end when it has been idle for an hour, or 12 hours after the login."""
    now = timezone.now()
    is_new = "login_at" not in session
    login_at = datetime.fromisoformat(session.setdefault("login_at", now.isoformat()))
    end = min(
        now + timedelta(seconds=settings.SESSION_COOKIE_AGE),
        login_at + timedelta(seconds=settings.SESSION_LONGEST),
    )
    # Each time is a write, so not more than once a minute.
    if is_new or end - session.get_expiry_date() >= timedelta(minutes=1):
        session.set_expiry(end)
