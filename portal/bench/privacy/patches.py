"""The grey patch that each region's descriptor was made from, upright and of one size; and back again."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from hashing.fingerprints.regional.arrays import Bytes, Floats
from hashing.fingerprints.regional.geometry import Places

SIDE = 16
# A descriptor looks at a square of about six times the region's size.
REACH = 6.0


def cut(pixels: Bytes, places: Places) -> Floats:
    """(n, 256): brightness, each patch with mean 0 and deviation 1."""
    found = np.empty((len(places.x), SIDE * SIDE), dtype=np.float32)
    softer = [pixels]
    for row in range(len(found)):
        # A pixel of the patch stands for several of the picture's: those are averaged first.
        level = max(0, round(float(np.log2(np.exp(places.scale[row]) * REACH / SIDE))))
        while len(softer) <= level:
            blurred = cv2.GaussianBlur(pixels, (0, 0), 0.5 * 2 ** len(softer))
            softer.append(np.asarray(blurred, dtype=np.uint8))
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        matrix = _to_picture(places, row)
        patch = cv2.warpAffine(
            softer[level], matrix, (SIDE, SIDE), flags=flags, borderMode=cv2.BORDER_REPLICATE
        )
        values = np.asarray(patch, dtype=np.float32).ravel()
        found[row] = (values - values.mean()) / max(1.0, float(values.std()))
    return found


def lay(patches: Floats, places: Places, size: tuple[int, int]) -> Floats:
    """Puts patches (n, 256) back at their places and averages where they overlap. size: width, height.

    Small patches count more: they hold the detail.
    """
    width, height = size
    total, weight = np.zeros((height, width), np.float32), np.zeros((height, width), np.float32)
    window = _window()
    for row in np.argsort(-places.scale):
        matrix = _to_picture(places, int(row))
        worth = float(np.exp(-places.scale[row]))
        patch = patches[row].reshape(SIDE, SIDE)
        total += worth * np.asarray(cv2.warpAffine(patch * window, matrix, size), dtype=np.float32)
        weight += worth * np.asarray(cv2.warpAffine(window, matrix, size), dtype=np.float32)
    return np.asarray(total / np.maximum(weight, 1e-6), dtype=np.float32)


def _to_picture(places: Places, row: int) -> NDArray[np.float64]:
    """(2, 3): from a patch's pixels to the picture's."""
    step = float(np.exp(places.scale[row])) * REACH / SIDE
    cosine, sine = step * np.cos(places.angle[row]), step * np.sin(places.angle[row])
    middle = (SIDE - 1) / 2
    x, y = float(places.x[row]), float(places.y[row])
    return np.array(
        [
            [cosine, -sine, x - cosine * middle + sine * middle],
            [sine, cosine, y - sine * middle - cosine * middle],
        ]
    )


def _window() -> Floats:
    """Most in the middle, nothing at the corners."""
    line = np.linspace(-1, 1, SIDE, dtype=np.float32)
    return np.asarray(np.exp(-2 * (line[:, None] ** 2 + line**2)), dtype=np.float32)
