"""What one request may take: so long of the database, and a seat where something dear is made.

A proxy in front limits by address (deploy/nginx.conf). This holds without one: however many ask,
some threads of each worker stay free for pages that cost little.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from threading import BoundedSemaphore

from django.conf import settings
from django.db import connection
from django.http import FileResponse
from django.urls import reverse

from .errors import Unavailable, unavailable

# SQLite's own steps between two looks at the clock: less than a millisecond of work.
_STEPS = 10_000
# Seconds that a request waits for a seat; a thread that waits answers nobody.
WAIT = 1
# How many of each may be made at once by a worker, which has eight threads.
SEATS = {
    "workbook": BoundedSemaphore(1),
    "changes": BoundedSemaphore(1),
    "search": BoundedSemaphore(2),
}


class StatementTimeoutMiddleware:
    """Lets a statement of a public page run for PUBLIC_STATEMENT_TIMEOUT_MS, of the desk longer.

    The database cancels it after that, which is answered by the 503 page. The rows of a file that
    is sent as it is read are many statements on PostgreSQL, and none of these times on SQLite.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        at_desk = request.path.startswith(reverse("admin:index"))
        name = "STATEMENT_TIMEOUT_MS" if at_desk else "PUBLIC_STATEMENT_TIMEOUT_MS"
        with _limited(getattr(settings, name)):
            return self.get_response(request)


@contextmanager
def _limited(milliseconds: int) -> Iterator[None]:
    """Limit every statement inside; a request that asks the database nothing costs nothing."""
    ends = [0.0]
    told = False

    def execute(run, sql, params, many, context):
        nonlocal told
        plain = context["connection"].connection
        ends[0] = time.monotonic() + milliseconds / 1000
        if not told:
            told = True
            if connection.vendor == "postgresql":
                with context["connection"].wrap_database_errors, plain.cursor() as cursor:
                    cursor.execute(f"SET statement_timeout = {milliseconds:d}")
            else:
                plain.set_progress_handler(lambda: time.monotonic() > ends[0], _STEPS)
        return run(sql, params, many, context)

    with connection.execute_wrapper(execute):
        yield
    if told and connection.vendor == "sqlite" and connection.connection:
        connection.connection.set_progress_handler(None, 0)


class FirstPartMiddleware:
    """Reads the first part of a file before its status is sent, so that a failure can be said.

    Outside the session, which is written when the answer is there: a file reads in a transaction
    that cannot write. Inside compression, whose first part is empty.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.streaming and not isinstance(response, FileResponse):
            content = iter(response.streaming_content)
            response.streaming_content = chain([next(content, b"")], content)
        return response


class SeatMiddleware:
    """Gives what is dear a seat, and 503 to those for whom none becomes free."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.seats = None
        sent_later = False
        try:
            response = self.get_response(request)
            # A workbook or document is made by now; other files are, while they are sent.
            if request.seats and response.streaming and not isinstance(response, FileResponse):
                response.streaming_content = Seated(response.streaming_content, request.seats)
                sent_later = True
            return response
        finally:
            if request.seats and not sent_later:
                request.seats.release()

    def process_view(self, request, view, args, kwargs):
        seats = SEATS.get(_dear(request))
        if seats is None:
            return None
        if not seats.acquire(timeout=WAIT):
            return unavailable(request, Unavailable.CROWDED)
        request.seats = seats
        return None


def _dear(request) -> str:
    """Return what of SEATS the request asks for, nothing if it asks for none."""
    match = request.resolver_match
    if match.url_name == "export" and match.kwargs["extension"] in ("xlsx", "docx"):
        return "workbook"
    if match.url_name in ("changes", "changes-data"):
        return "changes"
    # The comparison has a search in each of its two queries.
    searches = "q" in request.GET or "q=" in request.GET.get("a", "") + request.GET.get("b", "")
    return "search" if searches and not match.app_name else ""


class Seated:
    """A file's content that keeps a seat until it is sent, or nobody wants the rest."""

    def __init__(self, content, seats):
        self._content, self._seats, self._sits = iter(content), seats, True

    def __iter__(self):
        return self

    def __next__(self):
        try:
            return next(self._content)
        except BaseException:
            self.close()
            raise

    def close(self):
        if self._sits:
            self._sits = False
            self._seats.release()
