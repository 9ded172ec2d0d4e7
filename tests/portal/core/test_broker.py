"""Whoever sends a form waits for no broker: not for one that is down, and not for one that hangs."""

from __future__ import annotations

import socket

import pytest
from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError


def test_a_broker_that_takes_calls_and_never_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        app = Celery(set_as_current=False, broker=f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
        with pytest.raises((OperationalError, RedisError, OSError)):
            app.send_task("vault.sweep", retry=False)
