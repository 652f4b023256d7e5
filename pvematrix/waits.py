"""Waits for PostgreSQL: how long they may take, and when a process takes it to be away."""

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg2
from psycopg2.extensions import POLL_OK, POLL_READ, STATUS_BEGIN, STATUS_READY

# Seconds between two tries of a process while PostgreSQL is away, and that such a try may take.
RETRY = 2.0
_SILENT = "could not receive data from server: it is silent"

_patience: ContextVar[float | None] = ContextVar("patience", default=None)
# Until when this process takes PostgreSQL to be away, by time.monotonic().
_away_until = [0.0]


@contextmanager
def answered_within(seconds: float) -> Iterator[None]:
    """Let no wait for PostgreSQL inside take longer. Commands, outside, wait without a limit."""
    token = _patience.set(seconds)
    try:
        yield
    finally:
        _patience.reset(token)


def wait_for_answer(connection: Any) -> None:
    """Wait for PostgreSQL in place of psycopg2; raises OperationalError if it stays silent.

    A server whose processes are stopped, or whose disk hangs, keeps its connections open, so that
    the time limits of statements and of TCP never come. Once it was silent, others fail at once.
    """
    began, patience = time.monotonic(), _patience.get()
    if patience and _away_until[0]:
        if began < _away_until[0]:
            raise psycopg2.OperationalError(_SILENT)
        # This is the one try; others go on failing meanwhile.
        _away_until[0] = began + RETRY
        patience = min(patience, RETRY)
    is_connecting = connection.status not in (STATUS_READY, STATUS_BEGIN)
    try:
        while (state := connection.poll()) != POLL_OK:
            poller = select.poll()
            wanted = select.POLLIN if state == POLL_READ else select.POLLOUT
            poller.register(connection.fileno(), wanted)
            left = 1000 * max(0, began + patience - time.monotonic()) if patience else None
            if not poller.poll(left):
                _away_until[0] = time.monotonic() + RETRY
                raise psycopg2.OperationalError(_SILENT)
        _away_until[0] = 0.0
    except psycopg2.OperationalError as error:
        # Without a wait of our own, libpq begins its text with this.
        if is_connecting:
            raise psycopg2.OperationalError(f"connection to server failed: {error}") from error
        raise
