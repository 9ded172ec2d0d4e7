"""Merkle tree hashing as RFC 6962 (section 2.1) defines it, growing one leaf at a time.

Of a tree of n leaves only its peaks are kept: the roots of the complete subtrees that n falls into (11 leaves
are 8 + 2 + 1). That is all it takes to add a leaf or give the root, and at most log2(n) + 1 hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

HASH_LENGTH = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def levels(hashes: Sequence[bytes]) -> list[Sequence[bytes]]:
    """All complete subtrees over these leaves: `levels(hashes)[h][i]` is the root of leaves i << h
    onwards."""
    grown = [hashes]
    sha256 = hashlib.sha256
    while len(grown[-1]) > 1:
        below = grown[-1]
        pairs = zip(below[::2], below[1::2], strict=False)
        grown.append([sha256(b"\x01" + left + right).digest() for left, right in pairs])
    return grown


def peaks(grown: Sequence[Sequence[bytes]], count: int) -> list[bytes]:
    """The peaks of the first `count` leaves of what `levels` returned, largest first."""
    heights = range(count.bit_length() - 1, -1, -1)
    return [grown[height][(count >> height) - 1] for height in heights if count >> height & 1]


def root_of(peaks_of_tree: Sequence[bytes]) -> bytes:
    """The root over the peaks of a tree, largest first."""
    if not peaks_of_tree:
        return EMPTY_ROOT
    root = peaks_of_tree[-1]
    for peak in reversed(peaks_of_tree[:-1]):
        root = node_hash(peak, root)
    return root


class Frontier:
    """The right edge of a tree. `size` is its number of leaves."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """`peaks` are the roots of the complete subtrees that make up `size` leaves, largest first."""
        if len(peaks) != size.bit_count():
            raise ValueError("these are not the peaks of a tree of that size")
        self.size = size
        self._peaks = list(peaks)

    def append(self, leaf: bytes) -> list[bytes]:
        """Add a leaf's hash. Returns the subtrees that it completed: of 1 leaf (itself), 2, 4, 8…"""
        completed = [leaf]
        size = self.size
        while size & 1:
            completed.append(node_hash(self._peaks.pop(), completed[-1]))
            size >>= 1
        self._peaks.append(completed[-1])
        self.size += 1
        return completed

    def extend(self, height: int, subtree: bytes) -> None:
        """Add a complete subtree of 2 ** height leaves, where the size so far is a multiple of that."""
        if self.size % (1 << height):
            raise ValueError("a subtree of that height doesn't fit there")
        size = self.size >> height
        while size & 1:
            subtree = node_hash(self._peaks.pop(), subtree)
            size >>= 1
        self._peaks.append(subtree)
        self.size += 1 << height

    @property
    def peaks(self) -> list[bytes]:
        return list(self._peaks)

    def root(self) -> bytes:
        return root_of(self._peaks)
