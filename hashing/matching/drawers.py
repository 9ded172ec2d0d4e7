"""The compiled parts of the index: filing codes into drawers, and looking drawers up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hashing.fingerprints.regional.serial import MOST_REGIONS
from hashing.matching.compiled import ahead, compiled, ones
from hashing.matching.fitting import Floats
from hashing.matching.vote import Words

# Tables take their key from stretches of the code that do not overlap. Bits of one stretch come from one
# orthonormal frame, so they ask different questions.
STRETCH = 48
# Compiled in, as all constants here are.
SLOTS_EACH = MOST_REGIONS
WORD, WORDS = 64, 4
# Of the least certain bits of a key, this many may be turned over.
DOUBTED = 6
MOST_PROBES = 1 << DOUBTED
# Query codes that go through the steps of a look-up together, and what each takes of its drawers at the most.
AT_ONCE, MOST_FOUND = 8, 1 << 16


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
def least_certain(doubt: Floats, first: int, bits: int, place: NDArray[np.int64], cost: Floats) -> None:
    """Where in a key its DOUBTED least certain bits are, and what turning each over costs; least first."""
    n = 0
    for bit in range(bits):
        own = doubt[first + bit] ** 2
        if n < DOUBTED:
            n += 1
        elif own >= cost[DOUBTED - 1]:
            continue
        at = n - 1
        while at and cost[at - 1] > own:
            cost[at], place[at] = cost[at - 1], place[at - 1]
            at -= 1
        cost[at], place[at] = own, bit


@compiled
def probe_masks(doubt: Floats, first: int, bits: int, masks: NDArray[np.int64]) -> None:
    """The len(masks) likeliest sets of key bits to turn over, the likeliest first: the empty set."""
    place, each = np.empty(DOUBTED, dtype=np.int64), np.empty(DOUBTED, dtype=np.float32)
    least_certain(doubt, first, bits, place, each)
    mask, cost = np.zeros(MOST_PROBES, dtype=np.int64), np.zeros(MOST_PROBES, dtype=np.float32)
    best = np.empty(len(masks), dtype=np.float32)
    n = 0
    for subset in range(MOST_PROBES):
        if subset:
            last = 0
            while not subset >> last & 1:
                last += 1
            rest = subset & (subset - 1)
            mask[subset], cost[subset] = mask[rest] | np.int64(1) << place[last], cost[rest] + each[last]
        if n < len(masks):
            n += 1
        elif cost[subset] >= best[n - 1]:
            continue
        at = n - 1
        while at and best[at - 1] > cost[subset]:
            best[at], masks[at] = best[at - 1], masks[at - 1]
            at -= 1
        best[at], masks[at] = cost[subset], mask[subset]


@compiled
def choose(
    offsets: NDArray[np.uint32], query: Words, doubt: Floats, bits: int, row: int, chosen: NDArray[np.int64]
) -> None:
    """Fills `chosen`, as many a table, with the drawers to open for a query code, and has them fetched."""
    probes = len(chosen) // len(offsets)
    for table in range(len(offsets)):
        key = key_of(query, row, table, bits)
        part = chosen[table * probes : (table + 1) * probes]
        probe_masks(doubt[row], table * STRETCH, bits, part)
        own = offsets[table]
        for p in range(probes):
            part[p] ^= key
            ahead(own, part[p])


@compiled
def open_drawers(
    offsets: NDArray[np.uint32], slots: NDArray[np.uint32], chosen: NDArray[np.int64], ends: NDArray[np.int64]
) -> None:
    """Replaces drawers by where their slots begin, writes where they end, and has the slots fetched."""
    probes = len(chosen) // len(offsets)
    for table in range(len(offsets)):
        own, filed = offsets[table], slots[table]
        for i in range(table * probes, (table + 1) * probes):
            drawer = chosen[i]
            chosen[i], ends[i] = own[drawer], own[drawer + 1]
            ahead(filed, chosen[i])


@compiled
def empty_out(
    slots: NDArray[np.uint32],
    begins: NDArray[np.int64],
    ends: NDArray[np.int64],
    found: NDArray[np.uint32],
) -> int:
    """Fills `found` with what lies in open drawers; how many that is."""
    probes = len(begins) // len(slots)
    n = 0
    for i in range(len(begins)):
        own = slots[i // probes]
        for at in range(begins[i], min(ends[i], begins[i] + len(found) - n)):
            found[n] = own[at]
            n += 1
    return n


@compiled
def fetch(codes: Words, found: NDArray[np.uint32]) -> None:
    """Has the codes of these slots fetched; by itself, or they would crowd out slots that are on the way."""
    flat = codes.reshape(-1)
    for slot in found:
        ahead(flat, int(slot) * WORDS)


@compiled
def gather(
    codes: Words,
    offsets: NDArray[np.uint32],
    slots: NDArray[np.uint32],
    query: Words,
    doubt: Floats,
    bits: int,
    first: int,
    drawer: NDArray[np.int64],
    found: NDArray[np.uint32],
    count: NDArray[np.int64],
) -> None:
    """Fills `found` and `count` for the query codes from `first` on, one step after the other for all.

    drawer (2, k, drawers of a code): where the slots of each begin and end, written here.
    """
    begins, ends = drawer[0], drawer[1]
    for k in range(len(begins)):
        choose(offsets, query, doubt, bits, first + k, begins[k])
    for k in range(len(begins)):
        open_drawers(offsets, slots, begins[k], ends[k])
    for k in range(len(begins)):
        count[k] = empty_out(slots, begins[k], ends[k], found[k])
    for k in range(len(begins)):
        fetch(codes, found[k, : count[k]])


@compiled
def compare(codes: Words, found: NDArray[np.uint32], query: Words, row: int, radius: int, hits: Words) -> int:
    """Fills `hits`, as long as `found`, with slot, row, distance of the codes within `radius`; how many."""
    a, b, c, d = query[row, 0], query[row, 1], query[row, 2], query[row, 3]
    n = 0
    for slot in found:
        own = codes[slot]
        far = ones(a ^ own[0]) + ones(b ^ own[1]) + ones(c ^ own[2]) + ones(d ^ own[3])
        if far <= radius:
            hits[n] = np.uint64(slot) << np.uint64(32) | np.uint64(row) << np.uint64(16) | np.uint64(far)
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
    """Every (slot, query row, distance) with the code within `radius`, sorted by slot then row.

    All of it lies scattered in memory, so some query codes go together from one step to the next: what a step
    needs is fetched while the one before is at the others.
    """
    drawer = np.empty((2, AT_ONCE, len(offsets) * probes), dtype=np.int64)
    found, count = np.empty((AT_ONCE, MOST_FOUND), dtype=np.uint32), np.empty(AT_ONCE, dtype=np.int64)
    hits, n = np.empty(MOST_FOUND, dtype=np.uint64), 0
    for first in range(0, len(query), AT_ONCE):
        some = min(AT_ONCE, len(query) - first)
        gather(codes, offsets, slots, query, doubt, bits, first, drawer[:, :some], found, count)
        for k in range(some):
            if len(hits) < n + count[k]:
                hits = np.concatenate((hits, np.empty(len(hits), dtype=np.uint64)))
            n += compare(codes, found[k, : count[k]], query, first + k, radius, hits[n:])
    return unpacked(np.unique(hits[:n]))


@compiled
def unpacked(hits: Words) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Slots, rows and distances."""
    slot = (hits >> np.uint64(32)).astype(np.int64)
    row = (hits >> np.uint64(16) & np.uint64(0xFFFF)).astype(np.int32)
    return slot, row, (hits & np.uint64(0xFFFF)).astype(np.int32)
