"""The end of a picture: its keys first, then its bytes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from portal import audit
from portal.audit import Subject, Verb, unrecorded
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import Conflict, NotFound
from portal.vault import storage
from portal.vault.models import Picture, PictureState, Rendition, Reveal


@transaction.atomic
def shred(ctx: Context, *, picture_id: UUID, reason: str) -> Picture:
    """Destroy the keys of a picture and its renditions, then their bytes. Doing it twice changes nothing.

    `reason` is a short identifier: decided, withdrawn, retention, forget. Who may shred is the caller's rule.
    Raises Conflict (code held) for one that is held.
    """
    picture = locked(picture_id)
    if picture.held_at is not None:
        raise Conflict(_("A legal hold keeps this file."), code="held")
    if picture.shredded_at is None:
        picture.state = PictureState.SHREDDED
        destroy_keys(ctx, picture, reason=reason)
    return picture


def destroy_keys(ctx: Context, picture: Picture, *, reason: str) -> None:
    """The part that counts, in the caller's transaction; `picture` is locked and its state already set."""
    picture.wrapped_key = None
    picture.shredded_at = ctx.at
    picture.shred_reason = reason
    picture.shred_due_at = None
    picture.lease_until = picture.lease_token = None
    picture.save()
    Rendition.objects.filter(picture=picture, shredded_at=None).update(wrapped_key=None, shredded_at=ctx.at)
    audit.record(
        ctx, Verb.PICTURE_SHREDDED, Subject("picture", picture.id), reason=reason, epoch=picture.epoch
    )
    transaction.on_commit(lambda: destroy_bytes([picture, *picture.renditions.all()]))


@unrecorded("the keys went before, as picture.shredded says; what is left can't be opened")
def destroy_bytes(rows: Iterable[Picture | Rendition]) -> None:
    """Overwrite and delete what shredded rows refer to. A crash in between leaves it to the sweep."""
    for row in rows:
        if row.shredded_at is not None and row.bytes_gone_at is None:
            storage.destroy(row.storage_name)
            row.bytes_gone_at = clock.now()
            row.save(update_fields=["bytes_gone_at"])


@transaction.atomic
def schedule_shred(ctx: Context, *, picture_id: UUID, due_at: datetime | None) -> Picture:
    """Set (or, with None, lift) the time at which the sweep shreds the picture, with reason retention."""
    picture = locked(picture_id)
    if picture.shredded_at is None:
        picture.shred_due_at = due_at
        picture.save(update_fields=["shred_due_at"])
        due = {"due": due_at.date()} if due_at else {}
        audit.record(ctx, Verb.PICTURE_SHRED_SCHEDULED, Subject("picture", picture.id), **due)
    return picture


@transaction.atomic
def shred_reasons(ctx: Context, *, picture_id: UUID) -> int:
    """With its case, why a picture was looked at goes too: the log's commitments say nothing without the
    salts.

    Returns how many reasons went.
    """
    reveals = list(Reveal.objects.select_for_update().filter(picture=picture_id, reason_shredded_at=None))
    for reveal in reveals:
        reveal.reason, reveal.reason_salt, reveal.reason_shredded_at = "", b"", ctx.at
        reveal.save(update_fields=["reason", "reason_salt", "reason_shredded_at"])
    if reveals:
        subject = Subject("picture", picture_id)
        audit.record(ctx, Verb.PICTURE_REASONS_SHREDDED, subject, reveals=len(reveals))
    return len(reveals)


@transaction.atomic
def lock(ctx: Context, *, picture_id: UUID) -> Picture:
    """Stop every preview and reveal of a picture at once (a child may be in it). Never undone here."""
    picture = locked(picture_id)
    if picture.locked_at is None:
        picture.locked_at = ctx.at
        picture.save(update_fields=["locked_at"])
        audit.record(ctx, Verb.PICTURE_LOCKED, Subject("picture", picture.id))
    return picture


def locked(picture_id: UUID) -> Picture:
    """The picture's row, locked until the transaction ends. Raises NotFound."""
    picture = Picture.objects.select_for_update().filter(pk=picture_id).first()
    if picture is None:
        raise NotFound(_("There is no such file."), code="picture_not_found")
    return picture
