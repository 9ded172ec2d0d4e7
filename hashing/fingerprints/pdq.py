"""PDQ, always from at most 512 by 512 pixels, in the eight orientations that a copy may have.

Implementations agree when they are given the same small picture and drift apart by up to 22 bits when one is
not. A reduction of our own is used: plain resizing to 512 moves PDQ's sampling grid by half a pixel against
what it samples at full size; moved back by that half, the hash stays within 10 bits of both conventions
(docs/decisions/pdq-reduction.md has the measurements). Never imports Django.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pdqhash
from PIL import Image

ALGORITHM = "pdq-512-v1"
SIDE = 512
_DOUBLE = 2 * SIDE
_T = Image.Transpose

# In this order everywhere. Turns are counter-clockwise; flipx mirrors top to bottom (x stays), flipy left to
# right: the names and meanings of the reference implementation's dihedral set.
ORIENTATIONS: dict[str, Image.Transpose | None] = {
    "original": None,
    "rotate90": _T.ROTATE_90,
    "rotate180": _T.ROTATE_180,
    "rotate270": _T.ROTATE_270,
    "flipx": _T.FLIP_TOP_BOTTOM,
    "flipy": _T.FLIP_LEFT_RIGHT,
    "rotate90flipx": _T.TRANSPOSE,
    "rotate270flipx": _T.TRANSVERSE,
}


@dataclass(frozen=True)
class PdqHash:
    """256 bits as 64 lower-case hex digits, 128 of them set; quality 0 to 100, below 50 is not listed."""

    variant: str
    value: str
    quality: int


def orientations(image: Image.Image) -> tuple[PdqHash, ...]:
    """The hashes of an upright RGB picture and of its seven turned and mirrored forms."""
    small = _at_most_double(image)
    return tuple(_hashed(name, _turned(small, turn)) for name, turn in ORIENTATIONS.items())


def pdq(image: Image.Image) -> PdqHash:
    """The hash of an RGB picture as it is."""
    return _hashed("original", _at_most_double(image))


def distance(one: str, other: str) -> int:
    """In how many bits two hex hashes differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _at_most_double(image: Image.Image) -> Image.Image:
    """Pictures up to 512 stay as they are; larger ones become 1024 by 1024, twice what is hashed."""
    if max(image.size) <= SIDE:
        return image
    return image.resize((_DOUBLE, _DOUBLE), Image.Resampling.BILINEAR)


def _turned(image: Image.Image, turn: Image.Transpose | None) -> Image.Image:
    return image if turn is None else image.transpose(turn)


def _hashed(name: str, image: Image.Image) -> PdqHash:
    if image.size == (_DOUBLE, _DOUBLE):
        image = _halved(image)
    bits, quality = pdqhash.compute(np.asarray(image))
    return PdqHash(name, np.packbits(bits.astype(np.uint8)).tobytes().hex(), int(quality))


def _halved(image: Image.Image) -> Image.Image:
    """1024 to 512 a side: means of 2 by 2 cells on a grid that begins one pixel outside, edges repeated."""
    moved = Image.new("RGB", image.size)
    moved.paste(image, (1, 1))
    moved.paste(image.crop((0, 0, _DOUBLE, 1)), (1, 0))
    moved.paste(moved.crop((1, 0, 2, _DOUBLE)), (0, 0))
    return moved.reduce(2)
