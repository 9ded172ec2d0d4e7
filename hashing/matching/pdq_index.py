"""PDQ hashes within 31 bits, exactly and without looking at all of them: multi-index hashing.

The hash is cut into m stretches. If two hashes differ in at most 31 bits, then in some stretch they differ in
at most as many as that stretch is allowed, where the allowances add up so that no pair can hide (each plus
one adds up to 32). Every stretch files all hashes under its bits; a look-up visits the drawers within its
allowance and compares what lies there in full. Stretches lengthen with the list, so drawers stay small.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hashing.matching.compiled import compiled, ones
from hashing.matching.pdq import WITHIN
from hashing.matching.vote import Counts, Words

BITS = 256
WORD = 64
FEWEST_BITS, MOST_BITS = 12, 26


@dataclass(frozen=True, slots=True)
class PdqIndex:
    """words (n, 4). Stretch s is bits[s] bits from start[s], with allowance[s] of 0, 1 or 2; drawer k of it
    holds rows[s, offsets[s, k] : offsets[s, k + 1]]."""

    words: Words
    start: Counts
    bits: Counts
    allowance: Counts
    offsets: NDArray[np.uint32]
    rows: NDArray[np.uint32]

    def within(self, query: Words) -> tuple[NDArray[np.int64], Counts]:
        """Rows at most 31 bits from a hash (4 words), ascending, and their distances."""
        found, far = search(self.words, self.start, self.bits, self.allowance, self.offsets, self.rows, query)
        rows, first = np.unique(found, return_index=True)
        return rows.astype(np.int64), far[first].astype(np.int32)


def build(words: Words) -> PdqIndex:
    """Files the hashes; row i stays row i."""
    start, bits, allowance = stretches(len(words))
    offsets = np.zeros((len(start), (1 << int(bits.max())) + 1), dtype=np.uint32)
    rows = np.zeros((len(start), len(words)), dtype=np.uint32)
    found = PdqIndex(words, start, bits, allowance, offsets, rows)
    fill(found)
    return found


def fill(found: PdqIndex) -> None:
    """Files the words in drawers that hold zeros."""
    for at in range(len(found.start)):
        file(found.words, int(found.start[at]), int(found.bits[at]), found.offsets[at], found.rows[at])


def blank(found: PdqIndex, row: int) -> None:
    """Leave nothing of a hash in an index that may be written to: its drawers name row 0 instead."""
    for at in range(len(found.start)):
        empty(
            found.words,
            row,
            row + 1,
            int(found.start[at]),
            int(found.bits[at]),
            found.offsets[at],
            found.rows[at],
        )
    found.words[row] = 0


def stretches(count: int) -> tuple[Counts, Counts, Counts]:
    """Where to cut for a list of this many, and how many differing bits each stretch is allowed."""
    length = max(FEWEST_BITS, min(MOST_BITS, round(math.log2(max(2, count)))))
    parts = max(-(-(WITHIN + 1) // 3), round(BITS / length))
    bits = np.full(parts, BITS // parts, dtype=np.int32)
    bits[: BITS % parts] += 1
    allowance = np.full(parts, (WITHIN + 1) // parts - 1, dtype=np.int32)
    allowance[: (WITHIN + 1) % parts] += 1
    return np.concatenate(([0], np.cumsum(bits)[:-1])).astype(np.int32), bits, allowance


@compiled
def key_of(word: Words, start: int, bits: int) -> np.int64:
    """A stretch of a hash as a number; it may cross two words."""
    at, shift = start // WORD, start % WORD
    value = word[at] >> np.uint64(shift)
    if shift + bits > WORD:
        value |= word[at + 1] << np.uint64(WORD - shift)
    return np.int64(value & np.uint64((1 << bits) - 1))


@compiled
def file(words: Words, start: int, bits: int, offsets: NDArray[np.uint32], rows: NDArray[np.uint32]) -> None:
    """Counting sort by the stretch."""
    drawers = np.int64(1) << bits
    for row in range(len(words)):
        offsets[key_of(words[row], start, bits) + 1] += np.uint32(1)
    for drawer in range(drawers):
        offsets[drawer + 1] += offsets[drawer]
    for row in range(len(words)):
        key = key_of(words[row], start, bits)
        rows[offsets[key]] = row
        offsets[key] += np.uint32(1)
    for drawer in range(drawers, 0, -1):
        offsets[drawer] = offsets[drawer - 1]
    offsets[0] = 0


@compiled
def empty(
    words: Words,
    first: int,
    last: int,
    start: int,
    bits: int,
    offsets: NDArray[np.uint32],
    rows: NDArray[np.uint32],
) -> None:
    """Puts row 0 in the place of the rows from `first` to `last` in one stretch's drawers."""
    for row in range(first, last):
        drawer = key_of(words[row], start, bits)
        for i in range(offsets[drawer], offsets[drawer + 1]):
            if rows[i] == row:
                rows[i] = 0


@compiled
def drawers_near(key: np.int64, bits: int, allowance: int, near: NDArray[np.int64]) -> int:
    """Fills the keys at most `allowance` (0, 1 or 2) bits from `key`; how many."""
    near[0] = key
    n = 1
    if allowance == 0:
        return n
    for one in range(bits):
        first = key ^ (np.int64(1) << one)
        near[n] = first
        n += 1
        for two in range(one + 1, bits if allowance > 1 else 0):
            near[n] = first ^ (np.int64(1) << two)
            n += 1
    return n


@compiled
def search(
    words: Words,
    start: Counts,
    bits: Counts,
    allowance: Counts,
    offsets: NDArray[np.uint32],
    rows: NDArray[np.uint32],
    query: Words,
) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """Rows within 31 bits, and distances; a row found by several stretches comes several times."""
    near = np.empty(1 + MOST_BITS + MOST_BITS * (MOST_BITS - 1) // 2, dtype=np.int64)
    found, far = np.empty(64, dtype=np.uint32), np.empty(64, dtype=np.uint8)
    n = 0
    for at in range(len(start)):
        count = drawers_near(key_of(query, start[at], bits[at]), bits[at], allowance[at], near)
        for drawer in near[:count]:
            for i in range(offsets[at, drawer], offsets[at, drawer + 1]):
                row = rows[at, i]
                distance = (
                    ones(query[0] ^ words[row, 0])
                    + ones(query[1] ^ words[row, 1])
                    + ones(query[2] ^ words[row, 2])
                    + ones(query[3] ^ words[row, 3])
                )
                if distance <= WITHIN:
                    if n == len(found):
                        found = np.concatenate((found, np.empty(n, dtype=np.uint32)))
                        far = np.concatenate((far, np.empty(n, dtype=np.uint8)))
                    found[n], far[n] = row, distance
                    n += 1
    return found[:n], far[:n]
