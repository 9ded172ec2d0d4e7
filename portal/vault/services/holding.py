"""A picture that must not be destroyed: while it is held, the database itself refuses to shred it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.vault.models import Picture
from portal.vault.services.shredding import locked


@transaction.atomic
def hold(ctx: Context, *, picture_id: UUID) -> Picture:
    """From here on nothing shreds it; what is destroyed stays so. Who may hold is the caller's rule."""
    picture = locked(picture_id)
    if picture.shredded_at is None and picture.held_at is None:
        picture.held_at = ctx.at
        picture.save(update_fields=["held_at"])
        record(ctx, Verb.PICTURE_HELD, Subject("picture", picture.id))
    return picture


@transaction.atomic
def release(ctx: Context, *, picture_id: UUID) -> Picture:
    """It may be shredded again, by whoever owes that."""
    picture = locked(picture_id)
    if picture.held_at is not None:
        picture.held_at = None
        picture.save(update_fields=["held_at"])
        record(ctx, Verb.PICTURE_RELEASED, Subject("picture", picture.id))
    return picture
