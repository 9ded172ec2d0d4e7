"""Who checks a picture, and what came of it: a lease, then one of three endings, each written once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction

from portal import audit
from portal.audit import Subject, Verb, unrecorded
from portal.core import clock
from portal.core.context import Context
from portal.vault import coarse, keys, storage
from portal.vault.encodings import MEDIA_TYPE
from portal.vault.models import Picture, PictureState, Rendition, RenditionKind
from portal.vault.services.shredding import destroy_keys

LEASE = timedelta(seconds=120)  # longer than the cage's clock
PAUSE = timedelta(seconds=10)  # after a failed attempt
ATTEMPTS = 3


@dataclass(frozen=True)
class Lease:
    """The right to check one picture, until it ends or somebody else's begins."""

    picture: Picture
    token: UUID


@transaction.atomic
def claim(ctx: Context, *, picture_id: UUID) -> Lease | None:
    """A lease on a picture whose check is owed, or None. After three attempts that ended in neither a result
    nor a refusal, the picture is refused here."""
    picture = Picture.objects.select_for_update().filter(pk=picture_id, state=PictureState.STORED).first()
    now = clock.now()
    if picture is None or (picture.lease_until is not None and picture.lease_until > now):
        return None
    if picture.attempts >= ATTEMPTS:
        _refuse(ctx, picture, "unfinished")
        return None
    picture.attempts += 1
    picture.lease_until = now + LEASE
    picture.lease_token = uuid4()
    picture.save(update_fields=["attempts", "lease_until", "lease_token"])
    return Lease(picture, picture.lease_token)


@unrecorded("gives a worker's lease back; nothing was done")
@transaction.atomic
def release(lease: Lease) -> None:
    """An attempt failed: let another begin after a pause."""
    Picture.objects.filter(pk=lease.picture.pk, lease_token=lease.token).update(
        lease_until=clock.now() + PAUSE, lease_token=None
    )


@transaction.atomic
def refuse(ctx: Context, lease: Lease, *, code: str) -> bool:
    """The file can't be used: say why, and destroy it at once. False if the lease was lost."""
    picture = held(lease)
    if picture is None:
        return False
    _refuse(ctx, picture, code)
    return True


def finish(ctx: Context, picture: Picture, *, width: int, height: int, preview: Rendition) -> None:
    """Mark a held picture as checked, in the caller's transaction."""
    picture.state = PictureState.CHECKED
    picture.width, picture.height = width, height
    picture.checked_at = ctx.at
    picture.lease_until = picture.lease_token = None
    picture.save()
    preview.save(force_insert=True)
    large = coarse.megapixels(width, height)
    audit.record(ctx, Verb.PICTURE_CHECKED, Subject("picture", picture.id), megapixels=large)


def held(lease: Lease) -> Picture | None:
    """The picture's row, locked, if the lease still holds. Inside the caller's transaction."""
    return (
        Picture.objects.select_for_update()
        .filter(pk=lease.picture.pk, state=PictureState.STORED, lease_token=lease.token)
        .first()
    )


def store_rendition(
    ctx: Context, picture: Picture, kind: RenditionKind, plaintext: bytes, *, lasts: timedelta | None = None
) -> Rendition:
    """Encrypt a rendition for the desk and put it into storage. The row is not saved: the caller does that
    in the transaction that completes the work; without it the sweep removes the bytes."""
    rendition = Rendition(
        picture=picture,
        kind=kind,
        media_type=MEDIA_TYPE,
        epoch=ctx.at.date(),
        storage_name=storage.new_name(ctx.at.date()),
        made_at=ctx.at,
        expires_at=ctx.at + lasts if lasts else None,
    )
    ciphertext, rendition.wrapped_key = keys.encrypt_rendition(rendition.id, rendition.epoch, plaintext)
    storage.write(rendition.storage_name, ciphertext)
    return rendition


def _refuse(ctx: Context, picture: Picture, code: str) -> None:
    picture.state = PictureState.REFUSED
    picture.refusal = code
    picture.checked_at = ctx.at
    audit.record(ctx, Verb.PICTURE_REFUSED, Subject("picture", picture.id), reason=code)
    destroy_keys(ctx, picture, reason="refused")
