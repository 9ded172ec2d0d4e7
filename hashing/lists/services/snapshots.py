"""Whole lists as files: built, kept for a while, and removed.

A file never shows what had left the list when it was built, and its holder goes on pulling from its position.
So that it doesn't keep for long what leaves afterwards, a list that moves gets a new file every hour, and the
one before goes an hour later.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

from django.db import transaction

from hashing.lists import lines, places, signing, snapshot_files
from hashing.lists.models import List, Snapshot
from hashing.lists.snapshot_files import Written
from portal.audit import Subject, Verb, record
from portal.core.context import Context

STATEMENT = "list-snapshot+jwt"
MEDIA_TYPE = "application/x-ndjson"
EVERY = timedelta(hours=1)
# Whoever is in the middle of the one before has so long to end.
GRACE = timedelta(hours=1)


def refresh_snapshots(ctx: Context) -> int:
    """Build what is due and remove what is over; how many were built."""
    built = sum(
        build_snapshot(ctx, hash_list=each) is not None
        for each in List.objects.filter(head__gt=0)
        if _due(ctx, each)
    )
    _remove_old(ctx)
    kept = Snapshot.objects.filter(removed_at=None).values_list("pk", flat=True)
    snapshot_files.remove_abandoned(kept)
    return built


def build_snapshot(ctx: Context, *, hash_list: List) -> Snapshot | None:
    """The list as it stands, as a file; None if there is one of this position already."""
    hash_list.refresh_from_db()
    if Snapshot.objects.filter(list=hash_list, epoch=hash_list.epoch, position=hash_list.head).exists():
        return None
    pieces = _Pieces(hash_list)
    with snapshot_files.written(pieces.text()) as file, transaction.atomic():
        now = List.objects.select_for_update(no_key=True).get(pk=hash_list.pk)
        if now.epoch != hash_list.epoch:
            return None
        return _keep(ctx, hash_list, file, pieces.entries)


class _Pieces:
    """The file's text, in the form of an NDJSON page; counts entries on the way."""

    def __init__(self, hash_list: List) -> None:
        self.hash_list = hash_list
        self.entries = 0

    def text(self) -> Iterator[bytes]:
        for piece, entries in lines.whole(self.hash_list):
            self.entries += entries
            yield piece
        end = {"next_cursor": places.encode(self.hash_list, self.hash_list.head), "has_more": True}
        yield json.dumps(end, separators=(",", ":")).encode() + b"\n"


def _keep(ctx: Context, hash_list: List, file: Written, entries: int) -> Snapshot | None:
    """Give the file its name and its row. None when another run was quicker."""
    made = Snapshot(
        id=uuid4(),
        list=hash_list,
        epoch=hash_list.epoch,
        position=hash_list.head,
        entries=entries,
        size=file.size,
        sha256=file.sha256,
        manifest=signing.sign(STATEMENT, _manifest(ctx, hash_list, file, entries)),
        built_at=ctx.at,
    )
    if Snapshot.objects.filter(list=hash_list, epoch=made.epoch, position=made.position).exists():
        return None
    made.save(force_insert=True)
    snapshot_files.keep(file, made.pk)
    subject = Subject("list", hash_list.pk)
    record(ctx, Verb.LIST_SNAPSHOT_BUILT, subject, epoch=made.epoch, position=made.position, entries=entries)
    return made


def _manifest(ctx: Context, hash_list: List, file: Written, entries: int) -> dict[str, str | int]:
    return {
        "agency": lines.agency_name(),
        "list": hash_list.slug,
        "epoch": hash_list.epoch,
        "position": hash_list.head,
        "next_cursor": places.encode(hash_list, hash_list.head),
        "entries": entries,
        "size": file.size,
        "sha256": file.sha256.hex(),
        "media_type": MEDIA_TYPE,
        "coding": "zstd",
        "built_at": ctx.at.isoformat(),
    }


def _due(ctx: Context, hash_list: List) -> bool:
    kept = Snapshot.objects.filter(list=hash_list, epoch=hash_list.epoch, removed_at=None)
    newest = kept.order_by("-position").first()
    return newest is None or (newest.position < hash_list.head and newest.built_at <= ctx.at - EVERY)


def _remove_old(ctx: Context) -> None:
    kept = Snapshot.objects.filter(removed_at=None).select_related("list")
    for old in kept.order_by("position"):
        newer = kept.filter(list=old.list, epoch=old.list.epoch, position__gt=old.position)
        if old.epoch != old.list.epoch or newer.filter(built_at__lte=ctx.at - GRACE).exists():
            _remove(ctx, old)


def _remove(ctx: Context, old: Snapshot) -> None:
    """The file first: a row without a file says no more than that there was one."""
    with transaction.atomic():
        found = Snapshot.objects.select_for_update().filter(pk=old.pk, removed_at=None).first()
        if found is None:
            return
        snapshot_files.remove(found.pk)
        found.removed_at = ctx.at
        found.save(update_fields=["removed_at"])
        subject = Subject("list", found.list_id)
        record(ctx, Verb.LIST_SNAPSHOT_REMOVED, subject, epoch=found.epoch, position=found.position)
