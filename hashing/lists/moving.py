"""Telling those who wait that a list has moved, and waiting for it. The database says whether it has; Redis
only shortens the wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import redis
import structlog
from django.conf import settings
from django.db import connection, transaction

from hashing.lists.models import List

log = structlog.get_logger("hashing.lists")
# Without Redis the database is asked this often.
_STEP = 1.0
_Hear = Callable[[float], None]


def announce(list_id: UUID) -> None:
    """Once the current transaction has committed, wake those who wait for this list."""
    transaction.on_commit(lambda: _announce(list_id))


def wait(list_id: UUID, epoch: str, position: int, seconds: float) -> None:
    """Return when the list has moved past the position, has a new epoch, or the time is over.

    No connection to the database is held meanwhile.
    """
    end = time.monotonic() + seconds
    with _ear(list_id) as hear:
        while not _moved(list_id, epoch, position) and (left := end - time.monotonic()) > 0:
            if not connection.in_atomic_block:
                connection.close()
            hear(left)


def _moved(list_id: UUID, epoch: str, position: int) -> bool:
    return not List.objects.filter(pk=list_id, epoch=epoch, head__lte=position).exists()


@contextmanager
def _ear(list_id: UUID) -> Iterator[_Hear]:
    """Hears announcements from the moment that it is there; without Redis it only sleeps."""
    try:
        client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.5)
        listening = redis.client.PubSub(client.connection_pool, ignore_subscribe_messages=True)
        listening.subscribe(_channel(list_id))
    except (redis.RedisError, OSError):
        log.warning("waiting_without_redis")
        yield lambda left: time.sleep(min(_STEP, left))
        return
    try:
        yield lambda left: _heard(listening, left)
    finally:
        listening.close()
        client.close()


def _heard(listening: redis.client.PubSub, left: float) -> None:
    """Until something is said, at most `left` seconds; the database is asked again either way."""
    try:
        # The subscription's own confirmation is no announcement, and asking once more costs little.
        listening.get_message(timeout=left)
    except (redis.RedisError, OSError):
        time.sleep(min(_STEP, left))


def _announce(list_id: UUID) -> None:
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5
        ) as client:
            client.publish(_channel(list_id), b"")
    except (redis.RedisError, OSError):
        log.warning("announcing_without_redis")


def _channel(list_id: UUID) -> str:
    return f"lists.moved.{list_id}"
