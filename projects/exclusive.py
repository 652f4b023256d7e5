"""One at a time: what two servers that start, or two requests, must not do side by side."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps

from django.db import connection, transaction

# Any number, the same for everything that takes turns: of one database only one does.
_KEY = 72_621
_held = False


@contextmanager
def exclusively() -> Iterator[None]:
    """Wait until no other process with this database is inside, for as long as that takes.

    A process that ends, however it does, lets the next one in.
    """
    global _held  # noqa: PLW0603 - a process has one turn, also for what it calls inside
    if _held:
        yield
        return
    _held = True
    try:
        with _turn_on_postgresql() if connection.vendor == "postgresql" else _turn_by_file():
            yield
    finally:
        _held = False


@contextmanager
def in_turn(name: str) -> Iterator[None]:
    """Wait until no other transaction of this name is inside, in any process of PostgreSQL's."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        yield


def one_at_a_time(handle):
    """Return a command's `handle` that waits for its turn."""

    @wraps(handle)
    def alone(*args, **options):
        with exclusively():
            return handle(*args, **options)

    return alone


@contextmanager
def _turn_on_postgresql() -> Iterator[None]:
    with connection.cursor() as cursor:
        # Another one's turn may take minutes, and so may a migration.
        cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [_KEY])
        cursor.execute("RESET lock_timeout")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s); RESET statement_timeout", [_KEY])


@contextmanager
def _turn_by_file() -> Iterator[None]:
    name = str(connection.settings_dict["NAME"])
    if name.startswith(("file:", ":memory:")):  # nobody else has it
        yield
        return
    with open(f"{name}.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
