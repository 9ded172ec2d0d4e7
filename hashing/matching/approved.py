"""By which of its hashes a listed picture is told of: those that were approved for its entry.

The index holds all that is known of a picture, as the desk may find what it holds by any of it. Of a list
only what stands on it answers: no variant that the collision guard refused, no framing that nobody reviewed,
and not the picture's own hashes where a partner's are listed as a copy of it.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from hashing.fingerprints.asked import Asked
from hashing.fingerprints.models import Kind
from hashing.lists.models import EntryFingerprint
from hashing.matching import pdq
from hashing.matching.answers import How

# Of entries: how they are found, and how many bits off at the least.
Distances = dict[tuple[UUID, How], int]

_EXACT = (Kind.SHA256, Kind.MD5)


def distances(entry_ids: Collection[UUID], asked: Asked) -> Distances:
    """By which kinds of hash each entry is found, and at what distance; nothing for those it isn't."""
    wanted = [int(own.value, 16) for own in asked.pdq if own.quality >= pdq.QUALITY]
    rows = EntryFingerprint.objects.filter(entry__in=entry_ids, kind__in=[*_EXACT, Kind.PDQ])
    found: Distances = {}
    for entry_id, kind, value in rows.values_list("entry_id", "kind", "value"):
        if kind in _EXACT:
            if value in asked.digests:
                found[entry_id, How.EXACT] = 0
            continue
        far = min(((int(value, 16) ^ each).bit_count() for each in wanted), default=pdq.APART)
        if far <= min(pdq.WITHIN, found.get((entry_id, How.PDQ), pdq.WITHIN)):
            found[entry_id, How.PDQ] = far
    return found
