"""The data version: it moves with every committed change of what the public sees."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import Sum


class DataVersion(models.Model):
    """One of a few rows whose sums are the data version.

    Each writer takes a row that no other one has locked, so that nobody waits for a long import. A
    number from a sequence or a clock could be committed out of order; sums cannot. `mark` is
    random, so that a restored database or a rollback never repeats a version for other data.
    """

    number = models.BigIntegerField()
    mark = models.BigIntegerField()

    class Meta:
        verbose_name = "data version"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number}-{self.mark:x}"


@transaction.atomic(savepoint=False)
def move_data_version() -> None:
    """Move the data version, in the transaction that is open or in one of its own."""
    free = DataVersion.objects.select_for_update(skip_locked=True)
    row = free.order_by("pk").first() or DataVersion(number=0)
    row.number += 1
    row.mark = secrets.randbits(53)
    row.save()


def data_version() -> str | None:
    """Return the version of what the public sees, by one query; None if nothing was ever written.

    Read it before the data: what is cached under it is then never older than it says.
    """
    found = DataVersion.objects.aggregate(number=Sum("number"), mark=Sum("mark"))
    if found["number"] is None:
        return None
    return f"{found['number']}-{int(found['mark']):x}"


_reading_at: ContextVar[list[str | None] | None] = ContextVar("reading_at", default=None)
Made = TypeVar("Made")


# The results used last, of the register and of some of its editions.
@lru_cache(maxsize=64)
def cached_in_process(make: Callable[..., Made], version: str, *args: Any) -> Made:
    return make(*args)


@contextmanager
def reading_at(version: str | None) -> Iterator[None]:
    """Let `cached` cache results inside under this version, which was read before; None: not."""
    reading = [version]
    token = _reading_at.set(reading)
    try:
        yield
    finally:
        # A file that is still being sent puts this back when it ends, after the page has ended.
        reading[0] = None
        _reading_at.reset(token)


def cached(make: Callable[..., Made]) -> Callable[..., Made]:
    """Return the function with its results cached in this process, by data version.

    Never change a result; pass the language as an argument if it depends on it. Outside of
    `reading_at` nothing is cached.
    """

    @wraps(make)
    def cached_make(*args: Any) -> Made:
        (version,) = _reading_at.get() or [None]
        return make(*args) if version is None else cached_in_process(make, version, *args)

    return cached_make
