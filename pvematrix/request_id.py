"""The request id: in every log, on error pages and in the answer; behind a proxy, the proxy's."""

import logging
import re
from contextvars import ContextVar
from secrets import token_hex

from django.conf import settings

HEADER = "X-Request-ID"
_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{8,64}")
_id: ContextVar[str] = ContextVar("request_id", default="-")


def request_id() -> str:
    """Return the id of the current request, "-" outside of requests."""
    return _id.get()


class RequestIdMiddleware:
    """Sets the id of each request; outside of the page cache, which would repeat another's."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        sent = request.headers.get(HEADER, "") if settings.BEHIND_PROXY else ""
        request.id = sent if _WELL_FORMED.fullmatch(sent) else token_hex(16)
        token = _id.set(request.id)
        try:
            response = self.get_response(request)
            response.headers[HEADER] = request.id
            return response
        finally:
            _id.reset(token)


class RequestIdFilter(logging.Filter):
    """Adds the request's id to a log record; Django logs some after the request."""

    def filter(self, record):
        record.request_id = getattr(getattr(record, "request", None), "id", None) or request_id()
        return True
