"""How the service stands, for its partners."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hashing.lists.models import Entitlement, Entry, Partner
from hashing.lists.services.publishing import owed
from hashing.lists.states import State
from hashing.matching import service
from portal.core import clock

# A withdrawal is promised within a minute.
LATE = timedelta(seconds=60)


def of(partner: Partner | None) -> dict[str, Any]:
    """`publisher_lag`: seconds that the oldest change has waited to be published; 0 when none does."""
    now = clock.now()
    waiting = max((now - since for each in owed()[:1000] if (since := _since(each))), default=timedelta())
    ready = service.available()
    found: dict[str, Any] = {
        "status": "ok" if ready and waiting < LATE else "degraded",
        "at": now,
        "publisher_lag": max(0, round(waiting.total_seconds())),
        "lookup": "ready" if ready else "unavailable",
    }
    if partner is not None:
        entitled = Entitlement.objects.filter(partner=partner).select_related("list").order_by("list__slug")
        found["lists"] = [each.list for each in entitled]
    return found


def _since(entry: Entry) -> Any:
    """When the change was made that isn't published yet, as far as the entry knows."""
    return entry.withdrawn_at if entry.state == State.WITHDRAWN else entry.decided_at
