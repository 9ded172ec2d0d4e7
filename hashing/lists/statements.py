"""What a list held at the end of each day, worked out anew from its publications.

Two roots (RFC 6962). Over the feed's lines in order, each leaf `position entry state time`, so that a line
slipped in, taken out or changed afterwards shows. And over the ids of the active entries, sorted, which a
partner can work out from its own copy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from hashing.lists.models import List, Publication
from hashing.lists.states import FeedState
from portal.audit.merkle import Frontier, leaf_hash

KIND = "list-statement+jws"
_CHUNK = 5000
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Sum:
    """A list at the end of a day (UTC)."""

    day: date
    publications: int
    publications_root: bytes
    active: int
    active_root: bytes

    def statement(self, slug: str) -> dict[str, Any]:
        """What is signed."""
        return {
            "list": slug,
            "day": self.day.isoformat(),
            "publications": self.publications,
            "publications_root": self.publications_root.hex(),
            "active": self.active,
            "active_root": self.active_root.hex(),
        }


def end_of(day: date) -> datetime:
    """Where the day ends: the first moment of the next."""
    return datetime.combine(day + _DAY, time.min, UTC)


def sums(hash_list: List, days: Sequence[date]) -> Iterator[Sum]:
    """The list at the end of each of these days, which are in order."""
    log, active, epoch = Frontier(), set[UUID](), ""
    left = iter(days)
    day = next(left, None)
    for at, line_epoch, position, entry_id, state in _lines(hash_list, days):
        while day is not None and at >= end_of(day):
            yield _sum(day, log, active)
            day = next(left, None)
        if line_epoch != epoch:
            # The list was started again: what was active in its earlier life is published anew or gone.
            active, epoch = set(), line_epoch
        log.append(leaf_hash(_leaf(position, entry_id, state, at)))
        (active.add if state == FeedState.ACTIVE else active.discard)(entry_id)
    while day is not None:
        yield _sum(day, log, active)
        day = next(left, None)


def active_root(ids: Iterable[UUID]) -> bytes:
    """The root over the ids, as text, sorted."""
    tree = Frontier()
    for entry_id in sorted(map(str, ids)):
        tree.append(leaf_hash(entry_id.encode()))
    return tree.root()


def _lines(hash_list: List, days: Sequence[date]) -> Iterator[tuple[datetime, str, int, UUID, str]]:
    """By time, then in the order they were written: one that was back-dated falls among those of its day."""
    rows = Publication.objects.filter(list=hash_list)
    if days:
        rows = rows.filter(at__lt=end_of(days[-1]))
    columns = ("at", "epoch", "position", "entry_id", "state")
    return rows.order_by("at", "pk").values_list(*columns).iterator(chunk_size=_CHUNK)


def _leaf(position: int, entry_id: UUID, state: str, at: datetime) -> bytes:
    return f"{position} {entry_id} {state} {at.astimezone(UTC).isoformat()}".encode()


def _sum(day: date, log: Frontier, active: set[UUID]) -> Sum:
    return Sum(day, log.size, log.root(), len(active), active_root(active))
