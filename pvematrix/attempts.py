"""How many attempts to log in are looked at.

In 15 minutes an address gets 5 on an account, and 20 in all: then it is closed to that address. All
addresses together get 20 on an account: then one in 30 seconds is looked at, and those from where
somebody logged in to it lately, as before. So guessing is slow whoever does it, from however many
addresses, and nobody closes an account to its owner.
"""

import logging

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.shortcuts import render
from django.utils.crypto import salted_hmac

log = logging.getLogger("pvematrix.security")
# So long an address is known from where somebody logged in: seconds.
KNOWN_FOR = 30 * 24 * 60 * 60


class Attempt:
    """One attempt on an account, counted until it is known to be right.

    `kind` is what is tried: passwords and codes are counted apart. Raises ImmediateHttpResponse,
    with the page that says so, if it is not looked at.
    """

    def __init__(self, request, account: str, kind: str):
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
            raise ImmediateHttpResponse(_slowed(request, self.account))

    def _count(self, action: str, key: str) -> bool:
        usage = ratelimit.consume(self.request, app="allauth.account", action=action, key=key)
        if usage:
            self._counted.append(usage)
        return usage is not None

    def undo(self) -> None:
        """Count it no more: it was right, or nobody looked at it."""
        for usage in self._counted:
            usage.rollback()


def remember(request, account: str) -> None:
    """Let the address of this login be known for the account."""
    cache.set(_known(request, account.casefold()), True, KNOWN_FOR)


def _known(request, account: str) -> str:
    """Return the key under which an address is known for an account, without either in it."""
    where = f"{account} {ratelimit.get_ip(request)}"
    return f"known-address:{salted_hmac(__name__, where, algorithm='sha256').hexdigest()}"


def who_logs_in(request) -> str:
    stage = getattr(request, "_login_stage", None)  # between the password and the second factor
    user = stage.login.user if stage else request.user
    return user.get_username() or request.POST.get("login", "")


def locked_out(request, account: str = ""):
    """Return the page for too many attempts from an address, on an account that exists or not."""
    log.warning("lockout", extra={"request": request, "user": account or who_logs_in(request)})
    return _refused(request, seconds=settings.LOCKOUT_MINUTES * 60)


def _slowed(request, account: str):
    log.warning("slowed", extra={"request": request, "user": account})
    return _refused(request, seconds=settings.SLOWED_SECONDS)


def _refused(request, seconds: int):
    minutes = seconds // 60
    response = render(request, "429.html", {"minutes": minutes, "seconds": seconds}, status=429)
    response["Retry-After"] = seconds
    return response
