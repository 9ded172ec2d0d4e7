"""Of which picture of ours a partner's fingerprints are, as far as can be told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Q

from hashing.fingerprints.asked import Asked, of_hashes
from hashing.fingerprints.models import Fingerprint, Kind
from hashing.lists.models import Submission, SubmissionFingerprint
from hashing.lists.quality import MOST_BITS
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


def worth_listing(found: Submission, rows: Sequence[SubmissionFingerprint]) -> list[SubmissionFingerprint]:
    """Those of a submission that are of its picture as far as can be told; all, if staff said that it is.

    The matcher links by one of them: what came with that may be of anything. A perceptual one counts if it is
    as near to the picture as a match may be; of the exact ones, which tell nothing, there is one of a kind,
    and two people see that it is the partner's word.
    """
    if found.picture_id is None or found.distance is None:
        return list(rows)
    own: dict[str, list[int]] = {kind: [] for kind in MOST_BITS}
    held = Fingerprint.objects.filter(picture_id=found.picture_id, kind__in=MOST_BITS)
    for kind, value in held.values_list("kind", "value"):
        own[kind].append(int(value, 16))
    return [row for row in rows if row.kind not in own or _is_near(row, own[row.kind])]


def _is_near(row: SubmissionFingerprint, own: Iterable[int]) -> bool:
    value = int(row.value, 16)
    return any((value ^ each).bit_count() <= MOST_BITS[row.kind] for each in own)
