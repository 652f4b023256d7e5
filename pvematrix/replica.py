"""Public pages read from a streaming replica, while it stands where the primary does.

When a public view is asked for, the data version was read from the primary. If the replica gives
the same one, all that this request reads of what is public comes from there, of that one moment: it
is neither older nor newer than what the primary would show, so nobody goes back in time with the
next page. Everything else stays with the primary: sessions, accounts, drafts, whatever is written,
and every request of somebody who is logged in.
"""

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connection, connections

from projects.exports import one_moment
from projects.models import Version, data_version, version_read

from .errors import Unavailable, reason_of
from .triggers import PUBLIC

log = logging.getLogger("pvematrix.replica")
REPLICA = "replica"
# Seconds for which a replica that did not answer is asked for nothing.
LEFT_ALONE = 10
_PUBLIC = {tuple(label.lower().split(".")) for label in PUBLIC}
_FAILED = (DatabaseError, InterfaceError)
# Which database this request reads what is public from.
_read_from: ContextVar[str] = ContextVar("read_from", default=DEFAULT_DB_ALIAS)
# By the monotonic clock; 0 while it answers.
_left_alone_until = 0.0


class PublicReads:
    """Django's router: reads of what everybody sees go where the request reads from."""

    def db_for_read(self, model, **hints):
        # What is read to be written, and what belongs to a moment of the primary, stays there.
        name = (model._meta.app_label, model._meta.model_name)  # all that the cache's table has
        if name in _PUBLIC and not connection.in_atomic_block:
            return _read_from.get()
        return DEFAULT_DB_ALIAS

    def db_for_write(self, model, **hints):
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one, other, **hints):
        return True  # both databases are one

    def allow_migrate(self, db, app_label, **hints):
        return db != REPLICA


class ReplicaMiddleware:
    """Lets a public view read from the replica; where that fails, from the primary after all."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.moment = ExitStack()
        try:
            with _reading_from(DEFAULT_DB_ALIAS):
                response = self.get_response(request)
                if response.streaming and _read_from.get() == REPLICA:
                    moment = request.moment.pop_all()
                    response.streaming_content = FromReplica(response.streaming_content, moment)
            return response
        finally:
            _end(request.moment)

    def process_view(self, request, view, args, kwargs):
        version = version_read()
        if version is None or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return
        if _stands_at(version, request.moment):
            _read_from.set(REPLICA)
        else:
            _end(request.moment)

    def process_exception(self, request, exception):
        """Answer from the primary what the replica could not, but for what takes too long there."""
        if _read_from.get() != REPLICA or not isinstance(exception, _FAILED):
            return None
        reason = reason_of(exception)
        if reason == Unavailable.SLOW:
            return None
        _end(request.moment)
        if reason == Unavailable.DOWN:
            _leave_alone(exception)
        _read_from.set(DEFAULT_DB_ALIAS)
        view, args, kwargs = request.resolver_match
        return view(request, *args, **kwargs)


class FromReplica:
    """A file's content, each part of it made while reads go to the replica, all of one moment."""

    def __init__(self, content: Iterable[bytes], moment: ExitStack):
        self._content, self._moment = iter(content), moment

    def __iter__(self):
        return self

    def __next__(self):
        with _reading_from(REPLICA):
            return next(self._content)

    def close(self):
        _end(self._moment)


@contextmanager
def _reading_from(database: str) -> Iterator[None]:
    token = _read_from.set(database)
    try:
        yield
    finally:
        _read_from.reset(token)


def _stands_at(version: Version, moment: ExitStack) -> bool:
    """Return whether the replica has this version in a moment that begins now.

    After it was away, one request at a time asks whether it is back.
    """
    global _left_alone_until  # noqa: PLW0603 - of the process, as the replica is
    now = time.monotonic()
    if now < _left_alone_until:
        return False
    if _left_alone_until:
        _left_alone_until = now + LEFT_ALONE
    try:
        moment.enter_context(one_moment(REPLICA))
        there = data_version(REPLICA)
    except _FAILED as error:
        _end(moment)
        _leave_alone(error)
        return False
    _left_alone_until = 0.0
    return there is not None and there.key == version.key


def _end(moment: ExitStack) -> None:
    """End the moment, in which nothing was written: what fails now has lost nothing."""
    with suppress(*_FAILED):
        moment.close()


def _leave_alone(error: Exception) -> None:
    global _left_alone_until  # noqa: PLW0603 - see above
    _left_alone_until = time.monotonic() + LEFT_ALONE
    connections[REPLICA].close()
    log.warning("The replica is left alone for %d seconds: %s", LEFT_ALONE, error)
