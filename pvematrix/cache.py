"""The caches that all processes share: a table that counts, and a server that keeps pages."""

import logging

from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache
from django.db import OperationalError, connections, router
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from .errors import Busy, is_busy

log = logging.getLogger("pvematrix.cache")


def sealed_key(key: str, key_prefix: str, version: int) -> str:
    """Return what stands in the table for a key: a code, since keys have visitors' addresses."""
    return salted_hmac(__name__, f"{key_prefix}:{version}:{key}", algorithm="sha256").hexdigest()


class SharedCache(DatabaseCache):
    """Raises Busy where nothing can be written because somebody else is writing.

    Django's own says then that nothing was added, which who counts takes for too many.
    """

    def add(self, *args, **kwargs):
        with self._connection().execute_wrapper(_say_when_busy):
            return super().add(*args, **kwargs)

    def set(self, *args, **kwargs):
        with self._connection().execute_wrapper(_say_when_busy):
            return super().set(*args, **kwargs)

    def _connection(self):
        return connections[router.db_for_write(self.cache_model_class)]


def _say_when_busy(execute, sql, params, many, context):
    try:
        return execute(sql, params, many, context)
    except OperationalError as error:
        if is_busy(error):
            raise Busy from error
        raise


class ServerCache(RedisCache):
    """Keeps nothing while its server is gone: pages are made anew then, and none fails."""

    def get(self, key, default=None, version=None):
        try:
            return super().get(key, default, version)
        except RedisError as error:
            log.warning("Nothing is read from the cache: %s", error)
            return default

    def set(self, *args, **kwargs):
        try:
            super().set(*args, **kwargs)
        except RedisError as error:
            log.warning("Nothing is kept in the cache: %s", error)
