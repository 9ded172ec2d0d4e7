"""Handing work to the broker. A broker that is down loses nothing: what is owed is in the database."""

from __future__ import annotations

import logging
from uuid import UUID

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = logging.getLogger("portal.queue")


def send(task: str, row: UUID) -> None:
    """Queue `task(row)` once the current transaction has committed. The message holds the id only."""
    transaction.on_commit(lambda: _send(task, row))


def _send(task: str, row: UUID) -> None:
    try:
        current_app.send_task(task, args=[str(row)], retry=False)
    except (OperationalError, RedisError, OSError):
        log.warning("broker_down", extra={"task": task})
