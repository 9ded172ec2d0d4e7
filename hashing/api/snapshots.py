"""Handing a snapshot out: recorded like any other pull."""

from __future__ import annotations

from typing import BinaryIO

from django.db import transaction

from hashing.api.problems import Gone
from hashing.lists import places, snapshot_files
from hashing.lists.models import List, Partner, Snapshot
from hashing.lists.services import pulling
from hashing.lists.states import Wire
from portal.core.context import Context
from portal.core.errors import NotFound


def kept(hash_list: List) -> list[Snapshot]:
    """What can be fetched, the newest first."""
    rows = Snapshot.objects.filter(list=hash_list, epoch=hash_list.epoch, removed_at=None)
    return list(rows.order_by("-position"))


def find(partner: Partner, slug: str, position: int) -> Snapshot:
    """Raises NotEntitled, NotFound, and Gone for one that was removed."""
    hash_list = pulling.entitled_list(partner, slug)
    rows = Snapshot.objects.filter(list=hash_list, epoch=hash_list.epoch, position=position)
    found = rows.select_related("list").first()
    if found is None:
        raise NotFound("There is no snapshot of that position.", code="no_such_snapshot")
    if found.removed_at is not None:
        raise _removed()
    return found


def hand_out(ctx: Context, partner: Partner, found: Snapshot) -> BinaryIO:
    """The open file; from here on the partner counts as holding the list up to its position."""
    try:
        file = snapshot_files.path(found.pk).open("rb")
    except FileNotFoundError as error:
        raise _removed() from error
    try:
        with transaction.atomic():
            position = pulling.begin(ctx, partner=partner, wire=Wire.NATIVE, hash_list=found.list)
            pulling.finish(ctx, position, after=0, handed=found.position, entries=found.entries)
    except BaseException:
        file.close()
        raise
    return file


def cursor(found: Snapshot) -> str:
    return places.encode(found.list, found.position)


def _removed() -> Gone:
    return Gone("This snapshot was removed. Fetch the newest one.", code="snapshot_removed")
