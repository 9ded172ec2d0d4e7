"""Of which picture of ours a partner's fingerprints are."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from hashing.fingerprints.asked import Asked, of_hashes
from hashing.fingerprints.models import Fingerprint, Kind
from hashing.lists.submitted import Submitted
from hashing.matching import service
from portal.core.errors import Unavailable

TELLING = (Kind.SHA256, Kind.MD5, Kind.PDQ)


def nearest_picture(fingerprints: Sequence[Submitted]) -> tuple[UUID, int] | None:
    """(picture, differing bits) by the matcher; None when it is none of those that we hold or list.

    Without the index only equal values tell.
    """
    wanted = [each for each in fingerprints if each.kind in TELLING]
    if not wanted:
        return None
    try:
        found = service.find(_asked(wanted), service.Scope(held=True))
    except Unavailable:
        return _equal(wanted)
    return (found[0].picture_id, found[0].distance or 0) if found else None


def _asked(wanted: Sequence[Submitted]) -> Asked:
    return of_hashes(
        sha256=[each.value for each in wanted if each.kind == Kind.SHA256],
        md5=[each.value for each in wanted if each.kind == Kind.MD5],
        pdq_values=[each.value for each in wanted if each.kind == Kind.PDQ],
    )


def _equal(wanted: Sequence[Submitted]) -> tuple[UUID, int] | None:
    same = Q()
    for each in wanted:
        same |= Q(kind=each.kind, value=each.value)
    found = Fingerprint.objects.filter(same).order_by("computed_at", "pk").first()
    return (found.picture_id, 0) if found else None
