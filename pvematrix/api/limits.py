"""How often one address may ask for an answer that has to be made, and how answers say so."""

import logging
import math
import time
from contextlib import nullcontext

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError
from django.http import HttpRequest

from ..errors import API, Busy
from .refusals import Throttled

log = logging.getLogger("pvematrix.api")
WINDOW = 60


def count(request: HttpRequest) -> None:
    """Count a request of its address, for all processes together; Throttled if it is one too many.

    Cached and unchanged answers are sent before anybody counts. Where nothing can be counted nobody
    is refused. The moments of an address are read and written: simultaneous requests of one wait
    for each other, or most of them would not count.
    """
    most, cache = settings.API_ANSWERS_A_MINUTE, caches["limits"]
    if not most:
        return
    key = f"api-{get_ip(request)}"
    # Where each process counts its own requests a few more do not matter.
    turn = getattr(cache, "turn", nullcontext)
    try:
        with turn(key):
            now = time.time()
            moments = [one for one in cache.get(key, []) if one > now - WINDOW]
            is_allowed = len(moments) < most
            if is_allowed:
                moments.insert(0, now)
                cache.set(key, moments, WINDOW)
    except (Busy, DatabaseError) as error:
        log.warning("Nobody counts who asks: %s", error)
        return
    until = math.ceil(WINDOW - (now - moments[-1]))
    request.limit = f'"address";r={most - len(moments)};t={until}'  # type: ignore[attr-defined]  # for the middleware
    if not is_allowed:
        raise Throttled(until)


def policy() -> str:
    """Return the limit as the header RateLimit-Policy has it, empty where there is none."""
    number = settings.API_ANSWERS_A_MINUTE
    return f'"address";q={number};w={WINDOW}' if number else ""


class RateLimitMiddleware:
    """Adds to every answer how often one address may ask; outside of the page cache."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith(API):
            if limit := getattr(request, "limit", ""):
                # For one network only: nginx caches the next answer, which does not have it.
                response["RateLimit"], response["X-Accel-Expires"] = limit, "0"
            if number := policy():
                response["RateLimit-Policy"] = number
        return response
