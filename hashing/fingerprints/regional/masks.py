"""A mask over codes: their bits in a secret order, some turned over. Distances between codes stay the same.

Without Django or keys: partners match with it too, each with the secret that masking.py made for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from numpy.typing import NDArray

from hashing.fingerprints.regional.arrays import Bytes
from hashing.fingerprints.regional.codes import BITS, CODE_BYTES

SECRET_BYTES = 32
_INFO = b"regional mask v1"
_ORDER_BYTES = 8 * BITS


@dataclass(frozen=True, slots=True)
class Mask:
    """Bit i of an outgoing code is bit order[i] of the agency's, turned over where flips[i] is 1."""

    order: NDArray[np.intp]
    flips: Bytes

    @classmethod
    def of(cls, secret: bytes) -> Mask:
        """The mask that a partner's secret gives (32 bytes; HKDF-Expand, SHA-256, "regional mask v1").

        The first 2048 bytes are 256 numbers (64 bits, little endian): their ranks are the order. The last
        32 are the flips, lowest bit of each byte first.
        """
        stream = HKDFExpand(SHA256(), _ORDER_BYTES + CODE_BYTES, _INFO).derive(secret)
        order = np.argsort(np.frombuffer(stream[:_ORDER_BYTES], dtype="<u8"), kind="stable")
        return cls(order, _bits(np.frombuffer(stream[_ORDER_BYTES:], dtype=np.uint8)[None])[0])

    def outgoing(self, codes: Bytes) -> Bytes:
        """(n, 32) codes of the agency as the partner gets them."""
        return _packed(_bits(codes)[:, self.order] ^ self.flips)

    def incoming(self, codes: Bytes) -> Bytes:
        """(n, 32) codes of the partner as the agency knows them."""
        found = np.empty((len(codes), BITS), dtype=np.uint8)
        found[:, self.order] = _bits(codes) ^ self.flips
        return _packed(found)


def _bits(codes: Bytes) -> Bytes:
    return np.unpackbits(codes, axis=1, bitorder="little")


def _packed(bits: Bytes) -> Bytes:
    return np.packbits(bits, axis=1, bitorder="little")
