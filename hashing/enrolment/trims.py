"""A person says which part is the picture: what the computer proposed, all of it, or another part."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hashing.enrolment import leases
from hashing.enrolment.models import Enrolment, State, Trim
from hashing.enrolment.services import TASK
from hashing.fingerprints.boxes import Rectangle
from hashing.lists.models import Entry
from hashing.lists.states import OPEN
from portal import audit
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotFound
from portal.vault import queue
from portal.vault.models import Picture


@transaction.atomic
def confirm(ctx: Context, *, picture_id: UUID, box: Rectangle | None, team: UUID) -> Enrolment:
    """Fingerprint this part of the picture from now on, or all of it with None; audited.

    If another part was fingerprinted so far, its fingerprints are made anew by the queue. Perm entry.propose.
    Raises Conflict while the picture is on a list or proposed for one, or before the computer has looked.
    """
    policy.require(ctx, Perm.ENTRY_PROPOSE, team=team)
    picture, enrolment = _open(picture_id)
    width, height = picture.width or 0, picture.height or 0
    if box is not None and not box.fits(width, height):
        raise Invalid(
            _("Leave a part of the picture that is large enough to recognise."), code="box_too_small"
        )
    if box is not None and box.covers(width, height):
        box = None
    before = enrolment.box
    enrolment.trim, enrolment.box = _trim(box, enrolment.proposal), box
    enrolment.confirmed_at = ctx.at
    if box != before or enrolment.state == State.FAILED:
        _owe_again(ctx, enrolment)
    enrolment.save()
    # Not which part: its sides, to the pixel, would tell the picture from others for ever.
    subject = Subject("picture", enrolment.picture_id)
    audit.record(ctx, Verb.PICTURE_TRIMMED, subject, choice=enrolment.trim)
    return enrolment


@transaction.atomic
def retry(ctx: Context, *, picture_id: UUID, team: UUID) -> Enrolment:
    """Try again what three attempts didn't bring to an end. Perm entry.propose."""
    policy.require(ctx, Perm.ENTRY_PROPOSE, team=team)
    _picture, enrolment = _open(picture_id)
    if enrolment.state == State.FAILED:
        _owe_again(ctx, enrolment)
        enrolment.save()
        audit.record(ctx, Verb.FINGERPRINT_RETRIED, Subject("picture", picture_id))
    return enrolment


def _open(picture_id: UUID) -> tuple[Picture, Enrolment]:
    """Both rows, locked, of a picture whose box may still be chosen."""
    locked = leases.lock(picture_id)
    if locked is None or not leases.openable(locked[0]):
        raise NotFound(_("There is no such file."), code="picture_not_found")
    picture, enrolment = locked
    if not enrolment.looked and enrolment.state == State.OWED:
        raise Conflict(_("This is being fingerprinted. Try again in a moment."), code="not_enrolled")
    if Entry.objects.filter(picture_id=picture_id, state__in=OPEN).exists():
        message = _("This is on a list, or proposed for one: what is fingerprinted can't change any more.")
        raise Conflict(message, code="already_proposed")
    return picture, enrolment


def _trim(box: Rectangle | None, proposal: Rectangle | None) -> Trim:
    if box is None:
        return Trim.WHOLE
    return Trim.ACCEPTED if box == proposal else Trim.ADJUSTED


def _owe_again(ctx: Context, enrolment: Enrolment) -> None:
    """Whoever is at it now loses the lease: what they bring is of another part."""
    enrolment.state, enrolment.owed_at, enrolment.done_at = State.OWED, ctx.at, None
    enrolment.version = enrolment.regions = enrolment.strength = None
    enrolment.attempts, enrolment.queued_at = 0, None
    enrolment.lease_until = enrolment.lease_token = None
    queue.send(TASK, enrolment.picture_id)
