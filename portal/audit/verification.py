"""Re-reads the whole log and finds the first thing that isn't as it was sealed.

One pass in the tree's order, in one snapshot of the database, holding one page of entries and the tree's
peaks at a time: so it works for any length, while the portal goes on writing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from portal.audit import canonical, tiles
from portal.audit.checkpoints import Checkpoints
from portal.audit.findings import Broken
from portal.audit.heads import Head
from portal.audit.merkle import Frontier, leaf_hash
from portal.audit.models import Entry, Leaf, Tile
from portal.audit.pages import in_order
from portal.audit.recording import OLDEST
from portal.core import clock

# Entries carry their action's time: older than its sealing by the age of a context and of a transaction,
# newer by what two machines' clocks may differ.
EARLIER = OLDEST + timedelta(minutes=15)
LATER = timedelta(minutes=1)
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Held:
    """The log holds: how many entries are sealed, under how many checkpoints, and how many wait."""

    entries: int
    checkpoints: int
    waiting: int


def verify(*, against: Head | None = None, patience: timedelta, progress: Progress = lambda _n: None) -> Held:
    """Check everything. Raises Broken with the first finding.

    `against` is a checkpoint kept elsewhere, its signature already checked. An entry may wait for the sealer
    as long as `patience`.
    """
    with _snapshot():
        checkpoints = Checkpoints(against)
        edge = Frontier()
        checkpoints.reached(edge)
        for leaf in in_order(Leaf.objects.select_related("entry")):
            _check_leaf(leaf, edge, checkpoints)
            checkpoints.reached(edge)
            progress(edge.size)
        checkpoints.ended(edge)
        return Held(edge.size, checkpoints.count, _check_waiting(clock.now() - patience))


def _check_leaf(leaf: Leaf, edge: Frontier, checkpoints: Checkpoints) -> None:
    """The leaf is the next one, its entry is as sealed, and the tree with it has the root noted then."""
    if leaf.index != edge.size:
        raise _missing(edge.size)
    entry = leaf.entry
    _check_entry(leaf, entry)
    since, until = checkpoints.window(leaf.index, entry.id)
    if entry.at > until + LATER:
        raise Broken(leaf.index, entry.id, "its time is after the checkpoint that sealed it")
    if since and entry.at < since - EARLIER:
        raise Broken(
            leaf.index, entry.id, "it is back-dated: its time is long before the checkpoint it follows"
        )
    completed = edge.append(bytes(leaf.hash))
    if edge.root() != bytes(leaf.root):
        raise Broken(leaf.index, entry.id, "it isn't the entry that was sealed at this place")
    for tile in tiles.completed_by(leaf.index, completed):
        if not Tile.objects.filter(level=tile.level, index=tile.index, hash=tile.hash).exists():
            raise Broken(leaf.index, entry.id, "the stored tree above it is another")


def _check_entry(leaf: Leaf, entry: Entry) -> None:
    stored = bytes(entry.leaf)
    if leaf_hash(stored) != bytes(leaf.hash):
        raise Broken(leaf.index, entry.id, "its sealed bytes were altered, or it was moved")
    if canonical.encode(entry) != stored:
        raise Broken(leaf.index, entry.id, f"altered: {', '.join(canonical.differences(entry))}")


def _missing(index: int) -> Broken:
    """Why the tree has no usable leaf at `index`: the leaf is gone, or the entry under it."""
    entry_id: UUID | None = Leaf.objects.filter(index=index).values_list("entry_id", flat=True).first()
    what = "the entry was removed" if entry_id else "the entry sealed at this place was removed"
    return Broken(index, entry_id, what)


def _check_waiting(before: datetime) -> int:
    """Entries without a place in the tree: few and young. Looks at all entries, not at the queue."""
    waiting = Entry.objects.filter(sealed=None)
    oldest = waiting.filter(at__lt=before).order_by("at").first()
    if oldest:
        raise Broken(None, oldest.id, f"not sealed although it was written at {oldest.at.isoformat()}")
    return waiting.count()


@contextmanager
def _snapshot() -> Iterator[None]:
    """One state of the database for the whole pass, unless the caller's transaction already set one."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
