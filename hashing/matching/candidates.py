"""Which enrolled pictures are worth a full vote, from the few matches that the index returned."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hashing.fingerprints.regional import geometry
from hashing.fingerprints.regional.geometry import Packed
from hashing.fingerprints.regional.serial import MOST_REGIONS
from hashing.matching import vote
from hashing.matching.compiled import compiled
from hashing.matching.fitting import Floats, from_one
from hashing.matching.vote import Counts

SLOTS_EACH = MOST_REGIONS
SURE = 45
MOST_CONSIDERED = 40


@compiled
def rank(
    slot: NDArray[np.int64], row: Counts, far: Counts, query: Floats, view: Counts, places: Floats
) -> tuple[NDArray[np.int64], Floats]:
    """Pictures by how well their matches agree. slot is sorted; places are those of each match's slot.

    A picture with a single match, not a near one, is left out.
    """
    pictures = np.empty(len(slot), dtype=np.int64)
    worth = np.empty(len(slot), dtype=np.float32)
    n, first = 0, 0
    while first < len(slot):
        last = first + 1
        while last < len(slot) and slot[last] // SLOTS_EACH == slot[first] // SLOTS_EACH:
            last += 1
        total = agreement(slot[first:last], row[first:last], far[first:last], query, view, places[first:last])
        if last - first > 1 or far[first] <= SURE:
            pictures[n], worth[n] = slot[first] // SLOTS_EACH, total
            n += 1
        first = last
    return pictures[:n], worth[:n]


@compiled
def agreement(
    slot: NDArray[np.int64], row: Counts, far: Counts, query: Floats, view: Counts, places: Floats
) -> float:
    """The best sum of votes over matches that fit one map, one vote per slot."""
    n = min(len(slot), vote.MOST_MAPS)
    table = matches(slot[:n], row, far, query, view, places)
    best = 0.0
    marked, own = np.empty(n, dtype=np.bool_), np.empty(4)
    for v in range(4):
        part = table[table[:, 8] == v]
        for i in range(len(part)):
            own[0], own[1], own[2], own[3] = part[i, 4], part[i, 5], part[i, 0], part[i, 1]
            frm = from_one(np.exp(own[0]), own[1], part[i, 0], part[i, 1], part[i, 2], part[i, 3])
            best = max(best, vote.agreeing(part, own, frm, vote.SLACK, vote.NEAR, marked))
    return best


@compiled
def matches(
    slot: NDArray[np.int64], row: Counts, far: Counts, query: Floats, view: Counts, places: Floats
) -> Floats:
    """(n, 9), a row per match: place in the enrolled picture, place in the query, the logarithm of how much
    larger and by what angle turned it is there, its vote, its slot, its view."""
    table = np.empty((len(slot), 9), dtype=np.float32)
    for j in range(len(slot)):
        q = row[j]
        table[j, 0], table[j, 1] = places[j, 0], places[j, 1]
        table[j, 2], table[j, 3] = query[q, 0], query[q, 1]
        table[j, 4], table[j, 5] = query[q, 2] - places[j, 2], query[q, 3] - places[j, 3]
        table[j, 6] = vote.vote_of(far[j], places[j, 4])
        table[j, 7], table[j, 8] = slot[j] % SLOTS_EACH, view[q]
    return table


def columns(places: Packed) -> Floats:
    """(n,) packed places as (n, 5): x, y, log size, angle, commonness."""
    found = geometry.unpack(places)
    return np.stack([found.x, found.y, found.scale, found.angle, found.common], axis=1).astype(np.float32)
