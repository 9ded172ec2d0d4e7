"""The publisher's two locks, that of an entry's reports, and the clock that readers by time share."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

# Two numbers each: a class of the portal's advisory locks, and the lock.
PUBLISHER = (0x6C69, 1)
WINDOW = (0x6C69, 2)
REPORTS = 0x6C72


def try_publisher() -> bool:
    """Become the publisher until the transaction ends; False when somebody is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", PUBLISHER)
        row = cursor.fetchone()
    return bool(row and row[0])


def close_window() -> None:
    """The publisher, before it takes a time: wait for readers of past windows, and keep new ones waiting."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", WINDOW)


def read_window() -> None:
    """A reader by time: once this returns, all publications up to now are there to be read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", WINDOW)


def reports(entry_id: UUID) -> None:
    """Take the reports of an entry one after another. (Two entries share a lock once in four billion.)"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [REPORTS, str(entry_id)])


def database_now() -> datetime:
    """The database's clock, not the transaction's start: one clock for all hosts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
