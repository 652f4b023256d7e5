"""Logs without secrets: request ids, the access log, and the security log.

The security log, "pvematrix.security", has one line of JSON for each event: docs/operators.md lists
them. Each is logged with extra={"request": …, "detail": …, "user": …}, all optional; never with a
password, a code, a token or a file's content.
"""

import json
import logging
import re
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from logging import LogRecord
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from gunicorn.glogging import Logger

from projects.text import printable

from .served import served

# The request id is in every log, on error pages and in the answer; behind a proxy, the proxy's.
HEADER = "X-Request-ID"
_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{8,64}")
_id: ContextVar[str] = ContextVar("request_id", default="-")
LONGEST, LONGEST_DETAIL = 200, 2000
# What logs leave out: links that choose a password, sessions, tokens, and values of rows, each with
# what comes before it. PostgreSQL quotes the values of a row that it refuses.
_REDACTED = "[…]"
_SECRETS = re.compile(
    r"(?P<before>/password/choose/"
    r"|\b(?:__Host-)?(?:sessionid|csrftoken)=\"?"
    r"|\b(?:csrfmiddlewaretoken|password\w*|passphrase|login|code|state|token|secret)=(?=\S)"
    r"|\b(?:Authorization|Proxy-Authorization): *(?:\w+ +)?"
    r"|://[^\s/:@]*:(?=[^\s/@]+@)"
    r"|(?P<row>\bKey \([^)]*\)=\(|\bFailing row contains \())"
    r"(?(row)(?:.*(?=\))|.*)|[^\s&;,'\"@?]+)",
    re.IGNORECASE | re.MULTILINE,
)


def request_id() -> str:
    """Return the id of the current request, "-" outside of requests."""
    return _id.get()


class RequestIdMiddleware:
    """Sets the id of each request; outside of the page cache, which would repeat another's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        sent = request.headers.get(HEADER, "") if settings.BEHIND_PROXY else ""
        own = sent if _WELL_FORMED.fullmatch(sent) else token_hex(16)
        served(request).id = own
        token = _id.set(own)
        try:
            response = self.get_response(request)
            response.headers[HEADER] = own
            return response
        finally:
            _id.reset(token)


class RequestIdFilter(logging.Filter):
    """Adds the request's id to a log record; Django logs some after the request."""

    def filter(self, record: LogRecord) -> bool:
        record.request_id = _id_of(record) or request_id()
        return True


def _id_of(record: LogRecord) -> str:
    """Return the id of the request that a record is about, which may be of a mere connection."""
    request = getattr(record, "request", None)
    return served(request).id if isinstance(request, HttpRequest) else ""


def without_secrets(text: str) -> str:
    return _SECRETS.sub(rf"\g<before>{_REDACTED}", text)


class RedactionFilter(logging.Filter):
    def filter(self, record: LogRecord) -> bool:
        record.msg, record.args = without_secrets(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = without_secrets(record.exc_text)
        return True


class AccessLog(Logger):
    """Logs no query string of accounts, persons and referring pages, and no link for a password."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.addFilter(RedactionFilter())

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        atoms = super().atoms(resp, req, environ, request_time)
        if environ["PATH_INFO"].startswith(("/accounts/", "/admin/pvematrix/")):
            address = environ["RAW_URI"].partition("?")[0]
            atoms["r"] = f"{environ['REQUEST_METHOD']} {address} {environ['SERVER_PROTOCOL']}"
        atoms["r"] = without_secrets(atoms["r"])
        atoms["f"] = atoms["f"].partition("?")[0]
        return atoms | {name: printable(atoms[name]) for name in "raf"}


class SecurityFormatter(logging.Formatter):
    """Writes ASCII only: a visitor's text can neither break the line nor hide in it."""

    def format(self, record: LogRecord) -> str:
        request = getattr(record, "request", None)
        user = getattr(request, "user", None)
        facts = {
            "time": f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%SZ}",
            "level": record.levelname,
            "event": record.getMessage(),
            "user": getattr(record, "user", None) or (user.get_username() if user else ""),
            "address": _address_of(request) if request else "",
            "path": without_secrets(request.path) if request else "",
            "request": _id_of(record) or "-",
        }
        fields = {name: str(fact)[:LONGEST] for name, fact in facts.items()}
        if hasattr(record, "detail"):
            fields["detail"] = str(record.detail)[:LONGEST_DETAIL]
        return json.dumps(fields)


def _address_of(request: Any) -> str:
    # allauth's models are not loaded yet when Django sets up logging.
    from allauth.account.adapter import get_adapter  # noqa: PLC0415 - see above

    try:
        return get_adapter().get_client_ip(request)
    except PermissionDenied:  # a request without an address
        return ""
