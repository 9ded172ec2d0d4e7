"""A worker's part of a reveal: open the original, render it in the cage, seal it to the desk."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from portal.accounts.models import Staff
from portal.audit import unrecorded
from portal.core import clock
from portal.core.context import Context
from portal.crypto.errors import CryptoError
from portal.vault import cage, keys
from portal.vault.models import Picture, PictureState, RenditionKind, Reveal
from portal.vault.services.checking import store_rendition
from portal.vault.services.revealing import LAPSES_AFTER, OPEN_FOR

_JPEG = b"\xff\xd8\xff"


@dataclass(frozen=True)
class _Order:
    picture: Picture
    mark: str


@unrecorded("prepares what picture.reveal_requested asked for; picture.revealed tells that it was seen")
def render_reveal(ctx: Context, *, reveal_id: UUID) -> bool:
    """Render a requested reveal. True if this call did it; twice, or too late, does nothing."""
    order = _order(reveal_id)
    if order is None:
        return False
    try:
        jpeg = cage.run("portal.vault.rendering", keys.original(order.picture), args=[order.mark])
    except (cage.CageError, CryptoError, OSError):
        return _fail(reveal_id)
    if not jpeg.startswith(_JPEG):
        return _fail(reveal_id)
    rendition = store_rendition(ctx, order.picture, RenditionKind.REVEAL, jpeg, lasts=LAPSES_AFTER + OPEN_FOR)
    with transaction.atomic():
        picture = Picture.objects.select_for_update().get(pk=order.picture.pk)
        reveal = _waiting(reveal_id)
        if reveal is None or picture.wrapped_key is None or picture.locked_at is not None:
            return False
        rendition.save(force_insert=True)
        reveal.rendition = rendition
        reveal.ready_at = clock.now()
        reveal.save(update_fields=["rendition", "ready_at"])
    return True


def _order(reveal_id: UUID) -> _Order | None:
    """What is to be rendered, and for whom: the viewer's name goes across it, with the time."""
    with transaction.atomic():
        reveal = _waiting(reveal_id)
    if reveal is None or reveal.requested_at < clock.now() - LAPSES_AFTER:
        return None
    picture = reveal.picture
    if picture.state != PictureState.CHECKED or picture.locked_at is not None:
        return None
    viewer = Staff.objects.get(pk=reveal.staff_id)
    return _Order(picture, watermark(viewer, reveal))


def watermark(viewer: Staff, reveal: Reveal) -> str:
    """The viewer's name where the font has its letters, the first part of the address, and the UTC time."""
    name = viewer.name if viewer.name.isascii() else ""
    account = viewer.email.partition("@")[0]
    return " ".join(filter(None, [name, account, reveal.requested_at.strftime("%Y-%m-%d %H:%M:%SZ")]))


def _waiting(reveal_id: UUID) -> Reveal | None:
    return (
        Reveal.objects.select_for_update(of=("self",))
        .select_related("picture")
        .filter(pk=reveal_id, ready_at=None, failed_at=None)
        .first()
    )


def _fail(reveal_id: UUID) -> bool:
    Reveal.objects.filter(pk=reveal_id, ready_at=None).update(failed_at=clock.now())
    return False
