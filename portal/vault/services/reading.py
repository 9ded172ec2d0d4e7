"""Renditions for the desk: the only bytes of a picture that ever reach a browser."""

from __future__ import annotations

from uuid import UUID

from portal.core.context import Context
from portal.vault.models import Picture, Rendition, RenditionKind


def preview_of(picture: Picture) -> Rendition | None:
    """The picture's blurred preview, while it has one that can be opened."""
    return picture.renditions.filter(kind=RenditionKind.PREVIEW, shredded_at=None).first()


def read_rendition(ctx: Context, *, rendition_id: UUID) -> tuple[str, bytes]:
    """The media type and bytes of a preview; audited."""
    raise NotImplementedError
