"""The stored form of a picture's regional fingerprint.

Four bytes of head (version, number of regions, frame width and height in units of 4 pixels), the codes (32
bytes each), then the places (4 bytes each, little endian): 4 + 120 x 36 = 4324 bytes for a full one.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from hashing.fingerprints.regional.arrays import Bytes
from hashing.fingerprints.regional.codes import CODE_BYTES
from hashing.fingerprints.regional.geometry import Packed

HEAD = struct.Struct("<BBBB")
PLACE_BYTES = 4
FRAME_STEP = 4
# 64 find as much of whole copies; 120 find half of the tenth parts of pictures that 64 miss.
MOST_REGIONS = 120
# Fewer regions than this say too little: "too plain to recognise".
FEWEST_REGIONS = 20


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A picture's fingerprint: codes (n, 32) and places (n,), the best regions first; frame in pixels."""

    version: int
    width: int
    height: int
    codes: Bytes
    places: Packed

    def __len__(self) -> int:
        return len(self.places)

    @property
    def plain(self) -> bool:
        """Too plain to recognise: never listed by this kind of fingerprint."""
        return len(self) < FEWEST_REGIONS


def dump(enrolled: Enrolled) -> bytes:
    """The bytes to store."""
    head = HEAD.pack(enrolled.version, len(enrolled), _frame(enrolled.width), _frame(enrolled.height))
    return head + enrolled.codes.tobytes() + enrolled.places.astype("<u4").tobytes()


def parse(data: bytes) -> Enrolled:
    """Reads stored bytes. Raises ValueError if they are not whole."""
    if len(data) < HEAD.size:
        raise ValueError("a regional fingerprint is cut short")
    version, count, width, height = HEAD.unpack_from(data)
    if count > MOST_REGIONS or len(data) != HEAD.size + count * (CODE_BYTES + PLACE_BYTES):
        raise ValueError("a regional fingerprint has the wrong length")
    split = HEAD.size + count * CODE_BYTES
    codes = np.frombuffer(data[HEAD.size : split], dtype=np.uint8).reshape(count, CODE_BYTES)
    places = np.frombuffer(data[split:], dtype="<u4").astype(np.uint32)
    return Enrolled(version, width * FRAME_STEP, height * FRAME_STEP, codes, places)


def _frame(pixels: int) -> int:
    return max(1, min(255, round(pixels / FRAME_STEP)))
