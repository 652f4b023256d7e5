"""PostgreSQL's advisory locks, by name. On SQLite a transaction waits for the one writer."""

from django.db import connection


def queue_up(name: str = "places") -> None:
    """Let transactions come one after the other; before any row is locked.

    Without a name: changes of places, and imports. Two of them could wait for each other.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def start_alone() -> None:
    """Wait, without a limit, until no other server starts; the lock ends with the connection."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")
            cursor.execute("SELECT pg_advisory_lock(hashtextextended('start', 0))")
