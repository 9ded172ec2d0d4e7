"""A list's publications as a partner pulls them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import transaction

from hashing.api import cursors
from hashing.lists.models import EntryFingerprint, List, Partner, Publication
from hashing.lists.services import pulling
from hashing.lists.states import VERIFICATION, FeedState, Rule, State, Wire
from portal.core.context import Context

Line = dict[str, Any]


def pull(ctx: Context, *, partner: Partner, slug: str, cursor: str | None, limit: int) -> dict[str, Any]:
    """A page of what follows the cursor, in order; the pull is recorded in the same transaction."""
    with transaction.atomic():
        hash_list = pulling.entitled_list(partner, slug)
        after = cursors.decode(hash_list, cursor) if cursor is not None else 0
        position = pulling.begin(ctx, partner=partner, wire=Wire.NATIVE, hash_list=hash_list)
        found = Publication.objects.filter(list=hash_list, epoch=hash_list.epoch, position__gt=after)
        rows = list(found.select_related("entry").order_by("position")[: limit + 1])
        page, more = rows[:limit], len(rows) > limit
        last = page[-1].position if page else after
        pulling.finish(ctx, position, after=after, handed=last, entries=len(page))
        return {
            "publications": _lines(hash_list, page),
            "next_cursor": cursors.encode(hash_list, last),
            "has_more": more,
        }


def _lines(hash_list: List, page: Sequence[Publication]) -> list[Line]:
    """A line whose entry has left the feed since says so already: it never shows a fingerprint."""
    active = [
        row.entry_id for row in page if row.state == FeedState.ACTIVE and row.entry.state == State.LISTED
    ]
    # Not ordered by the database: to save a sort it might walk all rows in order.
    rows = EntryFingerprint.objects.filter(entry__in=active)
    hashes: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    columns = ("kind", "variant", "algorithm", "entry_id", "value", "quality")
    for kind, variant, algorithm, entry_id, value, quality in sorted(
        rows.values_list(*columns), key=itemgetter(0, 1, 2)
    ):
        one = {
            "type": kind,
            "variant": variant,
            "value": value,
            "quality": quality,
            "algorithm": algorithm,
            "max_distance": hash_list.distances.get(kind, 0),
        }
        hashes[entry_id].append(one)
    return [_line(hash_list, row, hashes.get(row.entry_id, [])) for row in page]


def _line(hash_list: List, row: Publication, hashes: list[dict[str, Any]]) -> Line:
    line: Line = {
        "position": row.position,
        "at": row.at.isoformat().replace("+00:00", "Z"),
        "entry": str(row.entry_id),
        "state": _gone(row).value,
    }
    if hashes and row.state == FeedState.ACTIVE:
        line["state"] = FeedState.ACTIVE.value
        line["media_type"] = row.entry.media_type
        line["category"] = row.entry.category
        line["verification"] = VERIFICATION[Rule(hash_list.rule)]
        line["hashes"] = hashes
    return line


def _gone(row: Publication) -> FeedState:
    """What a line without fingerprints says: for now, or for good."""
    held = row.entry.state == State.QUARANTINED or row.state == FeedState.QUARANTINED
    return FeedState.QUARANTINED if held and row.entry.state != State.WITHDRAWN else FeedState.WITHDRAWN
