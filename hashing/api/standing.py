"""How the service stands, for its partners."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from hashing.lists.models import Entitlement, Entry, Partner, Quarantine
from hashing.lists.services.publishing import owed
from hashing.lists.states import State
from hashing.matching import service
from portal.core import clock

# A withdrawal is promised within a minute.
LATE = timedelta(seconds=60)


def of(partner: Partner | None) -> dict[str, Any]:
    """`publisher_lag`: seconds that the oldest change has waited to be published; 0 when none does."""
    now = clock.now()
    waiting = max((now - since for since in _since(list(owed()[:1000]))), default=timedelta())
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


def _since(waiting: Sequence[Entry]) -> Iterator[datetime]:
    """When each change was made that isn't published yet, as far as that is known: not of what is published
    anew as it is, after a restart or without its regional codes."""
    held = Quarantine.objects.filter(entry__in=[each.pk for each in waiting]).order_by("opened_at")
    last = {each.entry_id: each for each in held}
    for entry in waiting:
        at = _changed(entry, last.get(entry.pk))
        if at is not None:
            yield at


def _changed(entry: Entry, held: Quarantine | None) -> datetime | None:
    if entry.state == State.WITHDRAWN:
        return entry.withdrawn_at
    if entry.state == State.APPROVED:
        return max(filter(None, (entry.decided_at, entry.wait_until)), default=None)
    if held is None:
        return None
    if entry.state == State.QUARANTINED:
        return held.opened_at
    judged_since = held.closed_at and entry.published_at and held.closed_at > entry.published_at
    return held.closed_at if judged_since else None
