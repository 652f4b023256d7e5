"""What one request may take: so long of the database, and a seat where something dear is made.

A proxy in front limits by address (deploy/nginx.conf). This holds without one: however many ask,
some threads of each worker stay free for pages that cost little.
"""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from mmap import mmap
from threading import BoundedSemaphore, Lock
from typing import Any
from urllib.parse import unquote
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection
from django.http import FileResponse

from .addresses import address_of
from .errors import Unavailable, unavailable

# SQLite's own steps between two looks at the clock: less than a millisecond of work.
_STEPS = 10_000
# The addresses of tables of which every row can be had as a workbook or document.
WORKBOOKS = ("export", "statement-data", "plan-data")
# Seconds that a request waits for a seat; a thread that waits answers nobody.
WAIT = 1
# So many of a worker's eight threads wait for one; whoever comes then is told at once.
WAITING = BoundedSemaphore(4)


class SeatsOfTheMachine:
    """One seat in each worker, and in all workers together as many as the machine has cores.

    A worker that dies gives its seat back: the locks are the system's, on bytes of one file, which
    the workers have from the process that started them.
    """

    def __init__(self):
        self._own = BoundedSemaphore(1)
        with tempfile.TemporaryFile() as file:
            self._file = os.dup(file.fileno())
        self._place = 0

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        """Take a seat and return True, or False where none is free."""
        if not self._own.acquire(blocking, timeout):
            return False
        for place in range(os.cpu_count() or 1):
            with suppress(OSError):
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
                self._place = place
                return True
        self._own.release()
        return False

    def release(self) -> None:
        """Give the seat back."""
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, self._place)
        self._own.release()


# How many of each may be made at once by a worker, which has eight threads.
SEATS: dict[str, BoundedSemaphore | SeatsOfTheMachine] = {
    "workbook": SeatsOfTheMachine(),
    "changes": BoundedSemaphore(1),
    # CSV and JSON while they are made and sent, zips while they are made; what is kept needs none.
    "file": BoundedSemaphore(2),
    "search": BoundedSemaphore(2),
    # Its bytes are in memory, two to five times, while they go to the database or come from there.
    "evidence": BoundedSemaphore(1),
}


class StatementTimeoutMiddleware:
    """Lets a statement of a public page run for PUBLIC_STATEMENT_TIMEOUT_MS, of the desk longer.

    The database cancels it after that, which is answered by the 503 page. The rows of a file that
    is sent as it is read are many statements on PostgreSQL, and none of these times on SQLite.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        at_desk = request.path.startswith(address_of("admin:index"))
        name = "STATEMENT_TIMEOUT_MS" if at_desk else "PUBLIC_STATEMENT_TIMEOUT_MS"
        with _limited(getattr(settings, name)):
            return self.get_response(request)


# What each connection to PostgreSQL was told last, in milliseconds: most requests say the same.
_told: WeakKeyDictionary[Any, int] = WeakKeyDictionary()


def _tell(database, milliseconds: int) -> None:
    plain = database.connection
    if _told.get(plain) == milliseconds:
        return
    with database.wrap_database_errors, plain.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = {milliseconds:d}")
    # What is said in a transaction is taken back with it.
    if database.in_atomic_block:
        _told.pop(plain, None)
    else:
        _told[plain] = milliseconds


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
                _tell(context["connection"], milliseconds)
            else:
                plain.set_progress_handler(lambda: time.monotonic() > ends[0], _STEPS)
        return run(sql, params, many, context)

    with connection.execute_wrapper(execute):
        yield
    if told and connection.vendor == "sqlite" and connection.connection:
        connection.connection.set_progress_handler(None, 0)


class PagesBeingMade:
    """Whether any worker is making an answer: a byte of each, in memory that they share.

    The process that starts the workers has made it before; a byte is found by the process's number.
    """

    def __init__(self):
        self._bytes = mmap(-1, 256)
        self._lock = Lock()
        self._here = 0

    def __enter__(self) -> None:
        with self._lock:
            self._here += 1
            self._say(os.getpid(), True)

    def __exit__(self, *_error) -> None:
        with self._lock:
            self._here -= 1
            self._say(os.getpid(), self._here > 0)

    def __bool__(self) -> bool:
        return any(self._bytes[:])

    def forget(self, process: int) -> None:
        """Take a worker's byte away, which has ended, however it did."""
        self._say(process, False)

    def _say(self, process: int, is_making: bool) -> None:
        self._bytes[process % len(self._bytes)] = is_making


PAGES = PagesBeingMade()
# Seconds that the next part of a file waits at most while pages are made, and between two looks.
PAGES_FIRST, _LOOK_AGAIN = 0.1, 0.005


def _after_pages(content: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the parts of a file, each when no page is being made, or a moment later."""
    while True:
        ends = time.monotonic() + PAGES_FIRST
        while PAGES and time.monotonic() < ends:
            time.sleep(_LOOK_AGAIN)
        try:
            yield next(content)
        except StopIteration:
            return


class FirstPartMiddleware:
    """Reads the first part of a file before its status is sent, so that a failure can be said.

    The other parts let pages go first: threads that read, pack and send as fast as they can would
    take from each page that a worker makes most of its time. Outside the session, which is written
    when the answer is there: a file reads in a transaction that cannot write. Inside compression,
    whose first part is empty.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with PAGES:
            response = self.get_response(request)
            if response.streaming and not isinstance(response, FileResponse):
                content = iter(response.streaming_content)
                first = next(content, b"")
                response.streaming_content = chain([first], _after_pages(content))
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
        if not _seated(seats):
            return unavailable(request, Unavailable.CROWDED)
        request.seats = seats
        return None


def _seated(seats: BoundedSemaphore | SeatsOfTheMachine) -> bool:
    """Return whether a seat was free, or became free soon; False at once where many wait."""
    if seats.acquire(blocking=False):
        return True
    if not WAITING.acquire(blocking=False):
        return False
    try:
        return seats.acquire(timeout=WAIT)
    finally:
        WAITING.release()


def _dear(request) -> str:
    """Return what of SEATS the request asks for, nothing if it asks for none."""
    match = request.resolver_match
    if match.url_name in WORKBOOKS and match.kwargs["extension"] in ("xlsx", "docx"):
        return "workbook"
    if match.url_name == "projects_evidence_file" or (
        match.url_name == "projects_project_evidence" and request.method == "POST"
    ):
        return "evidence"
    if match.url_name in ("changes", "changes-data", "api-edition-changes"):
        return "changes"
    # The comparison has a search in each of its two queries.
    sides = unquote(request.GET.get("a", "") + "&" + request.GET.get("b", ""))
    searches = "q" in request.GET or "q=" in sides
    if searches and not match.app_name:
        return "search"
    return "file" if match.url_name in ("export", "edition-package") else ""


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

    # A server closes what it sends; whoever forgets it keeps no seat either.
    __del__ = close
