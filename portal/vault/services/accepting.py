"""A staged upload becomes a picture."""

from __future__ import annotations

from django.db import transaction

from portal import audit
from portal.audit import Subject, Verb
from portal.core.context import Context
from portal.core.errors import Invalid
from portal.vault import coarse, refusals
from portal.vault.models import Picture
from portal.vault.staging import StagedPicture


@transaction.atomic
def accept(ctx: Context, *, staged: StagedPicture) -> Picture:
    """Keep a staged picture; its check is owed from now on (queue it with hashing.services.enqueue).

    Raises Invalid with a sentence for the person when the file was refused while it came in. Should the
    caller's transaction roll back, nothing can open the bytes any more, and the sweep removes them.
    """
    if staged.refusal:
        raise Invalid(refusals.sentence(staged.refusal), code=staged.refusal)
    picture = Picture.objects.create(
        id=staged.id,
        size=staged.size,
        media_type=staged.media_type,
        width=staged.width,
        height=staged.height,
        wrapped_key=staged.wrapped_key,
        epoch=staged.epoch,
        storage_name=staged.storage_name,
        stored_at=ctx.at,
    )
    audit.record(
        ctx,
        Verb.PICTURE_STORED,
        Subject("picture", picture.id),
        mebibytes=coarse.mebibytes(picture.size),
        media_type=picture.media_type.removeprefix("image/"),
        epoch=picture.epoch,
    )
    staged.accepted = True
    return picture
