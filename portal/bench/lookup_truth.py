"""Which pairs of codes a look-up should return, and which ours returns."""

from __future__ import annotations

import numpy as np

from hashing.fingerprints.regional.table import current
from hashing.matching import index, regional
from hashing.matching.fitting import Floats
from hashing.matching.vote import Words
from portal.bench.lookup_codes import Asked

Pairs = set[tuple[int, int]]


def near(segment: index.Segment, words: Words, projected: Floats) -> index.Near:
    """As the product asks."""
    return index.near(
        segment, words, projected, current().noise, radius=regional.RADIUS, probes=regional.PROBES
    )


def found(segment: index.Segment, words: Words, projected: Floats) -> Pairs:
    """(slot, row of the asking codes) that the index returns."""
    slot, row, _ = near(segment, words, projected)
    return set(zip(slot.tolist(), row.tolist(), strict=True))


def pairs(segment: index.Segment, one: Asked) -> Pairs:
    """The same for the query's own picture, by comparing all."""
    rows = regional.proposing_rows(one.query)
    used = segment.bank(one.picture)
    far = np.bitwise_count(segment.codes[used][:, None] ^ index.words(one.query.codes[rows])[None]).sum(
        axis=2
    )
    slot, row = np.nonzero(far <= regional.RADIUS)
    return set(zip((slot + used.start).tolist(), row.tolist(), strict=True))
