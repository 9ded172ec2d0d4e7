"""A harmless picture as an upload of it would be looked up: what a listed fingerprint must not match."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from PIL import Image

from hashing.fingerprints import pdq
from hashing.fingerprints.regional import geometry, query
from hashing.fingerprints.regional.arrays import Bytes
from hashing.fingerprints.regional.codes import CODE_BYTES
from hashing.fingerprints.regional.geometry import Packed
from hashing.fingerprints.regional.table import Table, current

# Places are kept in the stored form's frame of 512 pixels; an upload's is 560.
FRAME = 512
MOST = 400
HEAD = struct.Struct("<HHHH")
PDQ_BYTES = 32
PLACE_BYTES = 4


@dataclass(frozen=True, slots=True)
class Shown:
    """Regions of a picture as it is, then, from `mirrored` on, of its mirror image, the strongest of every
    part first; width and height of the frame in pixels; the 32 bytes of its PDQ hash."""

    width: int
    height: int
    mirrored: int
    codes: Bytes
    places: Packed
    pdq: bytes

    def __len__(self) -> int:
        return len(self.places)


def show(picture: Image.Image, table: Table | None = None, *, most: int = MOST, mirror: bool = True) -> Shown:
    """Reads a decoded picture; up to `most` regions for each of its two views."""
    asked = query.prepare(picture, table or current())
    rows = _rows(asked, query.PLAIN, most)
    count = len(rows)
    if mirror:
        rows = np.concatenate([rows, _rows(asked, query.MIRRORED, most)])
    factor = FRAME / max(asked.width, asked.height)
    scale = asked.scale[rows] + np.float32(np.log(factor))
    none = np.zeros(len(rows), dtype=np.float32)
    places = geometry.Places(asked.x[rows] * factor, asked.y[rows] * factor, scale, asked.angle[rows], none)
    return Shown(
        round(asked.width * factor),
        round(asked.height * factor),
        count,
        asked.codes[rows],
        geometry.pack(places),
        bytes.fromhex(pdq.pdq(picture).value),
    )


def dump(own: Shown) -> bytes:
    """The bytes to store: a head, the PDQ hash, codes, places (little endian)."""
    head = HEAD.pack(own.width, own.height, own.mirrored, len(own))
    return head + own.pdq + own.codes.tobytes() + own.places.astype("<u4").tobytes()


def parse(data: bytes) -> Shown:
    """Reads stored bytes. Raises ValueError if they are not whole."""
    if len(data) < HEAD.size + PDQ_BYTES:
        raise ValueError("a harmless picture's fingerprint is cut short")
    width, height, mirrored, count = HEAD.unpack_from(data)
    start = HEAD.size + PDQ_BYTES
    split = start + count * CODE_BYTES
    if len(data) != split + count * PLACE_BYTES or mirrored > count:
        raise ValueError("a harmless picture's fingerprint has the wrong length")
    return Shown(
        width,
        height,
        mirrored,
        np.frombuffer(data[start:split], dtype=np.uint8).reshape(count, CODE_BYTES),
        np.frombuffer(data[split:], dtype="<u4").astype(np.uint32),
        data[HEAD.size : start],
    )


def _rows(asked: query.Query, view: int, most: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    first, last = int(asked.start[view]), int(asked.start[view + 1])
    return np.arange(first, min(last, first + most), dtype=np.int64)
