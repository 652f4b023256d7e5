"""Error pages that Django's defaults would not answer well."""

import errno
import logging
import sys
from enum import StrEnum
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.db import DatabaseError, InterfaceError
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from projects.exports import NotMade
from projects.text import control_in

from .request_id import request_id
from .uploads import UnwantedFile

log = logging.getLogger("pvematrix.errors")
_FILES = (".csv", ".xlsx", ".docx", ".xml", ".zip")
# Under it every answer is data, errors too.
API = "/api/v1/"


class Unavailable(StrEnum):
    """Why nothing can be answered now, and could be in a while."""

    WRITING = "writing"  # somebody else holds what this request needs
    SLOW = "slow"  # the database was not done in time
    CROWDED = "crowded"  # others ask for the same dear thing
    DOWN = "down"  # no database, or no room on its disk
    PASSWORDS = "passwords"  # enough of them are being looked at


class Busy(Exception):
    """Somebody else is writing what this request was to write."""


class PasswordsBusy(Exception):
    """So many passwords are being looked at that one more would make everybody wait."""


# By SQLSTATE of PostgreSQL.
_STATES = {
    "55P03": Unavailable.WRITING,  # a lock was not to be had in time
    "40P01": Unavailable.WRITING,  # two transactions waited for each other
    "57014": Unavailable.SLOW,  # cancelled by statement_timeout
    "53100": Unavailable.DOWN,  # disk full
    "53200": Unavailable.DOWN,  # out of memory
    "53300": Unavailable.DOWN,  # too many connections
    "57P01": Unavailable.DOWN,  # shut down by its operator
    "57P02": Unavailable.DOWN,  # shut down after a crash
    "57P03": Unavailable.DOWN,  # starting up
    "58030": Unavailable.DOWN,  # input or output failed
}
# SQLite gives words, and so does PostgreSQL's driver where no server answered.
_WORDS = {
    "database is locked": Unavailable.WRITING,
    "interrupted": Unavailable.SLOW,
    "database or disk is full": Unavailable.DOWN,
    "disk I/O error": Unavailable.DOWN,
    "unable to open database file": Unavailable.DOWN,
    "No space left on device": Unavailable.DOWN,
    "could not connect to server": Unavailable.DOWN,
    "connection to server": Unavailable.DOWN,
    "could not receive data from server": Unavailable.DOWN,
    "could not send data to server": Unavailable.DOWN,
    "server closed the connection": Unavailable.DOWN,
    "connection already closed": Unavailable.DOWN,
    "could not translate host name": Unavailable.DOWN,
}
_BUSY = {PasswordsBusy: Unavailable.PASSWORDS, NotMade: Unavailable.CROWDED}
# What the system has no more of: room on a disk, memory, processes, open files.
_NOTHING_LEFT = {errno.ENOSPC, errno.EDQUOT, errno.ENOMEM, errno.EAGAIN, errno.EMFILE, errno.ENFILE}
# Seconds after which to try again.
_RETRY_AFTER = {Unavailable.DOWN: 30}


def reason_of(error: BaseException | None) -> Unavailable | None:
    """Return why what was asked could not be done now, None if it is a fault of the code."""
    for busy, why in _BUSY.items():
        if isinstance(error, busy):
            return why
    if isinstance(error, OSError) and error.errno in _NOTHING_LEFT:
        return Unavailable.DOWN
    if isinstance(error, Busy):
        return reason_of(error.__cause__) or Unavailable.WRITING
    if not isinstance(error, DatabaseError | InterfaceError):
        return None
    state = getattr(error.__cause__, "pgcode", None)
    if state:
        return _STATES.get(state)
    return next((why for words, why in _WORDS.items() if words in str(error)), None)


def problem(
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


def unavailable(request, reason: Unavailable) -> HttpResponse:
    """Return the 503 that says why, and when to try again; as data or text for a file's address.

    A browser that is led there gets a page as well. It asks nothing of the database.
    """
    headers = {"Retry-After": str(_RETRY_AFTER.get(reason, 5)), "Cache-Control": "no-store"}
    in_browser = "text/html" in request.headers.get("Accept", "")
    is_file = request.path.endswith((".json", *_FILES)) and not in_browser
    if is_file or request.path.startswith(API):
        message = _("This cannot be answered at the moment; try again later.")
        if reason == Unavailable.CROWDED:
            message = _("Others ask for this at the moment; try again in a few seconds.")
        if request.path.startswith(API):
            return problem(503, message, headers)
        if request.path.endswith(".json"):
            return JsonResponse({"errors": [message]}, status=503, headers=headers)
        plain = "text/plain; charset=utf-8"
        return HttpResponse(f"{message}\n", status=503, content_type=plain, headers=headers)
    context = {"reason": reason, "request_id": request_id()}
    if request.method == "GET":
        context["again"] = f"?{request.META['QUERY_STRING']}"
    page = render_to_string("503.html", context)
    return HttpResponse(page, status=503, headers=headers)


def bad_request(request, exception):
    """Return the 400 page without looking at the request's headers or body again.

    Django's own handler runs the CSRF check a second time and turns some bad requests into a 500.
    A file's address gets the message as data or plain text. What is too large, a file where none is
    taken, and what our own code refuses is named.
    """
    status, message = 400, _("The address or the request is malformed.")
    if isinstance(exception, RequestDataTooBig):
        status = 413
        message = _("What was sent is larger than the %d bytes that this page takes.") % (
            settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        )
    elif isinstance(exception, BadRequest):
        message = str(exception)
    elif isinstance(exception, UnwantedFile):
        message = _("This page takes no file.")
    if request.path.startswith(API):
        return problem(status, message)
    if request.path.endswith(".json"):
        return JsonResponse({"errors": [message]}, status=status)
    if request.path.endswith(_FILES):
        plain = "text/plain; charset=utf-8"
        return HttpResponse(f"{message}\n", content_type=plain, status=status)
    return HttpResponse(render_to_string("400.html", {"advice": message}), status=status)


def failed(request):
    """Return the 503 for what a middleware met in the database, and the 500 page for all else."""
    reason = reason_of(sys.exc_info()[1])
    if reason:
        return unavailable(request, reason)
    if request.path.startswith(API):
        return problem(500, _("The server met an error. It has been logged; try again later."))
    return HttpResponse(render_to_string("500.html", {"request_id": request_id()}), status=500)


class ErrorMiddleware:
    """Answers what is nobody's fault by a page of its own; everything else is a 500, and logged."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        # No name has one, PostgreSQL compares NUL with nothing, and what is refused is quoted.
        if (place := control_in(request.path)) is not None:
            code = f"U+{ord(request.path[place]):04X}"
            raise BadRequest(_("The address holds a control character (%s).") % code)

    def process_exception(self, request, exception):
        reason = reason_of(exception)
        if reason is None:
            return None
        level = logging.ERROR if reason == Unavailable.DOWN else logging.WARNING
        log.log(level, "Unavailable (%s): %s: %s", reason, request.path, exception)
        return unavailable(request, reason)


def is_busy(error: BaseException) -> bool:
    """Return whether the database cannot do now what was asked, and could in a while."""
    return reason_of(error) is not None
