"""Error pages that Django's defaults would not answer well."""

import errno
import logging
import re
import sys
import time
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import psycopg2
from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from projects.text import control_in

from .logs import request_id

log = logging.getLogger("pvematrix.errors")
_FILES = (".csv", ".xlsx", ".docx", ".xml")
A_MINUTE = 60.0  # seconds
# Under it every answer is data, errors too.
API = "/api/v1/"
# What only staff see.
ACCOUNTS, DESK = "/accounts/", "/admin/"


class Unavailable(StrEnum):
    """Why nothing can be answered now, and could be in a while."""

    WRITING = "writing"  # somebody else has locked what this request needs
    SLOW = "slow"  # the database took too long
    DOWN = "down"  # no database, or no room on its disk
    PASSWORDS = "passwords"  # as many as allowed at once are being checked


class Busy(Exception):
    """Others have what this request needs; the argument is an Unavailable."""


# By what a SQLSTATE of PostgreSQL begins with.
_STATES = {
    "55P03": Unavailable.WRITING,  # no lock in time
    "40P01": Unavailable.WRITING,  # two transactions waited for each other
    "57014": Unavailable.SLOW,  # cancelled by statement_timeout
    "53": Unavailable.DOWN,  # disk or memory full, too many connections
    "57P0": Unavailable.DOWN,  # shut down, or starting up
    "58030": Unavailable.DOWN,  # input or output failed
}
# SQLite and, where no server answered, PostgreSQL's driver give no code but a text.
_MESSAGES = {
    "database is locked": Unavailable.WRITING,
    "interrupted": Unavailable.SLOW,
    "disk is full|disk I/O|unable to open|No space left": Unavailable.DOWN,
    "(to|from) server|server closed|already closed|translate host name": Unavailable.DOWN,
}
# Used up: room on a disk, memory, processes, open files.
_EXHAUSTED = {errno.ENOSPC, errno.EDQUOT, errno.ENOMEM, errno.EAGAIN, errno.EMFILE, errno.ENFILE}
_PLAIN = "text/plain; charset=utf-8"


def reason_of(error: BaseException | None) -> Unavailable | None:
    """Return why the request could not be answered now, None if the error is one of the code."""
    if isinstance(error, Busy):
        return Unavailable(error.args[0])
    if isinstance(error, OSError) and error.errno in _EXHAUSTED:
        return Unavailable.DOWN
    # Django does not wrap what psycopg2 raises when the cursor of an iterator is closed.
    if not isinstance(error, DatabaseError | InterfaceError | psycopg2.Error):
        return None
    state = getattr(error.__cause__ or error, "pgcode", None)
    if state:
        return next((why for begins, why in _STATES.items() if state.startswith(begins)), None)
    return next((why for words, why in _MESSAGES.items() if re.search(words, str(error))), None)


def problem_response(
    status: int, detail: str, headers: dict[str, str] | None = None, **more: object
) -> JsonResponse:
    """Return an error as data, by RFC 9457; `more` are members of our own."""
    data = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    return JsonResponse(
        {**data, "detail": detail, **more},
        status=status,
        headers=headers,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


def as_data(
    request: HttpRequest, status: int, message: str, headers: dict[str, str] | None = None
) -> HttpResponse | None:
    """Return the error for a program, None where a page is asked for."""
    if request.path.startswith(API):
        return problem_response(status, message, headers)
    if request.path.endswith(".json"):
        return JsonResponse({"errors": [message]}, status=status, headers=headers)
    if request.path.endswith(_FILES):
        return HttpResponse(f"{message}\n", status=status, headers=headers, content_type=_PLAIN)
    return None


# When this process last logged that the database is away.
_logged_down = [-A_MINUTE]


def log_unavailable(request: HttpRequest, reason: Unavailable, error: BaseException) -> None:
    """Log why; in each process one line a minute of a database that is away."""
    if reason != Unavailable.DOWN:
        log.warning("Unavailable (%s): %s: %s", reason, request.path, error)
    elif time.monotonic() - _logged_down[0] >= A_MINUTE:
        _logged_down[0] = time.monotonic()
        log.error("Unavailable (%s): %s: %s", reason, request.path, error)


def unavailable(request: HttpRequest, reason: Unavailable, error: BaseException) -> HttpResponse:
    """Return the 503 with the reason, without a query, and log the error.

    A browser gets a page, also for a file.
    """
    log_unavailable(request, reason, error)
    seconds = 30 if reason == Unavailable.DOWN else 5
    headers = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
    if "text/html" not in request.headers.get("Accept", "") or request.path.startswith(API):
        message = _("This cannot be answered at the moment; try again later.")
        if response := as_data(request, 503, message, headers):
            return response
    context = {"reason": reason, "request_id": request_id()}
    if request.method == "GET":
        context["again"] = f"?{request.META['QUERY_STRING']}"
    page = render_to_string("503.html", context)
    return HttpResponse(page, status=503, headers=headers)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the 400 without looking at the request's headers or body again.

    Django's own handler runs the CSRF check a second time and turns some bad requests into a 500.
    """
    status, message = 400, _("The address or the request is malformed.")
    if isinstance(exception, RequestDataTooBig):
        status = 413
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        message = _("This page accepts at most %d bytes.") % most
    elif isinstance(exception, BadRequest):
        message = str(exception)
    if response := as_data(request, status, message):
        return response
    return HttpResponse(render_to_string("400.html", {"advice": message}), status=status)


def failed(request: HttpRequest) -> HttpResponse:
    """Return the 503 where the request could succeed in a while, else the 500."""
    error = sys.exc_info()[1]
    if error and (reason := reason_of(error)):
        return unavailable(request, reason, error)
    if request.path.startswith(API):
        return problem_response(
            500, _("The server met an error. It has been logged; try again later.")
        )
    return HttpResponse(render_to_string("500.html", {"request_id": request_id()}), status=500)


class ErrorMiddleware(MiddlewareMixin):
    """Answers 503 where the request could succeed in a while; every other error is a 500."""

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        # No name has one, PostgreSQL refuses NUL, and the refusal quotes the address.
        if (place := control_in(request.path)) is not None:
            code = f"U+{ord(request.path[place]):04X}"
            raise BadRequest(_("The address holds a control character (%s).") % code)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        reason = reason_of(exception)
        return unavailable(request, reason, exception) if reason else None


class RefusedUploadHandler(FileUploadHandler):
    """Refuses a request at its first file, and one that is too large before it is read.

    A view that accepts files sets `request.upload_handlers` first, and limits them itself.
    """

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        if content_length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig("A multipart body is larger than is allowed.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise BadRequest(_("This page takes no file."))
