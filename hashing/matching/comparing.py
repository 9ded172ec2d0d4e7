"""Every new picture is looked up among the others that are held or listed, once the index holds it too.

Whichever of two pictures comes into the index later finds the other, so no pair is missed. Pictures are taken
in the order of their change numbers, one at a time; a killed worker's picture is taken again.
"""

from __future__ import annotations

import logging
from time import monotonic
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from hashing.fingerprints.answers import Unbelievable
from hashing.fingerprints.asked import Asked, of_hashes
from hashing.fingerprints.models import Change, Fingerprint, Kind
from hashing.lists.models import List
from hashing.lists.quality import usable
from hashing.lists.states import Rule
from hashing.matching import asking, mapped, service, source
from hashing.matching.answers import Decision
from hashing.matching.mapped import Mapped
from hashing.matching.models import Comparison, Resemblance
from hashing.matching.service import Found, Scope
from portal import audit
from portal.audit import Subject, Verb
from portal.core.context import Context
from portal.core.errors import Unavailable
from portal.crypto.errors import CryptoError
from portal.vault import cage
from portal.vault.models import Picture, PictureState

log = logging.getLogger(__name__)
# A run ends after so many seconds; the next is near.
LONGEST = 20.0


def compare_new(ctx: Context) -> int:
    """Compare what has come into the index since the last run; how many pictures that were."""
    began, count = monotonic(), 0
    while monotonic() - began < LONGEST and compare_next(ctx):
        count += 1
    return count


def compare_next(ctx: Context) -> bool:
    """Compare the next picture. False when there is none, somebody else is at it, or there is no index."""
    try:
        index = mapped.current()
    except Unavailable:
        return False
    with transaction.atomic():
        Comparison.objects.get_or_create(pk=1)
        progress = Comparison.objects.select_for_update(skip_locked=True).filter(pk=1).first()
        if progress is None:
            return False
        ahead = Change.objects.filter(number__gt=progress.number, number__lte=index.generation.marker)
        change = ahead.order_by("number").first()
        if change is None:
            return False
        _compare(ctx, index, change.picture_id)
        progress.number = change.number or progress.number
        progress.save(update_fields=["number"])
    return True


def compared(picture_id: UUID) -> bool:
    """Whether a picture, as it is now, was compared with the others."""
    progress = Comparison.objects.filter(pk=1).first()
    changes = Change.objects.filter(picture_id=picture_id)
    return progress is not None and not changes.exclude(number__lte=progress.number).exists()


def _compare(ctx: Context, index: Mapped, picture_id: UUID) -> None:
    held = Picture.objects.filter(pk=picture_id, state=PictureState.CHECKED, locked_at=None)
    picture = held.first()
    if picture is None:
        if not source.standing([picture_id]):  # not listed either
            Resemblance.objects.filter(Q(picture=picture_id) | Q(other=picture_id)).delete()
        return
    found = service.find(_asked(picture, index), _others(picture_id))
    known = set(Resemblance.objects.filter(picture=picture).values_list("other_id", flat=True))
    if new := [each for each in found if each.picture_id not in known]:
        Resemblance.objects.bulk_create(_row(ctx, picture, each) for each in new)
        copies = sum(each.decision is Decision.COPY for each in new)
        # For auditors: a picture's own entries are seen by its team, which may not know of the others'.
        audit.record(ctx, Verb.MATCH_FOUND, Subject("match", picture_id), found=len(new), copies=copies)


def _others(picture_id: UUID) -> Scope:
    """What is held, and what is on any list but the sandbox, whose pictures are nobody's."""
    lists = List.objects.exclude(rule=Rule.SANDBOX).values_list("pk", flat=True)
    return Scope(lists=frozenset(lists), held=True, without=frozenset({picture_id}))


def _asked(picture: Picture, index: Mapped) -> Asked:
    """The whole picture; its stored hashes alone where it can't be opened (any more)."""
    try:
        asked = asking.of_stored(picture, index)
    except (cage.CageError, Unbelievable, CryptoError, OSError) as error:
        log.warning("compared_by_hashes", extra={"kind": type(error).__name__})
        asked = ""
    return _by_hashes(picture) if isinstance(asked, str) else asked


def _by_hashes(picture: Picture) -> Asked:
    rows = list(Fingerprint.objects.filter(picture=picture))
    pdq = [row for row in usable(rows) if row.kind == Kind.PDQ]
    return of_hashes(
        sha256=[row.value for row in rows if row.kind == Kind.SHA256],
        pdq_values=[row.value for row in pdq],
    )


def _row(ctx: Context, picture: Picture, found: Found) -> Resemblance:
    return Resemblance(
        picture=picture,
        other_id=found.picture_id,
        decision=found.decision,
        how=found.how,
        score=found.score,
        region=found.region,
        found_at=ctx.at,
    )
