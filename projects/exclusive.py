"""Locks for what two servers or requests must not do at the same time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

# Any number, the same for all that takes this lock.
_KEY = 72_621
_held = False


@contextmanager
def exclusively() -> Iterator[None]:
    """Wait, without a limit, for the lock of this database; it ends with the process."""
    global _held  # noqa: PLW0603 - a process has one lock, also for what it calls inside
    if _held:
        yield
        return
    _held = True
    try:
        with _postgresql_lock() if connection.vendor == "postgresql" else _file_lock():
            yield
    finally:
        _held = False


@contextmanager
def transaction_lock(name: str) -> Iterator[None]:
    """Wait until no other transaction on PostgreSQL has the lock of this name."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        yield


@contextmanager
def _postgresql_lock() -> Iterator[None]:
    with connection.cursor() as cursor:
        # Another process may hold it for minutes, during a migration.
        cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [_KEY])
        cursor.execute("RESET lock_timeout")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s); RESET statement_timeout", [_KEY])


@contextmanager
def _file_lock() -> Iterator[None]:
    name = str(connection.settings_dict["NAME"])
    if name.startswith(("file:", ":memory:")):  # nobody else has it
        yield
        return
    # Another account that could open it could keep commands waiting.
    with open(f"{name}.lock", "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
