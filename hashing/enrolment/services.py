"""Full fingerprints of a picture: owed from its check on, made by workers of their own, written once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from hashing.enrolment import leases
from hashing.enrolment.models import Enrolment, State, Trim
from hashing.enrolment.rows import add_regional, write_rows
from hashing.fingerprints import caged_enrol, full_answers
from hashing.fingerprints.answers import Unbelievable
from hashing.fingerprints.full_answers import FullFingerprints
from portal import audit
from portal.audit import Subject, Verb, unrecorded
from portal.core import clock
from portal.core.context import Context
from portal.crypto.errors import CryptoError
from portal.vault import cage, keys, queue
from portal.vault.models import Picture

log = logging.getLogger(__name__)
TASK = "hashing.enrol"
_QUIET = timedelta(seconds=10)  # what became owed just now is probably queued
_QUEUED_FOR = timedelta(seconds=120)  # and one just re-queued too: this queue is a slow one
_BATCH = 500
_AT_ONCE = 2


def owe(ctx: Context, *, picture: Picture) -> Enrolment:
    """Full fingerprints of a picture that has just been checked are owed. In the caller's transaction."""
    enrolment = Enrolment.objects.create(picture=picture, owed_at=ctx.at)
    queue.send(TASK, picture.pk)
    return enrolment


@unrecorded("asks again for what is owed; the work itself is recorded")
def requeue() -> int:
    """Queue every picture that is owed and that nobody is at. How many that were."""
    now = clock.now()
    with transaction.atomic():
        owed = (
            Enrolment.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(state=State.OWED, owed_at__lt=now - _QUIET)
            .filter(Q(lease_until=None) | Q(lease_until__lte=now))
            .filter(
                Q(queued_at=None) | Q(queued_at__lt=now - _QUEUED_FOR) | Q(lease_until__gt=F("queued_at"))
            )
            .order_by("owed_at")
            .values_list("pk", flat=True)
        )
        picture_ids = list(owed[:_BATCH])
        Enrolment.objects.filter(pk__in=picture_ids).update(queued_at=now)
        for picture_id in picture_ids:
            queue.send(TASK, picture_id)
    return len(picture_ids)


def enrol_picture(ctx: Context, *, picture_id: UUID) -> bool:
    """Fingerprint a checked picture in full. True if this call brought it to an end.

    Delivered twice, or killed at any line and delivered again, it still writes rows and entries once.
    """
    return enrol_pictures(ctx, picture_ids=[picture_id]) == 1


def enrol_pictures(ctx: Context, *, picture_ids: Sequence[UUID]) -> int:
    """The same for several, two at a time in the cage; how many this call brought to an end."""
    claimed = [leases.claim(ctx, picture_id=picture_id) for picture_id in picture_ids]
    held = [lease for lease in claimed if lease]
    answers = _answers(held) if len(held) > 1 else [_answer(lease) for lease in held]
    return sum(_end(ctx, lease, found) for lease, found in zip(held, answers, strict=True))


def _answers(held: Sequence[leases.Lease]) -> list[FullFingerprints | None]:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(_answer, held))


def _end(ctx: Context, lease: leases.Lease, found: FullFingerprints | None) -> bool:
    if found is None:
        leases.release(lease)
        return False
    return _complete(ctx, lease, found)


def _answer(lease: leases.Lease) -> FullFingerprints | None:
    """None when this attempt failed. Knows no database: it runs in a thread."""
    try:
        return _fingerprinted(lease)
    except (cage.CageError, Unbelievable, CryptoError, OSError) as error:
        attempt = lease.enrolment.attempts
        log.warning("enrolment_failed", extra={"kind": type(error).__name__, "attempt": attempt})
        return None


def _fingerprinted(lease: leases.Lease) -> FullFingerprints:
    enrolment, picture = lease.enrolment, lease.picture
    if not enrolment.looked:
        args = [caged_enrol.FIND]
    else:
        args = [str(edge) for edge in enrolment.box] if enrolment.box else [caged_enrol.WHOLE]
    raw = cage.run(caged_enrol.__name__, keys.original(picture), args=args)
    return full_answers.unpack(raw, width=picture.width or 0, height=picture.height or 0)


@transaction.atomic
def _complete(ctx: Context, lease: leases.Lease, found: FullFingerprints) -> bool:
    """All that was found, in one transaction, if the lease still holds."""
    enrolment = leases.held(lease)
    if enrolment is None:
        return False
    if not enrolment.looked:
        enrolment.looked = True
        enrolment.box = enrolment.proposal = found.box
        enrolment.trim = Trim.PROPOSED if found.box else Trim.NONE
    enrolled = found.enrolled
    written = write_rows(ctx, lease.picture, found)
    add_regional(ctx, lease.picture, enrolment, found)
    enrolment.version, enrolment.regions = enrolled.version, len(enrolled)
    enrolment.strength, enrolment.done_at = found.strength, ctx.at
    leases.end(enrolment, State.DONE)
    audit.record(
        ctx,
        Verb.FINGERPRINT_ENROLLED,
        Subject("picture", enrolment.picture_id),
        version=enrolled.version,
        regions=len(enrolled),
        strength=found.strength,
        variants=written,
        trim=enrolment.trim,
    )
    return True
