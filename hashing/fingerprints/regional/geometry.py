"""Where a region lies, in 4 bytes: x, y to 2 pixels, size to 1/8 octave, direction to 1/64 turn, commonness.

Bits from the lowest: x 8, y 8, size 6, direction 6, commonness 3 (halves of a power of ten), one spare.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hashing.fingerprints.regional.arrays import Floats

Packed = NDArray[np.uint32]

PIXEL_STEP = 2.0
SIZES_PER_OCTAVE = 8
DIRECTIONS = 64
FULL_TURN = 2 * np.pi
COMMON_STEP = 0.5
COMMON_STEPS = 5


@dataclass(frozen=True, slots=True)
class Places:
    """n stored places. x, y in pixels of the 512-pixel frame; scale is log(size); angle in radians."""

    x: Floats
    y: Floats
    scale: Floats
    angle: Floats
    common: Floats


def pack(places: Places) -> Packed:
    """Rounds to the stored steps; values out of range go to the nearest that can be said."""
    turn = np.rint(places.angle % FULL_TURN / FULL_TURN * DIRECTIONS).astype(np.uint32) % DIRECTIONS
    packed = _step(places.x / PIXEL_STEP - 0.5, 255)
    packed |= _step(places.y / PIXEL_STEP - 0.5, 255) << np.uint32(8)
    packed |= _step(places.scale / np.log(2) * SIZES_PER_OCTAVE, 63) << np.uint32(16)
    packed |= turn << np.uint32(22)
    packed |= _step(places.common / COMMON_STEP, COMMON_STEPS) << np.uint32(28)
    return packed


def unpack(packed: Packed) -> Places:
    """The middle of each stored step."""
    return Places(
        x=((packed & 255).astype(np.float32) + np.float32(0.5)) * np.float32(PIXEL_STEP),
        y=((packed >> 8 & 255).astype(np.float32) + np.float32(0.5)) * np.float32(PIXEL_STEP),
        scale=((packed >> 16 & 63) * (np.log(2) / SIZES_PER_OCTAVE)).astype(np.float32),
        angle=((packed >> 22 & 63) * (FULL_TURN / DIRECTIONS)).astype(np.float32),
        common=((packed >> 28 & 7) * COMMON_STEP).astype(np.float32),
    )


def _step(values: Floats, last: int) -> Packed:
    return np.clip(np.rint(values), 0, last).astype(np.uint32)
