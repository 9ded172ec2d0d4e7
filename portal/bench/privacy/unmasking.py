"""How many codes known both plain and masked give the mask away (a known-plaintext attack)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hashing.fingerprints.regional.arrays import Bytes
from hashing.fingerprints.regional.masks import Mask

BITS = 256
UNKNOWN = -1

Bits = NDArray[np.uint8]


def attack(plain: Bytes, masked: Bytes) -> tuple[NDArray[np.int64], Bits]:
    """For each bit of a masked code: which plain bit it is (-1: can't tell yet), and if turned over.

    A masked bit's column of values must equal one plain column, or its opposite, and no other.
    """
    before, after = _columns(plain), _columns(masked)
    # How often two columns agree, from the sums of their products as -1 and 1.
    agree = (before.T @ after + len(plain)) // 2
    same, opposite = agree == len(plain), agree == 0
    fits = same | opposite
    sure = fits.sum(axis=0) == 1
    source = np.where(sure, fits.argmax(axis=0), UNKNOWN)
    turned = opposite[source, np.arange(BITS)]
    return source.astype(np.int64), turned.astype(np.uint8)


def share_known(plain: Bytes, mask: Mask, pairs: int, *, seed: int) -> float:
    """The share of the mask's bits that this many random pairs give away, all of them rightly."""
    some = np.random.default_rng(seed).permutation(len(plain))[:pairs]
    source, turned = attack(plain[some], mask.outgoing(plain[some]))
    known = source != UNKNOWN
    if not ((source == mask.order) & (turned == mask.flips))[known].all():
        raise AssertionError("the attack was sure of something wrong")
    return float(known.mean())


def _columns(codes: Bytes) -> NDArray[np.int64]:
    """(n, 32) packed codes as (n, 256) of -1 and 1."""
    return np.unpackbits(codes, axis=1, bitorder="little").astype(np.int64) * 2 - 1
