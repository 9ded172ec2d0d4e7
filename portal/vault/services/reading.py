"""Renditions for the desk: the only bytes of a picture that ever reach a browser."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from portal import audit
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb
from portal.core.context import Context
from portal.core.errors import NotAllowed, NotFound
from portal.vault import keys
from portal.vault.models import Picture, Rendition, RenditionKind


def preview_of(picture: Picture) -> Rendition | None:
    """The picture's blurred preview, while it has one that can be opened."""
    return picture.renditions.filter(kind=RenditionKind.PREVIEW, shredded_at=None).first()


@transaction.atomic
def read_rendition(ctx: Context, *, rendition_id: UUID, team: UUID | None = None) -> tuple[str, bytes]:
    """The media type and bytes of the preview of a picture of `team`; audited.

    Raises NotAllowed, also when the picture is locked, and NotFound once it is shredded. Reveals are opened
    with open_reveal only.
    """
    policy.require(ctx, Perm.PICTURE_PREVIEW, team=team)
    rendition = (
        Rendition.objects.select_related("picture")
        .filter(pk=rendition_id, kind=RenditionKind.PREVIEW, shredded_at=None)
        .first()
    )
    if rendition is None:
        raise NotFound(_("There is nothing to show any more."), code="rendition_gone")
    refuse_locked(rendition.picture)
    audit.record(ctx, Verb.PICTURE_PREVIEWED, Subject("picture", rendition.picture_id))
    return rendition.media_type, keys.open_rendition(rendition)


def refuse_locked(picture: Picture) -> None:
    """Raise NotAllowed for a picture in which a child may be."""
    if picture.locked_at is not None:
        raise NotAllowed(_("This is locked. Nobody may view it."), code="locked")
