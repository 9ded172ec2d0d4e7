"""PDQ hashes of enrolled pictures, compared with all of them: exact, and quick enough for short lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hashing.fingerprints.pdq import PdqHash
from hashing.matching.compiled import compiled, ones
from hashing.matching.vote import Words

# The distance and the quality that the makers of PDQ advise.
WITHIN = 31
QUALITY = 50
APART = 257


@dataclass(frozen=True, slots=True)
class PdqBank:
    """words (n, 4) and the picture each hash belongs to (n,)."""

    words: Words
    owner: NDArray[np.int64]

    def nearest(self, hashes: Sequence[PdqHash]) -> tuple[int, int] | None:
        """(picture, distance) of the nearest hash within 31 of any of these; the first among equals."""
        best: tuple[int, int] | None = None
        for found in hashes:
            if found.quality < QUALITY or not len(self.words):
                continue
            at, far = scan(self.words, words([found])[0])
            if far <= WITHIN and (best is None or far < best[1]):
                best = int(self.owner[at]), int(far)
        return best


def bank(pictures: Sequence[Sequence[PdqHash]]) -> PdqBank:
    """From every picture's hashes; those of insufficient quality are left out."""
    good = [[found for found in own if found.quality >= QUALITY] for own in pictures]
    owner = np.repeat(np.arange(len(good), dtype=np.int64), [len(own) for own in good])
    return PdqBank(words([found for own in good for found in own]), owner)


def words(hashes: Sequence[PdqHash]) -> Words:
    """(n, 4)."""
    data = b"".join(bytes.fromhex(found.value) for found in hashes)
    return np.frombuffer(data, dtype=np.uint64).reshape(len(hashes), 4)


@compiled
def scan(bank_words: Words, query: Words) -> tuple[int, int]:
    """The first nearest row and its distance."""
    best, at = APART, -1
    for row in range(len(bank_words)):
        far = (
            ones(query[0] ^ bank_words[row, 0])
            + ones(query[1] ^ bank_words[row, 1])
            + ones(query[2] ^ bank_words[row, 2])
            + ones(query[3] ^ bank_words[row, 3])
        )
        if far < best:
            best, at = far, row
    return at, best
