"""The caches that processes share: a table for rate limits, and a server for pages."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache
from django.db import OperationalError, connection, transaction
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from .errors import Busy, reason_of

log = logging.getLogger("pvematrix.cache")


def sealed_key(key: str, key_prefix: str, version: int) -> str:
    """Return a digest for the table instead of a key, which may have a visitor's address."""
    return salted_hmac(__name__, f"{key_prefix}:{version}:{key}", algorithm="sha256").hexdigest()


class SharedCache(DatabaseCache):
    """Raises an error if another writer has the database, or if its disk is full.

    Django's class would return that nothing was added, which a rate limit takes for too many.
    """

    def _base_set(self, *args: Any, **kwargs: Any) -> bool:
        # A full disk is noticed at COMMIT: it has to be outside of what Django's class catches.
        with connection.execute_wrapper(_raise_busy), transaction.atomic():
            return super()._base_set(*args, **kwargs)  # type: ignore[misc]  # not in the stubs


def _raise_busy(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    try:
        return execute(sql, params, many, context)
    except OperationalError as error:
        if reason := reason_of(error):
            raise Busy(reason) from error
        raise


class PageSerializer:
    """Writes status and headers as JSON, then the bytes: a pickle could run code."""

    def dumps(self, value: tuple[int, dict[str, str], bytes]) -> bytes:
        *head, content = value
        return json.dumps(head).encode() + b"\n" + content

    def loads(self, data: bytes) -> tuple[int, dict[str, str], bytes] | None:
        """Return the page, None for data in another format."""
        head, _newline, content = data.partition(b"\n")
        with suppress(ValueError, TypeError):
            status, headers = json.loads(head)
            return status, headers, content
        return None


class ServerCache(RedisCache):
    """Is empty while its server does not answer: pages are then rendered, and none fails."""

    def get(self, *args: Any, **kwargs: Any) -> Any:
        with _logged_errors():
            return super().get(*args, **kwargs)
        return None

    def set(self, *args: Any, **kwargs: Any) -> None:
        with _logged_errors():
            super().set(*args, **kwargs)


@contextmanager
def _logged_errors() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        log.warning("The server of the cache does not answer: %s", error)
