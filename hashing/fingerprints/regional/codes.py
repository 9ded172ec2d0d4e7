"""Turns descriptors into codes of 256 bits, and into the codes their mirror image or negative would have."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hashing.fingerprints.regional.arrays import Bytes, Floats, Hammings
from hashing.fingerprints.regional.table import Table

BITS = 256
CODE_BYTES = BITS // 8

# A descriptor is 4 rows x 4 columns x 8 directions in the region's own frame.
_grid = np.arange(128).reshape(4, 4, 8)
# A mirror turns the frame over its main axis: rows swap, directions run the other way.
MIRRORED = _grid[::-1, :, (-np.arange(8)) % 8].ravel().copy()
# A negative turns every gradient round, so the main direction, and with it the frame, turns by half a circle.
INVERTED = _grid[::-1, ::-1, :].ravel().copy()


def project(root: Floats, table: Table) -> Floats:
    """(n, 128) descriptors to (n, 256) distances from the threshold; exact whole numbers."""
    products = root @ table.projection - table.threshold
    return np.asarray(products, dtype=np.float32)


def pack(projected: Floats) -> Bytes:
    """(n, 256) to (n, 32): bit i of a code is 1 where value i is above zero; lowest bit first."""
    return np.packbits(projected > 0, axis=1, bitorder="little")


def encode(root: Floats, table: Table) -> Bytes:
    """(n, 128) descriptors to (n, 32) codes."""
    return pack(project(root, table))


def distances(some: Bytes, others: Bytes) -> Hammings:
    """(n, m) Hamming distances between two sets of codes."""
    mine, theirs = _words(some), _words(others).T.copy()
    found = np.empty((len(some), len(others)), dtype=np.uint16)
    for row, code in zip(found, mine, strict=True):
        np.add.reduce(np.bitwise_count(code[:, None] ^ theirs), axis=0, dtype=np.uint16, out=row)
    return found


def _words(packed: Bytes) -> NDArray[np.uint64]:
    return np.ascontiguousarray(packed).view(np.uint64)
