"""A local list's perceptual fingerprints in memory: PDQ by an exact index, pHash by comparing all."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hashing.fingerprints.boxes import Rectangle
from hashing.matching import pdq_index
from portal_kit.found import COPY, Found
from portal_kit.pictures import Picture
from portal_kit.regional import RegionalBank
from portal_kit.store import LocalList


@dataclass(frozen=True)
class Near:
    """Fingerprints of one kind. words: (n, w) of 64 bits; owner, limit: (n,) the entry, the bits allowed."""

    entries: list[str]
    words: NDArray[np.uint64]
    owner: NDArray[np.uint32]
    limit: NDArray[np.uint8]

    @classmethod
    def of(cls, local: LocalList, kind: str, bits: int) -> Near:
        """Reads a kind; values of another length are left out."""
        entries: list[str] = []
        words, owner, limit = bytearray(), array("I"), bytearray()
        for found in local.fingerprints(kind):
            if len(found.value) * 4 != bits:
                continue
            if not entries or entries[-1] != found.entry:
                entries.append(found.entry)
            words += bytes.fromhex(found.value)
            owner.append(len(entries) - 1)
            limit.append(min(found.max_distance, 255))
        return cls(
            entries,
            np.frombuffer(bytes(words), dtype=np.uint64).reshape(len(owner), bits // 64),
            np.frombuffer(owner, dtype=np.uint32) if owner else np.zeros(0, dtype=np.uint32),
            np.frombuffer(bytes(limit), dtype=np.uint8),
        )

    def within(self, rows: NDArray[np.int64], far: NDArray[np.int32]) -> Iterator[tuple[str, int]]:
        """(entry, distance) of those rows that are as near as their own list allows."""
        for row, distance in zip(rows, far, strict=True):
            if distance <= self.limit[row]:
                yield self.entries[self.owner[row]], int(distance)


class PictureBank:
    """Everything that a picture is compared with."""

    def __init__(self, local: LocalList) -> None:
        self._local = local
        self._pdq, self._phash = Near.of(local, "pdq", 256), Near.of(local, "phash", 64)
        self._regional = RegionalBank(local)
        self._index = pdq_index.build(self._pdq.words) if len(self._pdq.words) else None

    @property
    def regional(self) -> bool:
        """Whether a picture's regions need to be found at all."""
        return len(self._regional) > 0

    def near(self, picture: Picture) -> Iterator[Found]:
        if picture.regional is not None:
            whole = Rectangle(0, 0, picture.width, picture.height)
            for box, query in ((whole, picture.regional), *picture.more):
                yield from self._regional.near(query, box)
        for how, pairs in (("pdq", self._by_pdq(picture)), ("phash", self._by_phash(picture))):
            for entry, distance in pairs:
                yield Found(entry, COPY, how, self._local.verification(entry), distance=distance)

    def _by_pdq(self, picture: Picture) -> Iterator[tuple[str, int]]:
        if self._index is None:
            return
        for value in picture.pdq:
            yield from self._pdq.within(*self._index.within(_words(value)))

    def _by_phash(self, picture: Picture) -> Iterator[tuple[str, int]]:
        if picture.phash is None or not len(self._phash.words):
            return
        far = np.bitwise_count(self._phash.words[:, 0] ^ _words(picture.phash)[0]).astype(np.int32)
        rows = np.flatnonzero(far <= self._phash.limit)
        yield from self._phash.within(rows, far[rows])


def _words(value: str) -> NDArray[np.uint64]:
    return np.frombuffer(bytes.fromhex(value), dtype=np.uint64)
