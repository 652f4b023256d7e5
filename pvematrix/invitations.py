"""One-time links with which the owner of an account chooses its password."""

import logging
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView
from django.db import transaction
from django.urls import reverse, reverse_lazy
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from projects.history import recording

from .models import Account
from .passwords import password_check

log = logging.getLogger("pvematrix.security")
VALID_FOR = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


def link_for(request, account: Account) -> str:
    """Return the address at which the account's owner can choose a password, once, within a day.

    A login, and a change of password or e-mail, make it invalid. The security log has it.
    """
    known = {"request": request, "detail": account.get_username()}
    # On commit, since an account that was not created has no link.
    transaction.on_commit(partial(log.warning, "password_link_made", extra=known))
    key = urlsafe_base64_encode(force_bytes(account.pk))
    token = default_token_generator.make_token(account)
    return request.build_absolute_uri(reverse("account_choose_password", args=[key, token]))


class ChoosePassword(PasswordResetConfirmView):
    """The page of such a link; it does not log in, so that a second factor is still needed."""

    template_name = "account/choose_password.html"
    success_url = reverse_lazy("account_login")

    def get_user(self, uidb64):
        user = super().get_user(uidb64)
        return Account.objects.filter(pk=user.pk, is_active=True).first() if user else None

    def render_to_response(self, context, **kwargs):
        return super().render_to_response(
            context, status=200 if context["validlink"] else 404, **kwargs
        )

    def form_valid(self, form):
        with password_check(), recording(by=self.user):
            response = super().form_valid(form)
            form.user.end_sessions()
        messages.success(self.request, _("Your password is set. Log in with it."))
        return response
