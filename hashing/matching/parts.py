"""A part of a generation: some items' fingerprints of every kind, in a folder of mapped columns.

Row 0 of everything is nobody's. What is withdrawn is blanked where it stands: its hashes are overwritten
with zeros, and every place that named them names row 0, so that nothing of it is left in the files. Nothing
else of a finished part ever changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from hashing.matching import columns, index, pdq_index
from hashing.matching.columns import Array
from hashing.matching.pdq_index import PdqIndex
from hashing.matching.vote import Words

NOBODY = 0
# What opening a part raises whose files are missing, cut short, of another version or not ours to read.
UNREADABLE = (OSError, ValueError, KeyError)
PDQ = ("pdq.words", "pdq.start", "pdq.bits", "pdq.allowance", "pdq.offsets", "pdq.rows")

Rows = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Regional:
    """One version's codes: pictures of the segment, the items they belong to (n,), their frames (n, 2)."""

    segment: index.Segment
    owner: Rows
    frames: NDArray[np.uint16]


class Part:
    """A mapped part. ids (n, 2) words of each item's id; shelf (n,): a number of the generation's shelves."""

    def __init__(self, folder: Path, *, writable: bool = False, ready: bool = False) -> None:
        self.folder = folder
        _about, self.columns = columns.load(folder, writable=writable, ready=ready)
        self.ids: Words = self.columns["ids"]
        self.shelf: NDArray[np.uint16] = self.columns["shelf"]
        self.exact: Words = self.columns["exact"]
        self.exact_owner: Rows = self.columns["exact.owner"]
        self.pdq = PdqIndex(*(self.columns[name] for name in PDQ))
        self.pdq_owner: Rows = self.columns["pdq.owner"]

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def alive(self) -> int:
        """How many items it holds."""
        return int(np.count_nonzero(self.shelf))

    @property
    def nbytes(self) -> int:
        return sum(array.nbytes for array in self.columns.values())

    @cached_property
    def regional(self) -> Mapping[int, Regional]:
        """By version."""
        versions = [int(name.split(".")[1]) for name in self.columns if name.endswith(".codes")]
        return {version: _regional(self.columns, version) for version in versions}

    def id_of(self, row: int) -> UUID:
        return UUID(bytes=self.ids[row].tobytes())

    def rows_of(self, ids: Sequence[UUID]) -> Rows:
        """The rows of those of the ids that it holds."""
        wanted = np.frombuffer(b"".join(each.bytes for each in ids), np.uint64).reshape(-1, 2)
        near = np.flatnonzero(np.isin(self.ids[:, 0], wanted[:, 0]))
        exact = {(int(one), int(two)) for one, two in wanted}
        return np.array([row for row in near if tuple(map(int, self.ids[row])) in exact], np.uint32)


def _regional(arrays: Mapping[str, Array], version: int) -> Regional:
    codes, places, counts, offsets, slots, owner, frames = (
        arrays[f"regional.{version}.{name}"]
        for name in ("codes", "places", "counts", "offsets", "slots", "owner", "frames")
    )
    segment = index.Segment(codes, places, counts, owner == NOBODY, offsets, slots)
    return Regional(segment, owner, frames)


def blank(part: Part, rows: Rows) -> None:
    """Leave nothing of these items in a part that is mapped for writing. Doing it again does no harm.

    References go first: killed in between, the hash that says where they are is still there to be read.
    """
    for found in part.regional.values():
        for picture in np.flatnonzero(np.isin(found.owner, rows)):
            index.blank(found.segment, int(picture))
            found.frames[picture], found.owner[picture] = 0, NOBODY
    hashes = np.flatnonzero(np.isin(part.pdq_owner, rows))
    for row in hashes:
        pdq_index.blank(part.pdq, int(row))
    part.pdq_owner[hashes] = NOBODY
    _blank_exact(part, rows)
    part.shelf[rows] = NOBODY
    part.ids[rows] = 0


def _blank_exact(part: Part, rows: Rows) -> None:
    """Digests stay in order: the one before is repeated, here and where this one had been repeated."""
    for row in np.flatnonzero(np.isin(part.exact_owner, rows)):
        part.exact_owner[row] = NOBODY
        own, before = part.exact[row].copy(), part.exact[row - 1] if row else 0
        part.exact[row] = before
        for at in range(row + 1, len(part.exact)):
            if part.exact_owner[at] != NOBODY or (part.exact[at] != own).any():
                break
            part.exact[at] = before


def find_exact(part: Part, digests: Iterable[Words]) -> set[int]:
    """Rows of the items with one of these digests (2 words each)."""
    found: set[int] = set()
    for digest in digests:
        first = np.searchsorted(part.exact[:, 0], digest[0], side="left")
        last = np.searchsorted(part.exact[:, 0], digest[0], side="right")
        same = part.exact[first:last, 1] == digest[1]
        found |= set(part.exact_owner[first:last][same].tolist())
    return found - {NOBODY}
