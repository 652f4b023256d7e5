"""The caches that all processes share: a table that counts, and a server that keeps pages."""

import logging
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.redis import RedisCache
from django.db import OperationalError, connection
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from redis.exceptions import RedisError

from projects.exclusive import in_turn

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
        with connection.execute_wrapper(_say_when_busy):
            return super().add(*args, **kwargs)

    def set(self, *args, **kwargs):
        with connection.execute_wrapper(_say_when_busy):
            return super().set(*args, **kwargs)

    @contextmanager
    def turn(self, key: str) -> Iterator[None]:
        """Let one at a time read and write what stands for a key, in whichever process it is."""
        with in_turn(self.make_and_validate_key(key)):
            yield


def _say_when_busy(execute, sql, params, many, context):
    try:
        return execute(sql, params, many, context)
    except OperationalError as error:
        if is_busy(error):
            raise Busy from error
        raise


class DiskCache(FileBasedCache):
    """Keeps nothing where its folder is full, or not ours alone: files are made anew then."""

    def __init__(self, location, params):
        super().__init__(location, params)
        self._folder = Path(location)

    @cached_property
    def _is_ours(self) -> bool:
        """Whether nobody else could have put there what is read."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = self._folder.lstat()
        if (
            stat.S_ISDIR(found.st_mode)
            and found.st_uid == os.getuid()
            and not found.st_mode & 0o077
        ):
            return True
        log.warning("No file is kept in %s: others can write there.", self._folder)
        return False

    def get(self, key, default=None, version=None):
        try:
            return super().get(key, default, version) if self._is_ours else default
        except OSError as error:
            log.warning("No kept file is read: %s", error)
            return default

    def set(self, *args, **kwargs):
        try:
            if self._is_ours:
                super().set(*args, **kwargs)
        except OSError as error:
            log.warning("No file is kept: %s", error)


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

    @contextmanager
    def turn(self, key: str) -> Iterator[None]:
        """Let one at a time read and write what stands for a key; nobody waits for long.

        Two at a time may where the server is gone or a turn takes more than a second.
        """
        lock = self._cache.get_client(write=True).lock(
            f"{self.make_and_validate_key(key)}-turn", timeout=1, sleep=0.005, blocking_timeout=1
        )
        taken = False
        try:
            taken = lock.acquire()
        except RedisError as error:
            log.warning("Nobody waits for a turn: %s", error)
        try:
            yield
        finally:
            if taken:
                with suppress(RedisError):
                    lock.release()
