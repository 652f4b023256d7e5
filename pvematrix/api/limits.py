"""How often one address may ask for an answer that has to be made, and how answers say so."""

import logging
import math
from contextlib import nullcontext

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError
from rest_framework.throttling import SimpleRateThrottle

from ..errors import API, Busy

log = logging.getLogger("pvematrix.api")
WINDOW = 60


class AddressThrottle(SimpleRateThrottle):
    """Limits the answers a minute for one address, counted for all processes together.

    Cached and unchanged answers are sent before anybody counts. Where nothing can be counted nobody
    is refused. The base class reads, adds and writes: simultaneous requests of one address wait for
    each other, or most of them would not count.
    """

    cache_format = "api-%(ident)s"

    def __init__(self):
        self.num_requests, self.duration = settings.API_ANSWERS_A_MINUTE, WINDOW
        self.rate = f"{self.num_requests}/min" if self.num_requests else None
        self.cache = caches["limits"]

    def get_cache_key(self, request, view):
        return self.cache_format % {"ident": get_ip(request)}

    def allow_request(self, request, view):
        if self.rate is None:
            return True
        # Where each process counts its own requests a few more do not matter.
        turn = getattr(self.cache, "turn", nullcontext)
        try:
            with turn(self.get_cache_key(request, view)):
                allowed = super().allow_request(request, view)
        except (Busy, DatabaseError) as error:
            log.warning("Nobody counts who asks: %s", error)
            return True
        left = self.num_requests - len(self.history)
        until = math.ceil(self.duration - (self.now - self.history[-1]))
        request._request.limit = f'"address";r={left};t={until}'
        return allowed


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
