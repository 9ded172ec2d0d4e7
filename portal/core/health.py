"""What must work for the portal to be well: `/healthz` says whether it does, the log says what doesn't."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import redis
import structlog
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable, ServiceWarning
from health_check.views import HealthCheckView

log = structlog.get_logger(__name__)

# The audit log is sealed every second or two; pictures are fingerprinted in seconds.
LONGEST_SEALING = timedelta(seconds=60)
LONGEST_QUEUE = timedelta(minutes=15)


def _scalar(statement: str) -> Any:
    """The one value of a statement, on a connection that this thread gives back."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            row = cursor.fetchone()
    finally:
        connection.close()
    return row[0] if row else None


@dataclasses.dataclass
class Database(HealthCheck):  # type: ignore[misc]  # it has no types
    """PostgreSQL answers."""

    def run(self) -> None:
        _scalar("SELECT 1")


@dataclasses.dataclass
class Redis(HealthCheck):  # type: ignore[misc]  # it has no types
    """Redis answers."""

    def run(self) -> None:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3) as client:
            if not client.ping():
                raise ServiceUnavailable("no answer")


@dataclasses.dataclass
class _Age(HealthCheck):  # type: ignore[misc]  # it has no types
    """The oldest thing that waits has not waited too long."""

    def oldest(self) -> str:
        """The SQL of its time, or of null."""
        raise NotImplementedError

    def longest(self) -> timedelta:
        raise NotImplementedError

    def run(self) -> None:
        waits = _scalar(f"SELECT now() - ({self.oldest()})")
        if waits is not None and waits > self.longest():
            raise ServiceWarning("waits too long")


@dataclasses.dataclass
class AuditSealing(_Age):
    """New audit entries are sealed soon after they are written."""

    def oldest(self) -> str:
        return (
            "SELECT min(entry.at) FROM audit_entry entry"
            " WHERE NOT EXISTS (SELECT 1 FROM audit_leaf leaf WHERE leaf.entry_id = entry.id)"
        )

    def longest(self) -> timedelta:
        return LONGEST_SEALING


@dataclasses.dataclass
class PictureQueue(_Age):
    """Pictures that were handed over are fingerprinted."""

    def oldest(self) -> str:
        return "SELECT min(stored_at) FROM vault_picture WHERE state = 'stored'"

    def longest(self) -> timedelta:
        return LONGEST_QUEUE


class Health(HealthCheckView):  # type: ignore[misc]  # it has no types
    """200 and `{"status": "ok"}`, or 503 and `{"status": "failing"}`; nothing else is told to the public."""

    http_method_names = ("get", "head")
    checks = (Database, Redis, AuditSealing, PictureQueue)

    async def get(self, _request: HttpRequest, *_args: object, **_kwargs: object) -> HttpResponse:
        results = [await check.get_result(None) for check in self.get_checks()]
        failing = [type(result.check).__name__ for result in results if result.error]
        if failing:
            log.error("unhealthy", checks=failing)
        return JsonResponse({"status": "failing" if failing else "ok"}, status=503 if failing else 200)
