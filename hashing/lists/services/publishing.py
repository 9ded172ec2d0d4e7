"""The publisher: the only one that numbers publications, so no late commit hides behind a cursor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from hashing.lists import locking, moving, records
from hashing.lists.models import Entry, EntryFingerprint, List, Publication
from hashing.lists.services import webhooks
from hashing.lists.states import ON_FEED, FeedState, State
from portal.audit import Subject, Verb, record
from portal.core.context import Context

BATCH = 500
# A run ends at some time even while writers keep pace with it; the next one is seconds away.
MAX_BATCHES = 200


def publish_pending() -> int:
    """Publish what is owed, a transaction per batch; the number of lines. Nothing if another run is at it."""
    total = 0
    for _ in range(MAX_BATCHES):
        count = _publish_batch()
        total += count
        if not count:
            break
    return total


def owed() -> QuerySet[Entry]:
    """Entries of which the feed does not say yet what is true; withdrawals first."""
    gone = Q(state=State.WITHDRAWN, listed_at__isnull=False) & ~Q(published=FeedState.WITHDRAWN)
    held = Q(state=State.QUARANTINED) & ~Q(published=FeedState.QUARANTINED)
    # After its wait the guard looks once more (`waiting`).
    due = Q(wait_until=None) | Q(guarded_at__gte=F("wait_until"))
    new = (Q(state=State.APPROVED) & due) | (Q(state=State.LISTED) & ~Q(published=FeedState.ACTIVE))
    # What a feed shows already comes first, so that a withdrawal never waits behind what is new.
    return Entry.objects.filter(gone | held | new).order_by("-published", "proposed_at", "pk")


def _publish_batch() -> int:
    with transaction.atomic():
        if not locking.try_publisher():
            return 0
        # An entry that somebody is deciding on right now waits for the next run; one that is only being
        # referred to, as by a partner's report, doesn't.
        entries = list(owed().select_for_update(skip_locked=True, no_key=True)[:BATCH])
        if not entries:
            return 0
        locking.close_window()
        now = locking.database_now()
        by_list: dict[UUID, list[Entry]] = defaultdict(list)
        for entry in entries:
            by_list[entry.list_id].append(entry)
        for list_id in sorted(by_list):
            _publish(list_id, by_list[list_id], now)
        return len(entries)


def _publish(list_id: UUID, entries: Sequence[Entry], now: datetime) -> None:
    ctx = Context.system("publisher")
    hash_list = List.objects.select_for_update(no_key=True).get(pk=list_id)
    at = max(hash_list.head_at or now, now)
    lines = [_line(ctx, hash_list, entry, at, hash_list.head + n) for n, entry in enumerate(entries, 1)]
    Publication.objects.bulk_create(lines)
    Entry.objects.bulk_update(entries, ["state", "listed_at", "published", "position", "published_at"])
    records.apply(hash_list, entries, at)
    EntryFingerprint.objects.filter(entry__in=[e for e in entries if e.state == State.WITHDRAWN]).delete()
    hash_list.head, hash_list.head_at = hash_list.head + len(lines), at
    hash_list.save(update_fields=["head", "head_at", "revision", "revised_at"])
    moving.announce(list_id)
    webhooks.owe(hash_list, at)
    record(
        ctx,
        Verb.LIST_PUBLISHED,
        Subject("list", list_id),
        epoch=hash_list.epoch,
        position=hash_list.head,
        publications=len(lines),
        withdrawn=sum(line.state != FeedState.ACTIVE for line in lines),
    )


def _line(ctx: Context, hash_list: List, entry: Entry, at: datetime, position: int) -> Publication:
    """The entry's next line; the entry is changed to match."""
    if entry.state == State.APPROVED:
        entry.state, entry.listed_at = State.LISTED, at
        record(
            ctx,
            Verb.ENTRY_LISTED,
            Subject("entry", entry.pk),
            list=hash_list.slug,
            epoch=hash_list.epoch,
            position=position,
        )
    entry.position, entry.published_at = position, at
    entry.published = ON_FEED[State(entry.state)]
    return Publication(
        list=hash_list,
        epoch=hash_list.epoch,
        position=position,
        at=at,
        entry=entry,
        state=entry.published,
    )
