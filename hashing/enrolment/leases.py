"""Who fingerprints a picture in full, and when it is given up: the same rules as for its check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction

from hashing.enrolment.models import Enrolment, State
from portal import audit
from portal.audit import Subject, Verb, unrecorded
from portal.core import clock
from portal.core.context import Context
from portal.vault.models import Picture, PictureState

LEASE = timedelta(seconds=120)  # longer than the cage's clock
PAUSE = timedelta(seconds=10)  # after a failed attempt
ATTEMPTS = 3


@dataclass(frozen=True)
class Lease:
    """The right to fingerprint one picture, until it ends or somebody else's begins."""

    enrolment: Enrolment
    picture: Picture
    token: UUID


@transaction.atomic
def claim(ctx: Context, *, picture_id: UUID) -> Lease | None:
    """A lease where full fingerprints are owed, or None. What was destroyed meanwhile, and what three
    attempts didn't bring to an end, ends here."""
    locked = lock(picture_id)
    if locked is None or locked[1].state != State.OWED:
        return None
    picture, enrolment = locked
    now = clock.now()
    if enrolment.lease_until is not None and enrolment.lease_until > now:
        return None
    if not openable(picture):
        end(enrolment, State.GONE)
        return None
    if enrolment.attempts >= ATTEMPTS:
        end(enrolment, State.FAILED)
        subject = Subject("picture", picture.pk)
        audit.record(ctx, Verb.FINGERPRINT_FAILED, subject, attempts=enrolment.attempts)
        return None
    enrolment.attempts += 1
    enrolment.lease_until = now + LEASE
    enrolment.lease_token = uuid4()
    enrolment.save(update_fields=["attempts", "lease_until", "lease_token"])
    return Lease(enrolment, picture, enrolment.lease_token)


@unrecorded("gives a worker's lease back; nothing was done")
@transaction.atomic
def release(lease: Lease) -> None:
    """An attempt failed: let another begin after a pause."""
    Enrolment.objects.filter(pk=lease.picture.pk, lease_token=lease.token).update(
        lease_until=clock.now() + PAUSE, lease_token=None
    )


def held(lease: Lease) -> Enrolment | None:
    """The enrolment, locked with its picture, if the lease still holds; None, and ended, when the picture was
    destroyed or locked meanwhile. Inside the caller's transaction."""
    locked = lock(lease.picture.pk)
    if locked is None or locked[1].lease_token != lease.token or locked[1].state != State.OWED:
        return None
    if not openable(locked[0]):
        end(locked[1], State.GONE)
        return None
    return locked[1]


def lock(picture_id: UUID) -> tuple[Picture, Enrolment] | None:
    """Both rows, locked: the picture first, as everybody who shreds it does."""
    picture = Picture.objects.select_for_update().filter(pk=picture_id).first()
    enrolment = Enrolment.objects.select_for_update().filter(pk=picture_id).first()
    return (picture, enrolment) if picture and enrolment else None


def openable(picture: Picture) -> bool:
    return picture.state == PictureState.CHECKED and picture.locked_at is None


@unrecorded("fingerprint.enrolled, fingerprint.failed, picture.locked or picture.shredded tells of it")
def end(enrolment: Enrolment, state: State) -> None:
    enrolment.state = state
    enrolment.lease_until = enrolment.lease_token = None
    enrolment.save()
