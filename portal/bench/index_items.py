"""Pictures for the index benchmark: real codes and hashes with bits turned, as many as are wanted."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import numpy as np

from hashing.fingerprints.regional.serial import MOST_REGIONS, Enrolled
from hashing.fingerprints.regional.table import current
from hashing.matching import index
from hashing.matching.items import Item
from hashing.matching.vote import Words

SHELF = "00000000-0000-4000-8000-000000000000"
HASHES = 64
BATCH = 4096


def items(count: int) -> Iterator[Item]:
    """Each with 64 codes, 64 PDQ hashes and two digests."""
    rng = np.random.default_rng(5)
    real = index.words(current().background)
    for first in range(0, count, BATCH):
        some = min(BATCH, count - first)
        codes = turned(real[rng.integers(0, len(real), some * MOST_REGIONS)], rng)
        hashes = rng.integers(0, 1 << 64, (some * HASHES, 4), dtype=np.uint64)
        places = rng.integers(0, 1 << 28, some * MOST_REGIONS, dtype=np.uint32)
        digests = rng.integers(0, 1 << 64, (some, 2, 2), dtype=np.uint64)
        ids = rng.integers(0, 256, (some, 16), dtype=np.uint8)
        for n in range(some):
            own = slice(n * MOST_REGIONS, (n + 1) * MOST_REGIONS)
            rows = codes[own].view(np.uint8).reshape(MOST_REGIONS, 32)
            enrolled = Enrolled(current().version, 512, 384, rows, places[own])
            pdq = hashes[n * HASHES : (n + 1) * HASHES]
            yield Item(UUID(bytes=ids[n].tobytes()), SHELF, digests[n], pdq, (enrolled,))


def turned(some: Words, rng: np.random.Generator) -> Words:
    """One bit in sixteen turned over."""
    bits = np.full(some.shape, np.iinfo(np.uint64).max, dtype=np.uint64)
    for _ in range(4):
        bits &= rng.integers(0, 1 << 64, some.shape, dtype=np.uint64)
    return np.asarray(some ^ bits, dtype=np.uint64)
