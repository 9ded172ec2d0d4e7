"""Finds the picture within a screenshot, a border or a letterbox."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Work on a small grey copy: the answer is wanted to a pixel or two of the fingerprint's frame.
SIDE = 512
# A ground is one level, give or take TOLERANCE, over at least this share of the picture.
GROUND_SHARE = 0.10
TOLERANCE = 2
DIFFERENT = 6
# A line belongs to the picture when more of it than this differs from the ground.
BUSY = 0.45
SMALLEST_SHARE = 0.04
# Less than this trimmed from every side is no trimming.
LEAST_TRIM = 0.01


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Pixels of the whole picture: left and top inside, right and bottom outside."""

    left: int
    top: int
    right: int
    bottom: int


def picture_within(picture: Image.Image) -> Rectangle | None:
    """The part that is the picture, or None where there is nothing to trim."""
    grey = np.asarray(picture.convert("L"), dtype=np.uint8)
    height, width = grey.shape
    factor = max(1.0, max(height, width) / SIDE)
    size = (max(1, round(width / factor)), max(1, round(height / factor)))
    found = within_grey(np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8))
    if found is None:
        return None
    x, y = width / size[0], height / size[1]
    return Rectangle(
        int(np.ceil(found.left * x)), int(np.ceil(found.top * y)), int(found.right * x), int(found.bottom * y)
    )


def within_grey(grey: NDArray[np.uint8]) -> Rectangle | None:
    """The same for a small grey picture, in its pixels."""
    ground = _ground(grey)
    if ground is None:
        return None
    busy = np.abs(grey.astype(np.int16) - ground) > DIFFERENT
    top, bottom = _longest(busy.mean(axis=1) > BUSY)
    left, right = _longest(busy[top:bottom].mean(axis=0) > BUSY) if bottom > top else (0, 0)
    # Rows were judged over the ground's width too; once more within the columns found.
    if right > left:
        top, bottom = _longest(busy[:, left:right].mean(axis=1) > BUSY)
    height, width = grey.shape
    kept = (right - left) * (bottom - top) / (height * width)
    trimmed = max(left, top, width - right, height - bottom) / max(height, width)
    if kept < SMALLEST_SHARE or trimmed < LEAST_TRIM:
        return None
    return Rectangle(left, top, right, bottom)


def _ground(grey: NDArray[np.uint8]) -> int | None:
    """The level that fills most, if it fills enough."""
    count = np.bincount(grey.ravel(), minlength=256)
    filled = np.convolve(count, np.ones(2 * TOLERANCE + 1, dtype=np.int64), mode="same")
    level = int(filled.argmax())
    return level if filled[level] >= GROUND_SHARE * grey.size else None


def _longest(line: NDArray[np.bool_]) -> tuple[int, int]:
    """The longest run of True: where it starts and ends."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], line, [False])).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    if not len(starts):
        return 0, 0
    longest = int((ends - starts).argmax())
    return int(starts[longest]), int(ends[longest])
