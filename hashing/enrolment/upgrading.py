"""One picture's upgrade to the present version of the regional fingerprint, made beside what there is.

Old versions stay matchable: an entry of a list keeps the one it was approved with. Where nothing is listed or
proposed yet the newer one takes the older one's place. Either is held against harmless pictures first.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from uuid import UUID, uuid4

from django.db import transaction

from hashing.enrolment import leases
from hashing.enrolment.models import Enrolment, State, Upgrade
from hashing.enrolment.rows import add_regional
from hashing.fingerprints import caged_enrol, full_answers
from hashing.fingerprints.answers import Unbelievable
from hashing.fingerprints.boxes import Rectangle
from hashing.fingerprints.full_answers import FullFingerprints
from hashing.fingerprints.models import RegionalFingerprint
from hashing.fingerprints.regional import serial
from hashing.lists import guarding
from hashing.lists.models import Entry
from hashing.lists.states import OPEN
from portal import audit
from portal.audit import Subject, Verb, unrecorded
from portal.core import clock
from portal.core.context import Context
from portal.crypto.errors import CryptoError
from portal.vault import cage, keys
from portal.vault.models import Picture

log = logging.getLogger(__name__)


def upgrade(ctx: Context, *, picture_id: UUID) -> bool:
    """Bring one picture's upgrade to an end; True if this call did. Killed at any line, the next one does."""
    claimed = _claim(ctx, picture_id)
    if claimed is None:
        return False
    picture, box, token = claimed
    try:
        found = _fingerprinted(picture, box)
    except (cage.CageError, Unbelievable, CryptoError, OSError) as error:
        log.warning("upgrade_failed", extra={"kind": type(error).__name__})
        _release(picture_id, token)
        return False
    return _complete(ctx, picture_id, box, token, found)


def _fingerprinted(picture: Picture, box: Rectangle | None) -> FullFingerprints:
    args = [str(edge) for edge in box] if box else [caged_enrol.WHOLE]
    raw = cage.run(caged_enrol.__name__, keys.original(picture), args=args)
    return full_answers.unpack(raw, width=picture.width or 0, height=picture.height or 0)


@transaction.atomic
def _claim(ctx: Context, picture_id: UUID) -> tuple[Picture, Rectangle | None, UUID] | None:
    """The picture, what of it is fingerprinted, and a lease's token; None where nothing is to be done."""
    locked = leases.lock(picture_id)
    row = Upgrade.objects.select_for_update().filter(pk=picture_id, state=State.OWED).first()
    if locked is None or row is None:
        return None
    picture, enrolment = locked
    now = clock.now()
    if row.lease_until is not None and row.lease_until > now:
        return None
    if not leases.openable(picture) or enrolment.state != State.DONE:
        _end(row, State.GONE)  # destroyed, or fingerprinted anew by somebody else
        return None
    if row.attempts >= leases.ATTEMPTS:
        _end(row, State.FAILED)
        subject = Subject("picture", picture_id)
        audit.record(ctx, Verb.FINGERPRINT_FAILED, subject, attempts=row.attempts)
        return None
    row.attempts, row.lease_until, row.lease_token = row.attempts + 1, now + leases.LEASE, uuid4()
    row.save(update_fields=["attempts", "lease_until", "lease_token"])
    return picture, enrolment.box, row.lease_token


@transaction.atomic
def _complete(
    ctx: Context, picture_id: UUID, box: Rectangle | None, token: UUID, found: FullFingerprints
) -> bool:
    """All of it in one transaction, if the lease still holds and the same part is to be fingerprinted."""
    locked = leases.lock(picture_id)
    row = Upgrade.objects.select_for_update().filter(pk=picture_id, lease_token=token).first()
    if locked is None or row is None or row.state != State.OWED:
        return False
    picture, enrolment = locked
    if not leases.openable(picture) or enrolment.state != State.DONE or enrolment.box != box:
        _end(row, State.GONE)
        return False
    _end(row, State.DONE)
    _keep(ctx, picture, enrolment, found)
    return True


def _keep(ctx: Context, picture: Picture, enrolment: Enrolment, found: FullFingerprints) -> None:
    """Add what the guard leaves of the new version; what a list, or a proposal, needs of older ones stays.

    Its time is that of the locks, not of the task: a proposal made meanwhile didn't show it.
    """
    kept = guarding.thinned(picture.pk, found.enrolled)
    made = replace(found, regional=serial.dump(kept)) if kept else None
    if made and add_regional(replace(ctx, at=clock.now()), picture, enrolment, made):
        if not Entry.objects.filter(picture_id=picture.pk, state__in=OPEN).exists():
            newest = made.enrolled.version
            RegionalFingerprint.objects.filter(picture=picture, version__lt=newest).delete()
        _note(enrolment, made)
    left = len(kept) if kept else 0
    audit.record(
        ctx,
        Verb.FINGERPRINT_UPGRADED,
        Subject("picture", picture.pk),
        version=found.enrolled.version,
        regions=left,
        dropped=len(found.enrolled) - left,
    )


def _note(enrolment: Enrolment, made: FullFingerprints) -> None:
    enrolment.version, enrolment.regions = made.enrolled.version, len(made.enrolled)
    enrolment.strength = made.strength
    enrolment.save(update_fields=["version", "regions", "strength"])


@unrecorded("gives a worker's lease back; nothing was done")
def _release(picture_id: UUID, token: UUID) -> None:
    """An attempt failed: let another begin after a pause."""
    rows = Upgrade.objects.filter(pk=picture_id, lease_token=token)
    rows.update(lease_until=clock.now() + leases.PAUSE, lease_token=None, queued_at=None)


@unrecorded("fingerprint.upgraded, fingerprint.failed, picture.locked or picture.shredded tells of it")
def _end(row: Upgrade, state: State) -> None:
    row.state, row.lease_until, row.lease_token = state, None, None
    row.save(update_fields=["state", "lease_until", "lease_token"])
