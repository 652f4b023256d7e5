"""The rate limit: how many answers that are not cached one address may ask for, and its headers."""

import logging
import math
import time
from contextlib import nullcontext

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

from projects.locks import queue_up

from ..errors import API, Busy
from ..served import served

log = logging.getLogger("pvematrix.api")
WINDOW = 60


def count(request: HttpRequest) -> int:
    """Count a request of an address in all processes; return the seconds to wait above the limit.

    Cached and unchanged answers do not count. Where nothing can be counted, no request is refused.
    """
    most, cache = settings.API_ANSWERS_A_MINUTE, caches["limits"]
    if not most:
        return 0
    key = f"api-{get_ip(request)}"
    # Simultaneous requests of one address wait for each other, or most of them would not count.
    # On SQLite each process counts its own requests, and a few more do not matter.
    is_shared = connection.vendor == "postgresql"
    try:
        with transaction.atomic() if is_shared else nullcontext():
            queue_up(cache.make_key(key))
            now = time.time()
            moments = [one for one in cache.get(key, []) if one > now - WINDOW]
            is_allowed = len(moments) < most
            if is_allowed:
                moments.insert(0, now)
                cache.set(key, moments, WINDOW)
    except (Busy, DatabaseError) as error:
        log.warning("The rate limit cannot count: %s", error)
        return 0
    until = math.ceil(WINDOW - (now - moments[-1]))
    served(request).limit = f'"address";r={most - len(moments)};t={until}'
    return 0 if is_allowed else until


def policy() -> str:
    """Return the value of the header RateLimit-Policy, empty where there is no limit."""
    number = settings.API_ANSWERS_A_MINUTE
    return f'"address";q={number};w={WINDOW}' if number else ""


class RateLimitMiddleware(MiddlewareMixin):
    """Adds the headers of the rate limit to every answer; outside of the page cache."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.path.startswith(API):
            if limit := served(request).limit:
                # For one network only: nginx caches the next answer, which does not have it.
                response["RateLimit"], response["X-Accel-Expires"] = limit, "0"
            if number := policy():
                response["RateLimit-Policy"] = number
        return response
