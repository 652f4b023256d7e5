"""Rate limits of attempts to log in.

In 15 minutes an address has 5 on an account, and 20 in all: then it is locked out. All addresses
together have 20 on an account: then one in 30 seconds is checked, besides those from addresses that
logged in to it lately. So guessing is slow from any number of addresses, and nobody can lock out
the owner of an account.
"""

import logging

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac

log = logging.getLogger("pvematrix.security")
# Seconds that an address is known after a login.
KNOWN_FOR = 30 * 24 * 60 * 60


class Attempt:
    """One attempt on an account, counted unless it is right; each `kind` has its own count.

    Raises ImmediateHttpResponse, with a page, if it is not checked.
    """

    def __init__(self, request: HttpRequest, account: str, kind: str) -> None:
        self.request, self.account = request, account.strip().casefold()
        self._counted: list[ratelimit.RateLimitUsage] = []
        address = ratelimit.get_ip(request)
        if not self._count("login_failed", f"{kind} {self.account} {address}"):
            raise ImmediateHttpResponse(locked_out(request, self.account))
        everywhere = f"{kind} {self.account}"
        if self._count("account_failed", everywhere) or cache.get(_known(request, self.account)):
            return
        if not self._count("account_slowed", everywhere):
            self.undo()
            log.warning("slowed", extra={"request": request, "user": self.account})
            raise ImmediateHttpResponse(_refused(request, settings.SLOWED_SECONDS))

    def _count(self, action: str, key: str) -> bool:
        usage = ratelimit.consume(self.request, app="allauth.account", action=action, key=key)
        if usage:
            self._counted.append(usage)
        return usage is not None

    def undo(self) -> None:
        """Remove it from the counts: it was right, or was not checked."""
        for usage in self._counted:
            usage.rollback()


def remember(request: HttpRequest, account: str) -> None:
    cache.set(_known(request, account.casefold()), True, KNOWN_FOR)


def _known(request: HttpRequest, account: str) -> str:
    where = f"{account} {ratelimit.get_ip(request)}"
    return f"known-address:{salted_hmac(__name__, where, algorithm='sha256').hexdigest()}"


def who_logs_in(request: HttpRequest) -> str:
    stage = getattr(request, "_login_stage", None)  # between the password and the second factor
    user = stage.login.user if stage else request.user
    return user.get_username() or request.POST.get("login", "")


def locked_out(request: HttpRequest, account: str = "") -> HttpResponse:
    log.warning("lockout", extra={"request": request, "user": account or who_logs_in(request)})
    return _refused(request, seconds=settings.LOCKOUT_MINUTES * 60)


def _refused(request: HttpRequest, seconds: int) -> HttpResponse:
    minutes = seconds // 60
    response = render(request, "429.html", {"minutes": minutes, "seconds": seconds}, status=429)
    response["Retry-After"] = seconds
    return response
