"""Puts new entries into the tree and signs the result.

Writers never wait for this, nor for each other: they only insert. One sealer at a time (an advisory lock that
ends with the transaction) takes what waits, gives it the next indexes, and signs a checkpoint, all in one
transaction per batch: killed at any line, it has done nothing, and the next run does it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction

from portal.audit import keys, marks, memory, notes, tiles
from portal.audit.dating import LATER
from portal.audit.exemptions import unrecorded
from portal.audit.heads import Head
from portal.audit.merkle import Frontier, leaf_hash
from portal.audit.models import Checkpoint, Tile, Unsealed
from portal.audit.notes import BadNote
from portal.core import clock

log = structlog.get_logger(__name__)
BATCH = 2000
_LOCK = int.from_bytes(b"auditlog", "big") >> 1


class Inconsistent(RuntimeError):
    """The tables contradict the newest checkpoint; nothing more is signed."""


def seal_waiting(*, batch: int = BATCH) -> int:
    """Seal everything that waits, a batch at a time. Returns how many entries were sealed.

    Returns early when another sealer is at work: what is left is its to do.
    """
    total = 0
    while sealed := seal_batch(limit=batch):
        total += sealed
        if sealed < batch:
            break
    return total


@unrecorded("sealing is not recorded in the log that it seals: there would be no end")
@transaction.atomic
def seal_batch(*, limit: int) -> int:
    """Seal at most `limit` entries in one transaction. Returns how many."""
    if not _lock():
        return 0
    waiting = list(
        Unsealed.objects.order_by("position").values_list("entry_id", "entry__leaf")[:limit],
    )
    if not waiting:
        return 0
    last = Checkpoint.objects.order_by("-size").first()
    edge = tiles.frontier(last.size if last else 0)
    if last and edge.root() != bytes(last.root):
        # A log never signs what contradicts it: someone must look at this first.
        raise Inconsistent("the stored tree isn't the one last signed: run `manage.py audit verify`")
    _check_memory(edge)
    _append(edge, waiting)
    note = _sign(edge, not_before=last.at if last else None)
    transaction.on_commit(partial(memory.keep, note), robust=True)
    return len(waiting)


def _check_memory(edge: Frontier) -> None:
    """The log goes on from what this machine signed last. Raises Inconsistent."""
    try:
        kept = memory.recall()
    except BadNote as error:
        raise Inconsistent(f"{settings.SEALED_DIR}: {error}") from error
    if kept is None:
        return
    tree = edge if kept.head.size >= edge.size else tiles.frontier(kept.head.size)
    if (tree.size, tree.root()) != (kept.head.size, kept.head.root):
        raise Inconsistent(
            "the log doesn't go on from what this machine signed last: run `manage.py audit verify`; if a"
            " backup was restored on purpose, `manage.py audit restored`"
        )


def _append(edge: Frontier, waiting: Sequence[tuple[UUID, bytes | memoryview]]) -> None:
    leaves: list[tuple[int, UUID, bytes, bytes]] = []
    complete: list[Tile] = []
    mark_key = keys.mark_key()
    for entry_id, leaf in waiting:
        index, digest = edge.size, leaf_hash(bytes(leaf))
        complete += tiles.completed_by(index, edge.append(digest))
        leaves.append((index, entry_id, digest, marks.make(mark_key, index, digest)))
    _insert(leaves)
    Tile.objects.bulk_create(complete)


def _insert(leaves: Sequence[tuple[int, UUID, bytes, bytes]]) -> None:
    """All leaves at once; a trigger takes their entries off the queue."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_leaf (index, entry_id, hash, mark)"
            " SELECT * FROM unnest(%s::bigint[], %s::uuid[], %s::bytea[], %s::bytea[])",
            [list(column) for column in zip(*leaves, strict=True)],
        )


def _sign(edge: Frontier, *, not_before: datetime | None) -> str:
    """Times of checkpoints never go back, even when a machine's clock does."""
    now = clock.now().replace(microsecond=0)
    at = max(now, not_before) if not_before else now
    if at - now > LATER:
        log.warning("audit.clock_behind", seconds=int((at - now).total_seconds()))
    note = notes.sign(Head(keys.origin(), edge.size, edge.root()).text(), keys.signers(), at)
    Checkpoint.objects.create(size=edge.size, root=edge.root(), at=at, note=note)
    return note


def _lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        row = cursor.fetchone()
    return bool(row and row[0])
