"""A picture that is known by its fingerprints alone."""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction

from portal import audit
from portal.audit import Subject, Verb
from portal.core.context import Context
from portal.vault import coarse
from portal.vault.models import Picture, PictureState


@transaction.atomic
def register(ctx: Context, *, width: int, height: int) -> Picture:
    """Note a picture that stays on its owner's device: no key, no bytes, nothing to open, now or later."""
    picture_id = uuid4()
    picture = Picture.objects.create(
        id=picture_id,
        state=PictureState.ON_DEVICE,
        size=0,
        media_type="",
        width=width,
        height=height,
        epoch=ctx.at.date(),
        storage_name=f"nowhere/{picture_id}",
        stored_at=ctx.at,
        checked_at=ctx.at,
    )
    large = coarse.megapixels(width, height)
    audit.record(ctx, Verb.PICTURE_REGISTERED, Subject("picture", picture.id), megapixels=large)
    return picture
