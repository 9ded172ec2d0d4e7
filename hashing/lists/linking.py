"""Of which picture of ours a partner's fingerprints are: one with the same value."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from hashing.fingerprints.models import Fingerprint, Kind
from hashing.lists.submitted import Submitted

TELLING = (Kind.SHA256, Kind.MD5, Kind.PDQ)


def nearest_picture(fingerprints: Sequence[Submitted]) -> tuple[UUID, int] | None:
    """(picture, differing bits), or None when none of them is a picture's."""
    wanted = Q()
    for each in fingerprints:
        if each.kind in TELLING:
            wanted |= Q(kind=each.kind, value=each.value)
    if not wanted:
        return None
    found = Fingerprint.objects.filter(wanted).order_by("computed_at", "pk").first()
    return (found.picture_id, 0) if found else None
