"""The second factor: its keys, its codes, and its changes."""

import logging
from base64 import urlsafe_b64encode
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.views.generic import FormView

from .attempts import Attempt, who_logs_in
from .models import Account

log = logging.getLogger("pvematrix.security")


def cipher() -> MultiFernet:
    """Return what encrypts with the first of SECOND_FACTOR_KEYS, and decrypts with any of them."""
    keys = (
        salted_hmac("pvematrix.encryption", "", secret=key, algorithm="sha256").digest()
        for key in settings.SECOND_FACTOR_KEYS
    )
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])


class SecondFactorAdapter(DefaultMFAAdapter):
    """Encrypts keys with the first of SECOND_FACTOR_KEYS, and logs wrong codes."""

    def encrypt(self, text: str) -> str:
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            request = context.request
            log.error("second_factor_unreadable", extra={"request": request})
            page = render(request, "503_second_factor.html", status=503)
            raise ImmediateHttpResponse(page) from None

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        if code == "incorrect_code":
            request = context.request
            log.warning("login_failed", extra={"request": request, "user": who_logs_in(request)})
        return super().validation_error(code, *args)


def has_second_factor_in_session(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)


def _mark_as_used(user: Any, code: str) -> None:
    """Refuse a code of the app from now on, as long as its time is accepted."""
    steps = 2 * app_settings.TOTP_TOLERANCE + 1
    factor = TOTP(Authenticator(user=user))
    # allauth does so for one step, regardless of the tolerance.
    cache.set(factor._get_used_cache_key(code), "y", timeout=steps * app_settings.TOTP_PERIOD)


class GivenCode(BaseAuthenticateForm):
    """Counts attempts by account and address, and accepts a code once."""

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        attempt = Attempt(context.request, self.user.get_username(), "code")
        for factor in Authenticator.objects.filter(user=self.user):
            if factor.wrap().validate_code(code):
                _mark_as_used(self.user, code)
                factor.user = self.user
                self.authenticator = factor
                attempt.undo()
                return code
        raise get_adapter().validation_error("incorrect_code")


class LoginCodeForm(GivenCode, AuthenticateForm):
    """The code after the password."""


class ReauthenticationCodeForm(GivenCode, ReauthenticateForm):
    """The code before a change of the account."""


class FirstCodeForm(ActivateTOTPForm):
    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        attempt = Attempt(context.request, self.user.get_username(), "first code")
        if not validate_totp_code(self.secret, code):
            raise get_adapter().validation_error("incorrect_code")
        attempt.undo()
        return code


class FactorChange(FormView):
    """A form that changes the second factor: history records it, and other sessions end."""

    def form_valid(self, form: Any) -> HttpResponse:
        account = Account.objects.get(pk=self.request.user.pk)
        with account.changing(by=self.request.user):
            response = super().form_valid(form)
            account.end_sessions(but=self.request.session.session_key)
        return response


class SetUpSecondFactor(FactorChange, ActivateTOTPView):
    """Setting it up counts as giving it: the app's first code was right."""

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        _mark_as_used(self.request.user, form.cleaned_data["code"])
        record_authentication(self.request, self.request.user, "mfa", reauthenticated=True)
        return response


class RemoveSecondFactor(FactorChange, DeactivateTOTPView):
    """Removes app and recovery codes."""


class MakeRecoveryCodes(FactorChange, GenerateRecoveryCodesView):
    """Makes new recovery codes, which replace the old ones."""
