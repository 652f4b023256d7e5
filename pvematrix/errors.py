"""Error pages that Django's defaults would not answer well."""

import logging

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.db import OperationalError
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from .uploads import UnwantedFile

log = logging.getLogger("pvematrix.errors")
# PostgreSQL's codes: a lock was not to be had in time, or two transactions waited for each other.
_LOCK_NOT_AVAILABLE, _DEADLOCK = "55P03", "40P01"
_FILES = (".csv", ".xlsx")


class Busy(Exception):
    """Somebody else is writing what this request was to write."""


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
    if request.path.endswith(".json"):
        return JsonResponse({"errors": [message]}, status=status)
    if request.path.endswith(_FILES):
        plain = "text/plain; charset=utf-8"
        return HttpResponse(f"{message}\n", content_type=plain, status=status)
    return HttpResponse(render_to_string("400.html", {"advice": message}), status=status)


class PasswordsBusy(Exception):
    """So many passwords are being looked at that one more would make everybody wait."""


class ErrorMiddleware:
    """Answers what is nobody's fault by a page of its own; everything else is a 500, and logged."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        busy = isinstance(exception, OperationalError) and is_busy(exception)
        if busy or isinstance(exception, Busy):
            template = "503.html"
        elif isinstance(exception, PasswordsBusy):
            template = "503_passwords.html"
        else:
            return None
        log.warning("Busy: %s", request.path)
        page = render_to_string(template, request=request)
        return HttpResponse(page, status=503, headers={"Retry-After": "5"})


def is_busy(error: OperationalError) -> bool:
    """Return whether somebody else is writing what this request was to write."""
    state = getattr(error.__cause__, "pgcode", None)
    return state in (_LOCK_NOT_AVAILABLE, _DEADLOCK) or "database is locked" in str(error)
