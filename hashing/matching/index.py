"""Finds enrolled codes near a query's codes without looking at all of them.

Multi-table bit sampling: each table files every code under some of its bits. The number of bits grows with
the logarithm of the list, so a drawer holds about one code however long the list is, and a look-up takes the
same time. Each query code also tries the drawers it would be in had its least certain bits fallen the other
way. What is found is checked exactly against the whole code.

A segment is a handful of flat arrays, which a part of the index maps from files (parts.py), so that several
processes share one copy. Each picture has 120 slots; a picture with fewer regions leaves some empty.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hashing.fingerprints.regional.arrays import Bytes, Floats
from hashing.fingerprints.regional.geometry import Packed
from hashing.fingerprints.regional.serial import MOST_REGIONS, Enrolled
from hashing.matching import drawers
from hashing.matching.vote import Words

# Slots, rows of the asking codes, distances.
Near = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]

TABLES = 4
FEWEST_KEY_BITS, MOST_KEY_BITS = 6, 30


@dataclass(frozen=True, slots=True)
class Segment:
    """codes (120 n, 4), places (120 n,), counts (n,): how many slots are used; gone (n,): withdrawn pictures.

    table t: the slots of drawer k are slots[t, offsets[t, k] : offsets[t, k + 1]].
    """

    codes: Words
    places: Packed
    counts: Bytes
    gone: NDArray[np.bool_]
    offsets: NDArray[np.uint32]
    slots: NDArray[np.uint32]

    @property
    def pictures(self) -> int:
        return len(self.counts)

    @property
    def key_bits(self) -> int:
        return int(self.offsets.shape[1] - 1).bit_length() - 1

    def bank(self, picture: int) -> slice:
        """The used slots of a picture."""
        first = picture * MOST_REGIONS
        return slice(first, first + int(self.counts[picture]))


def build(entries: Sequence[Enrolled]) -> Segment:
    """Files the pictures; picture i of the segment is entries[i]."""
    slots = len(entries) * MOST_REGIONS
    codes, places = np.zeros((slots, 4), dtype=np.uint64), np.zeros(slots, dtype=np.uint32)
    counts = np.zeros(len(entries), dtype=np.uint8)
    for picture, entry in enumerate(entries):
        used = slice(picture * MOST_REGIONS, picture * MOST_REGIONS + len(entry))
        codes[used] = words(entry.codes)
        places[used] = entry.places
        counts[picture] = len(entry)
    return file(codes, places, counts)


def file(codes: Words, places: Packed, counts: Bytes) -> Segment:
    """Builds the tables over codes that are in their slots already."""
    wide, long = table_shapes(counts)
    offsets, slots = np.zeros(wide, dtype=np.uint32), np.zeros(long, dtype=np.uint32)
    fill(codes, counts, offsets, slots)
    return Segment(codes, places, counts, np.zeros(len(counts), dtype=np.bool_), offsets, slots)


def table_shapes(counts: Bytes) -> tuple[tuple[int, int], tuple[int, int]]:
    """Of the offsets and the slots that these pictures need."""
    codes = int(counts.sum(dtype=np.int64))
    return (TABLES, (1 << key_bits(codes)) + 1), (TABLES, codes)


def fill(codes: Words, counts: Bytes, offsets: NDArray[np.uint32], slots: NDArray[np.uint32]) -> None:
    """Files the codes in tables of those shapes that hold zeros."""
    bits = int(offsets.shape[1] - 1).bit_length() - 1
    for table in range(TABLES):
        drawers.fill(codes, counts, table, bits, offsets[table], slots[table])


def blank(segment: Segment, picture: int) -> None:
    """Leave nothing of a picture in a segment that may be written to: its drawers name slot 0 instead."""
    used = segment.bank(picture)
    for table in range(len(segment.offsets)):
        drawers.empty(
            segment.codes,
            used.start,
            used.stop,
            table,
            segment.key_bits,
            segment.offsets[table],
            segment.slots[table],
        )
    segment.codes[used], segment.places[used] = 0, 0
    segment.counts[picture] = 0


def key_bits(codes: int) -> int:
    """As many as make the mean drawer hold about one code."""
    return max(FEWEST_KEY_BITS, min(MOST_KEY_BITS, round(math.log2(max(1, codes)))))


def words(codes: Bytes) -> Words:
    """(n, 32) bytes as (n, 4) words."""
    return np.ascontiguousarray(codes).view(np.uint64).reshape(len(codes), 4)


def near(
    segment: Segment, codes: Words, projected: Floats, noise: Floats, *, radius: int, probes: int
) -> Near:
    """Slots within `radius` bits of a query code: (slot, query row, distance), sorted by slot, none twice."""
    doubt = np.abs(projected) / noise
    slot, row, far = drawers.search(
        segment.codes,
        segment.offsets,
        segment.slots,
        codes,
        doubt.astype(np.float32),
        segment.key_bits,
        radius,
        probes,
    )
    alive = ~segment.gone[slot // MOST_REGIONS]
    return slot[alive], row[alive], far[alive]
