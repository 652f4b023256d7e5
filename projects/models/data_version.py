"""The number that every committed change of what the public sees moves."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache, wraps
from typing import NamedTuple, TypeVar

from django.db import connection, models


class DataVersion(models.Model):
    """How often what the public sees has changed, counted by the database's triggers.

    On PostgreSQL each writer takes a row that no other holds, and what counts is their sum: nobody
    waits for a long import to end. `mark` is drawn anew with each move, so that a database that was
    restored, or a transaction that was taken back, never comes to the same version with other data.
    """

    number = models.BigIntegerField()
    at = models.DateTimeField()
    mark = models.BigIntegerField()

    class Meta:
        verbose_name = "data version"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number}-{self.mark:x}"


class Version(NamedTuple):
    """A version of what the public sees: `key` stands for it, `at` is when it came about."""

    key: str
    at: datetime


# Of one moment: the function on PostgreSQL also lets a later write of the same transaction count.
_READ = "SELECT SUM(number), SUM(mark), MAX(at) FROM projects_dataversion"
_READ_ON_POSTGRESQL = f"{_READ}, set_config('pvematrix.moved', '', true)"


def data_version() -> Version | None:
    """Return the version of what the public sees, by one query.

    Read it before the data: what is then kept by it is never older than it says. None while the
    triggers are not in place, as in an upgrade: nothing may be kept then.
    """
    with connection.cursor() as cursor:
        cursor.execute(_READ_ON_POSTGRESQL if connection.vendor == "postgresql" else _READ)
        number, mark, at = cursor.fetchone()
    if number is None:
        return None
    if isinstance(at, str):
        at = datetime.fromisoformat(at).replace(tzinfo=UTC)
    return Version(f"{int(number)}-{int(mark):x}", at)


_reading_at: ContextVar[Version | None] = ContextVar("reading_at", default=None)
# Of each function so many results, those asked for last: the register and some of its editions.
MOST_AT_HAND = 4
Made = TypeVar("Made")
_FORGETTING: list[Callable[[], None]] = []


@contextmanager
def reading_at(version: Version | None) -> Iterator[None]:
    """Let what `at_hand` makes inside be kept by this version; None: let nothing be.

    The version has to be read before anything inside is.
    """
    token = _reading_at.set(version)
    try:
        yield
    finally:
        _reading_at.reset(token)


def at_hand(make: Callable[..., Made]) -> Callable[..., Made]:
    """Return the function, of which results stay at hand in this process while the version holds.

    Nobody may change a result; one that is in a language has to be asked for with it. Outside of
    `reading_at` each is made anew.
    """
    kept = lru_cache(maxsize=MOST_AT_HAND)(lambda version, *args: make(*args))
    _FORGETTING.append(kept.cache_clear)

    @wraps(make)
    def known(*args):
        version = _reading_at.get()
        return make(*args) if version is None else kept(version.key, *args)

    return known


def forget_what_is_at_hand() -> None:
    """Let everything be made anew, as for a test that has other settings or other code."""
    for forget in _FORGETTING:
        forget()
