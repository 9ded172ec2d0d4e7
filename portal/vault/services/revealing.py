"""A reveal: asked for with a reason, rendered by a worker, looked at for a minute, then shredded."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from portal import audit
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotFound
from portal.vault import exposure, keys, queue
from portal.vault.models import Picture, PictureState, Reveal
from portal.vault.services.reading import refuse_locked

SHORTEST_REASON = 10
OPEN_FOR = timedelta(seconds=60)
LAPSES_AFTER = timedelta(minutes=5)


@transaction.atomic
def request_reveal(ctx: Context, *, picture_id: UUID, reason: str, team: UUID) -> Reveal:
    """Ask for a watermarked view of a picture of `team`; a worker renders it within seconds.

    Raises NotAllowed, NotFound, Conflict for a picture that isn't checked or once the person has looked at as
    much as the agency allows in a day, and Invalid for a reason of less than 10 characters.
    """
    policy.require(ctx, Perm.PICTURE_REVEAL, team=team)
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise Invalid(_("Give a reason of at least 10 characters."), code="reason_too_short")
    picture = Picture.objects.select_for_update().filter(pk=picture_id).first()
    if picture is None:
        raise NotFound(_("There is nothing to show any more."), code="picture_gone")
    refuse_locked(picture)
    exposure.refuse_when_over(ctx)
    if picture.state != PictureState.CHECKED:
        raise Conflict(_("This can't be shown: it is not checked yet, or gone."), code="picture_not_checked")
    salt = secrets.token_bytes(16)
    reveal = Reveal.objects.create(
        picture=picture,
        staff_id=UUID(ctx.actor.id),
        team_id=team,
        reason=reason,
        reason_salt=salt,
        requested_at=ctx.at,
    )
    audit.record(
        ctx,
        Verb.PICTURE_REVEAL_REQUESTED,
        Subject("picture", picture.id),
        reveal=reveal.id,
        reason=audit.commitment(reason, salt),
    )
    queue.send("vault.render_reveal", reveal.id)
    return reveal


@transaction.atomic
def open_reveal(ctx: Context, *, reveal_id: UUID) -> bytes:
    """The reveal's JPEG, for the person who asked, within 60 seconds of its first opening. Each time audited,
    with the seconds that were left. Raises NotFound for anybody else and once it is gone, NotAllowed when
    locked, Conflict while it is being rendered (reveal_not_ready), failed, or over (reveal_closed)."""
    reveal = (
        Reveal.objects.select_for_update(of=("self",))
        .select_related("picture", "rendition")
        .filter(pk=reveal_id, staff_id=ctx.actor.id)
        .first()
    )
    if reveal is None:
        raise NotFound(_("There is nothing to show any more."), code="reveal_gone")
    policy.require(ctx, Perm.PICTURE_REVEAL, team=reveal.team_id)
    refuse_locked(reveal.picture)
    now = clock.now()
    _refuse_unready(reveal)
    if reveal.opened_at is None:
        exposure.refuse_when_over(ctx)
        reveal.opened_at = now
        reveal.closes_at = now + OPEN_FOR
        reveal.save(update_fields=["opened_at", "closes_at"])
    closed = reveal.closes_at is None or now >= reveal.closes_at
    if closed or reveal.rendition is None or reveal.rendition.wrapped_key is None:
        raise Conflict(_("The minute is over. Ask again if you need to."), code="reveal_closed")
    seconds = round((reveal.closes_at - now).total_seconds()) if reveal.closes_at else 0
    audit.record(
        ctx, Verb.PICTURE_REVEALED, Subject("picture", reveal.picture_id), reveal=reveal.id, seconds=seconds
    )
    return keys.open_rendition(reveal.rendition)


def _refuse_unready(reveal: Reveal) -> None:
    if reveal.failed_at is not None:
        raise Conflict(_("This could not be prepared. Ask again."), code="reveal_failed")
    if reveal.ready_at is None:
        raise Conflict(_("This is being prepared. Try again in a moment."), code="reveal_not_ready")
    if reveal.opened_at is None and clock.now() >= reveal.ready_at + LAPSES_AFTER:
        raise Conflict(_("This was not opened in time. Ask again."), code="reveal_closed")
