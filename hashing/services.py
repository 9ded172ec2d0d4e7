"""Fingerprinting as a service: what is owed is read from the database, and done once."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from hashing.enrolment import services as enrolment
from hashing.fingerprints import answers, caged
from hashing.fingerprints.compute import PHASH_ALGORITHM, FileFingerprints
from hashing.fingerprints.models import Fingerprint, Kind
from hashing.fingerprints.pdq import ALGORITHM as PDQ_ALGORITHM
from portal import audit
from portal.audit import Subject, Verb, unrecorded
from portal.core import clock
from portal.core.context import Context
from portal.crypto.errors import CryptoError
from portal.vault import cage, keys, queue
from portal.vault.models import Picture, PictureState, RenditionKind
from portal.vault.services import checking

log = logging.getLogger(__name__)
EXACT_ALGORITHM = "bytes-v1"
_QUIET = timedelta(seconds=10)  # an upload just stored is probably queued
_QUEUED_FOR = timedelta(seconds=60)  # and one just re-queued too
_BATCH = 500


def enqueue(picture_id: UUID) -> None:
    """Queue the check of a stored picture after commit. With no broker nothing fails: requeue finds it."""
    queue.send("hashing.fingerprint", picture_id)


@unrecorded("asks again for what is owed; the work itself is recorded")
def requeue() -> int:
    """Queue every picture whose check is owed and that nobody is at. How many that were."""
    now = clock.now()
    with transaction.atomic():
        owed = (
            Picture.objects.select_for_update(skip_locked=True)
            .filter(state=PictureState.STORED, stored_at__lt=now - _QUIET)
            .filter(Q(lease_until=None) | Q(lease_until__lte=now))
            .filter(
                Q(queued_at=None) | Q(queued_at__lt=now - _QUEUED_FOR) | Q(lease_until__gt=F("queued_at"))
            )
            .order_by("stored_at")
            .values_list("pk", flat=True)
        )
        picture_ids = list(owed[:_BATCH])
        Picture.objects.filter(pk__in=picture_ids).update(queued_at=now)
        for picture_id in picture_ids:
            enqueue(picture_id)
    return len(picture_ids)


def fingerprint_picture(ctx: Context, *, picture_id: UUID) -> bool:
    """Check and fingerprint a stored picture. True if this call came to an end with it: checked or refused.

    Delivered twice, or killed at any line and delivered again, it still writes rows and entries once.
    """
    lease = checking.claim(ctx, picture_id=picture_id)
    if lease is None:
        return False
    try:
        found = _answer(lease.picture)
    except (cage.CageError, answers.Unbelievable, CryptoError, OSError) as error:
        log.warning("check_failed", extra={"kind": type(error).__name__, "attempt": lease.picture.attempts})
        checking.release(lease)
        return False
    if found.refusal is not None:
        return checking.refuse(ctx, lease, code=found.refusal)
    return _complete(ctx, lease, found)


def _answer(picture: Picture) -> answers.Answer:
    return answers.unpack(cage.run(caged.__name__, keys.original(picture), args=["preview"]))


def _complete(ctx: Context, lease: checking.Lease, found: answers.Answer) -> bool:
    """All that the check found, in one transaction, if the lease still holds."""
    fingerprints = found.fingerprints
    if fingerprints is None:
        return False
    preview = checking.store_rendition(ctx, lease.picture, RenditionKind.PREVIEW, found.preview)
    with transaction.atomic():
        picture = checking.held(lease)
        if picture is None:
            return False
        rows = Fingerprint.objects.bulk_create(_rows(ctx, picture, fingerprints))
        checking.finish(ctx, picture, width=fingerprints.width, height=fingerprints.height, preview=preview)
        audit.record(
            ctx,
            Verb.FINGERPRINT_COMPUTED,
            Subject("picture", picture.id),
            count=len(rows),
            kinds=len(Kind),
            algorithm=PDQ_ALGORITHM,
        )
        enrolment.owe(ctx, picture=picture)
    return True


def _rows(ctx: Context, picture: Picture, found: FileFingerprints) -> list[Fingerprint]:
    plain = [
        (Kind.SHA256, EXACT_ALGORITHM, found.sha256),
        (Kind.MD5, EXACT_ALGORITHM, found.md5),
        (Kind.PHASH, PHASH_ALGORITHM, found.phash),
    ]
    rows = [
        Fingerprint(picture=picture, kind=kind, algorithm=algorithm, value=value, computed_at=ctx.at)
        for kind, algorithm, value in plain
    ]
    return rows + [
        Fingerprint(
            picture=picture,
            kind=Kind.PDQ,
            variant=one.variant,
            algorithm=PDQ_ALGORITHM,
            value=one.value,
            quality=one.quality,
            computed_at=ctx.at,
        )
        for one in found.variants
    ]
