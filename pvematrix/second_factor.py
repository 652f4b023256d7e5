"""The second factor: who has to give it, what a code is good for, and what a change of it ends."""

import logging
from base64 import urlsafe_b64encode

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
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.views.generic import FormView

from .attempts import Attempt, who_logs_in
from .models import Account

log = logging.getLogger("pvematrix.security")


def _cipher() -> MultiFernet:
    keys = (
        salted_hmac("pvematrix.encryption", "", secret=key, algorithm="sha256").digest()
        for key in settings.SECOND_FACTOR_KEYS
    )
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])


def encrypt_again(token: str) -> str:
    """Return the token encrypted with the first of SECOND_FACTOR_KEYS.

    Raises cryptography's InvalidToken if none of the keys fits.
    """
    return _cipher().rotate(token.encode()).decode()


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps keys encrypted with the first of SECOND_FACTOR_KEYS, and logs wrong codes."""

    def encrypt(self, text):
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            request = context.request
            log.error("second_factor_unreadable", extra={"request": request})
            page = render(request, "503_second_factor.html", status=503)
            raise ImmediateHttpResponse(page) from None

    def validation_error(self, code, *args):
        if code == "incorrect_code":
            request = context.request
            log.warning("login_failed", extra={"request": request, "user": who_logs_in(request)})
        return super().validation_error(code, *args)


def is_given(request) -> bool:
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)


# Codes


def _use_up(user, code: str) -> None:
    """Let a code of the app work no more, for as long as its time is taken for now."""
    steps = 2 * app_settings.TOTP_TOLERANCE + 1
    factor = TOTP(Authenticator(user=user))
    # allauth keeps it for one step, whatever the tolerance is.
    cache.set(factor._get_used_cache_key(code), "y", timeout=steps * app_settings.TOTP_PERIOD)


class GivenCode(BaseAuthenticateForm):
    """What a form does with a code: counts it by account and address, and takes it once."""

    def clean_code(self):
        code = self.cleaned_data["code"]
        attempt = Attempt(context.request, self.user.get_username(), "code")
        for factor in Authenticator.objects.filter(user=self.user):
            if factor.wrap().validate_code(code):
                _use_up(self.user, code)
                factor.user = self.user
                self.authenticator = factor
                attempt.undo()
                return code
        raise get_adapter().validation_error("incorrect_code")


class LoginCodeForm(GivenCode, AuthenticateForm):
    """The code after the password."""


class ReauthenticationCodeForm(GivenCode, ReauthenticateForm):
    """The code before what touches the account."""


class FirstCodeForm(ActivateTOTPForm):
    def clean_code(self):
        code = self.cleaned_data["code"]
        attempt = Attempt(context.request, self.user.get_username(), "first code")
        if not validate_totp_code(self.secret, code):
            raise get_adapter().validation_error("incorrect_code")
        attempt.undo()
        return code


# Changes


class FactorChange(FormView):
    """A form that changes the second factor: history keeps it, and other sessions end with it."""

    def form_valid(self, form):
        account = Account.objects.get(pk=self.request.user.pk)
        with account.changing(by=self.request.user):
            response = super().form_valid(form)
            account.end_sessions(but=self.request.session.session_key)
        return response


class SetUpSecondFactor(FactorChange, ActivateTOTPView):
    """Whoever sets it up has given it: the app's first code was right, and is used up."""

    def form_valid(self, form):
        response = super().form_valid(form)
        _use_up(self.request.user, form.cleaned_data["code"])
        record_authentication(self.request, self.request.user, "mfa", reauthenticated=True)
        return response


class TakeSecondFactorAway(FactorChange, DeactivateTOTPView):
    """Takes app and recovery codes away."""


class MakeRecoveryCodes(FactorChange, GenerateRecoveryCodesView):
    """Makes new recovery codes; the old ones work no more."""
