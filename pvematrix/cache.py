"""The caches that all processes share: a table for rate limits, and a server for pages."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache
from django.db import OperationalError, connection
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from projects.exclusive import transaction_lock

from .errors import Busy, reason_of

log = logging.getLogger("pvematrix.cache")


def sealed_key(key: str, key_prefix: str, version: int) -> str:
    """Return a digest for the table instead of a key, which may have a visitor's address."""
    return salted_hmac(__name__, f"{key_prefix}:{version}:{key}", algorithm="sha256").hexdigest()


class SharedCache(DatabaseCache):
    """Raises Busy if another writer has the database.

    Django's class would return that nothing was added, which a rate limit takes for too many.
    """

    def _base_set(self, *args, **kwargs):
        with connection.execute_wrapper(_raise_busy):
            return super()._base_set(*args, **kwargs)  # type: ignore[misc]  # not in the stubs

    @contextmanager
    def lock(self, key: str) -> Iterator[None]:
        """Let one process at a time read and write the value of a key."""
        with transaction_lock(self.make_and_validate_key(key)):
            yield


def _raise_busy(execute, sql, params, many, context):
    try:
        return execute(sql, params, many, context)
    except OperationalError as error:
        if reason := reason_of(error):
            raise Busy(reason) from error
        raise


class JsonSerializer:
    """Writes values as JSON, then the bytes that a tuple ends with: a pickle could run code."""

    def dumps(self, value: Any) -> bytes:
        *head, content = value if isinstance(value, tuple) else (value, b"")
        return json.dumps(head).encode() + b"\n" + content

    def loads(self, data: bytes) -> Any:
        """Return the value, None for data in another format."""
        head, newline, content = data.partition(b"\n")
        with suppress(ValueError):
            if newline and isinstance(values := json.loads(head), list) and values:
                return (*values, content) if content else values[0]
        return None


class ServerCache(RedisCache):
    """Is empty while its server does not answer: pages are then rendered, and none fails."""

    def get(self, key, default=None, version=None):
        found = None
        with _logged_errors():
            found = super().get(key, default, version)
        return default if found is None else found

    def set(self, *args, **kwargs):
        with _logged_errors():
            super().set(*args, **kwargs)

    @contextmanager
    def lock(self, key: str) -> Iterator[None]:
        """Let one process at a time read and write the value of a key.

        Nobody waits for more than a second, nor for a server that does not answer.
        """
        lock = self._cache.get_client(write=True).lock(
            f"{self.make_and_validate_key(key)}-turn", timeout=1, sleep=0.005, blocking_timeout=1
        )
        is_locked = False
        with _logged_errors():
            is_locked = lock.acquire()
        try:
            yield
        finally:
            if is_locked:
                with _logged_errors():
                    lock.release()


@contextmanager
def _logged_errors() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        log.warning("The server of the cache does not answer: %s", error)
