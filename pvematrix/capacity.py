"""Limits of one request, so that some of a worker's eight threads stay free for cheap pages."""

import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from threading import Condition
from typing import Any
from urllib.parse import unquote

import psycopg2
from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

from projects.asking.selection import edition_called, whole_cube
from projects.pages import MOST_WHOLE

from .errors import DESK, Unavailable, unavailable
from .served import served
from .waits import answered_within

# Seconds that a request waits for a slot; how many wait at a time, and how many of one address.
# With those that have a slot they leave two of a worker's eight threads.
WAIT = 3.0
MOST_WAITING, MOST_OF_ADDRESS = 4, 3
# SQLite checks the time limit after this many instructions: less than a millisecond of work.
_INSTRUCTIONS = 10_000
# PostgreSQL cancels a slow statement itself. Silent for this many seconds longer, it is away.
_MARGIN = 0.6
_SENT = {"projects_project_evidence", "check", "api-check"}
_IN_MEMORY = {"changes", "changes-data", "projects_evidence_file"}


@dataclass(eq=False)
class Turn:
    """A request of an address for a slot of a kind."""

    kind: str
    address: str = ""
    has_waited: bool = False


class Slots:
    """The slots of a worker, in `numbers` by kind.

    An address has one of a kind at most, and those who wait for one take turns by address: who
    asks a lot keeps others waiting for no longer than one answer takes.
    """

    def __init__(self, **numbers: int) -> None:
        self.numbers, self.changed = numbers, Condition()
        self.held: list[Turn] = []
        self.waiting: list[Turn] = []
        # The address that had the last slot of each kind.
        self.last: dict[str, str] = {}

    def take(self, turn: Turn) -> bool:
        """Return whether the turn has a slot now, after a wait if need be and if there is room."""
        with self.changed:
            of_address = sum(one.address == turn.address for one in self.waiting)
            has_room = len(self.waiting) < MOST_WAITING and of_address < MOST_OF_ADDRESS
            self.waiting.append(turn)
            try:
                if not self._is_next(turn):
                    turn.has_waited = True
                    self.changed.wait_for(lambda: self._is_next(turn), WAIT if has_room else 0)
                has_slot = self._is_next(turn)
            finally:
                self.waiting.remove(turn)
            if has_slot:
                self.held.append(turn)
                self.last[turn.kind] = turn.address
            # Another may be next, with this one gone.
            self.changed.notify_all()
            return has_slot

    def _is_next(self, turn: Turn) -> bool:
        having = [one.address for one in self.held if one.kind == turn.kind]
        able = [o for o in self.waiting if o.kind == turn.kind and o.address not in having]
        # The first who came, but for the address that had the last one.
        able.sort(key=lambda one: one.address == self.last.get(turn.kind))
        return len(having) < self.numbers[turn.kind] and able[:1] == [turn]

    def release(self, turn: Turn) -> None:
        with self.changed:
            self.held.remove(turn)
            self.changed.notify_all()


# "workbook" is for all that is built in memory as a whole.
SLOTS = Slots(search=2, suggestions=4, workbook=1, file=2)


class StatementTimeoutMiddleware(MiddlewareMixin):
    """Cancels a statement after PUBLIC_STATEMENT_TIMEOUT_MS, at the desk STATEMENT_TIMEOUT_MS."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        at_desk = request.path.startswith(DESK)
        public = settings.PUBLIC_STATEMENT_TIMEOUT_MS
        limit = settings.STATEMENT_TIMEOUT_MS if at_desk else public

        def limited(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            _limit(context["connection"], limit)
            return execute(sql, params, many, context)

        patience = answered_within(limit / 1000 + _MARGIN)
        with patience, connection.execute_wrapper(limited):
            response: Any = self.get_response(request)
        # The rows of a file, while it is sent, have no limit on SQLite.
        if connection.vendor == "sqlite" and connection.connection:
            connection.connection.set_progress_handler(None, 0)
        return response


def _limit(database: Any, milliseconds: int) -> None:
    """Limit what runs next; PostgreSQL is asked only where the connection has another limit."""
    plain = database.connection
    if database.vendor == "sqlite":
        end = time.monotonic() + milliseconds / 1000
        plain.set_progress_handler(lambda: time.monotonic() > end, _INSTRUCTIONS)
    elif plain.info.transaction_status == psycopg2.extensions.TRANSACTION_STATUS_INERROR:
        return  # only a rollback can follow
    elif getattr(database, "limit", None) != (plain, milliseconds):
        with database.wrap_database_errors, plain.cursor() as cursor:
            scope = "LOCAL" if database.in_atomic_block else "SESSION"
            cursor.execute(f"SET {scope} statement_timeout = {milliseconds:d}")
        # What is local ends with the transaction.
        database.limit = None if database.in_atomic_block else (plain, milliseconds)


class SlotMiddleware(MiddlewareMixin):
    """Gives what is expensive a slot, for which a request waits a little before it gets a 503.

    Reads the first part of a file before the status is sent, so that an error can be answered:
    outside the session, which cannot be saved in the file's transaction that only reads.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with served(request).slot as slot:
            response: Any = self.get_response(request)
            # A FileResponse is complete by now; other files are made while they are sent.
            if response.streaming and not isinstance(response, FileResponse):
                content = iter(response.streaming_content)
                response.streaming_content = chain([next(content, b"")], content)
                # Closed with it, sent or not; Django closes what the file is read from before.
                response._resource_closers.append(slot.pop_all().close)
            return response

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        name = _slot_for(request)
        if not name:
            return None
        turn = Turn(name)
        # Those whose address nobody says share one.
        with suppress(PermissionDenied):
            turn.address = get_ip(request)
        if not SLOTS.take(turn):
            return unavailable(request, Unavailable.CROWDED)
        served(request).slot.callback(SLOTS.release, turn)
        # Another request may have made the same meanwhile.
        page = served(request).page if turn.has_waited else None
        return page.cached(request) if page else None


def _rows_of(slug: str) -> int:
    """Return the number of rows of an edition; any other slug is the register as it is."""
    edition = edition_called(slug)
    return edition.count if edition else whole_cube().total


def _slot_for(request: HttpRequest) -> str:
    """Return which of SLOTS the request needs, "" if none."""
    match = request.resolver_match
    assert match
    name = match.url_name or ""
    compared = [match.kwargs[one] for one in ("old", "new") if one in match.kwargs]
    if compared and all(_rows_of(one) <= MOST_WHOLE for one in compared):
        return ""
    is_upload = name in _SENT and request.method == "POST"
    if is_upload or name in _IN_MEMORY or match.kwargs.get("extension") in ("xlsx", "docx"):
        return "workbook"
    # The comparison has a search in each of its two queries.
    sides = unquote(request.GET.get("a", "") + "&" + request.GET.get("b", ""))
    if ("q" in request.GET or "q=" in sides) and not match.app_name:
        return name if name == "suggestions" else "search"
    return "file" if name == "export" else ""
