"""The compiled parts of the index: filing codes into drawers, and looking drawers up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hashing.fingerprints.regional.serial import MOST_REGIONS
from hashing.matching.compiled import compiled, ones
from hashing.matching.fitting import Floats
from hashing.matching.vote import Words

# Tables take their key from stretches of the code that do not overlap. Bits of one stretch come from one
# orthonormal frame, so they ask different questions.
STRETCH = 48
# Compiled in, as all constants here are.
SLOTS_EACH = MOST_REGIONS
WORD = 64
# Of the least certain bits of a key, this many may be turned over.
DOUBTED = 6
MOST_PROBES = 1 << DOUBTED


@compiled
def key_of(codes: Words, row: int, table: int, bits: int) -> np.int64:
    """The drawer of a code: `bits` bits from the table's stretch on."""
    at = table * STRETCH
    word, shift = at // WORD, at % WORD
    value = codes[row, word] >> np.uint64(shift)
    if shift + bits > WORD:
        value |= codes[row, word + 1] << np.uint64(WORD - shift)
    return np.int64(value & np.uint64((1 << bits) - 1))


@compiled
def fill(
    codes: Words,
    counts: NDArray[np.uint8],
    table: int,
    bits: int,
    offsets: NDArray[np.uint32],
    slots: NDArray[np.uint32],
) -> None:
    """Counting sort of all used slots by key; slots of one drawer stay in order."""
    for picture in range(len(counts)):
        for k in range(counts[picture]):
            offsets[key_of(codes, picture * SLOTS_EACH + k, table, bits) + 1] += np.uint32(1)
    for key in range(len(offsets) - 1):
        offsets[key + 1] += offsets[key]
    for picture in range(len(counts)):
        for k in range(counts[picture]):
            row = picture * SLOTS_EACH + k
            drawer = key_of(codes, row, table, bits)
            slots[offsets[drawer]] = row
            offsets[drawer] += np.uint32(1)
    # Every offset now stands where the next drawer starts: move them back by one.
    for key in range(len(offsets) - 1, 0, -1):
        offsets[key] = offsets[key - 1]
    offsets[0] = 0


@compiled
def empty(
    codes: Words,
    first: int,
    last: int,
    table: int,
    bits: int,
    offsets: NDArray[np.uint32],
    slots: NDArray[np.uint32],
) -> None:
    """Puts slot 0, which is nobody's, in the place of the slots from `first` to `last`."""
    for row in range(first, last):
        drawer = key_of(codes, row, table, bits)
        for i in range(offsets[drawer], offsets[drawer + 1]):
            if slots[i] == row:
                slots[i] = 0


@compiled
def probe_masks(doubt: Floats, first: int, bits: int, probes: int, masks: NDArray[np.int64]) -> None:
    """The `probes` likeliest sets of key bits to turn over, the empty set among them."""
    least = np.argsort(doubt[first : first + bits])[:DOUBTED]
    cost = np.zeros(MOST_PROBES, dtype=np.float32)
    for subset in range(MOST_PROBES):
        for i in range(DOUBTED):
            if subset >> i & 1:
                cost[subset] += doubt[first + least[i]] ** 2
    order = np.argsort(cost)
    for p in range(probes):
        masks[p] = 0
        for i in range(DOUBTED):
            masks[p] |= (order[p] >> i & 1) << least[i]


@compiled
def gather(
    offsets: NDArray[np.uint32],
    slots: NDArray[np.uint32],
    code: Words,
    doubt: Floats,
    bits: int,
    probes: int,
    found: NDArray[np.uint32],
) -> int:
    """Fills `found` with the slots in the drawers of one query code, over all tables; how many."""
    masks = np.empty(MOST_PROBES, dtype=np.int64)
    n = 0
    for table in range(len(offsets)):
        key = key_of(code, 0, table, bits)
        probe_masks(doubt, table * STRETCH, bits, probes, masks)
        for p in range(probes):
            drawer = np.int64(key ^ masks[p])
            first, last = offsets[table, drawer], offsets[table, drawer + 1]
            for i in range(first, min(np.int64(last), np.int64(first) + len(found) - n)):
                found[n] = slots[table, i]
                n += 1
    return n


@compiled
def search(
    codes: Words,
    offsets: NDArray[np.uint32],
    slots: NDArray[np.uint32],
    query: Words,
    doubt: Floats,
    bits: int,
    radius: int,
    probes: int,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Every (slot, query row, distance) with the code within `radius`, sorted by slot then row."""
    found = np.empty(1 << 16, dtype=np.uint32)
    packed = np.empty(1 << 12, dtype=np.uint64)
    n = 0
    for q in range(len(query)):
        count = gather(offsets, slots, query[q : q + 1], doubt[q], bits, probes, found)
        a, b, c, d = query[q, 0], query[q, 1], query[q, 2], query[q, 3]
        for i in range(count):
            row = found[i]
            far = (
                ones(a ^ codes[row, 0])
                + ones(b ^ codes[row, 1])
                + ones(c ^ codes[row, 2])
                + ones(d ^ codes[row, 3])
            )
            if far <= radius:
                if n == len(packed):
                    packed = np.concatenate((packed, np.empty(n, dtype=np.uint64)))
                packed[n] = np.uint64(row) << np.uint64(32) | np.uint64(q) << np.uint64(16) | np.uint64(far)
                n += 1
    packed = np.unique(packed[:n])
    slot = (packed >> np.uint64(32)).astype(np.int64)
    row_ = (packed >> np.uint64(16) & np.uint64(0xFFFF)).astype(np.int32)
    return slot, row_, (packed & np.uint64(0xFFFF)).astype(np.int32)
