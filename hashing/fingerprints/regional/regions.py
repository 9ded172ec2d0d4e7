"""Finds the regions of a grey picture that a copy will show again (SIFT), with one descriptor each.

Descriptors are kept as whole numbers (RootSIFT times 1023, rounded). With a projection of whole numbers every
product and every partial sum stays below 2**24, so single precision holds it exactly: the codes do not depend
on the order of additions, on the number of threads or on the language that adds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashing.fingerprints.regional.arrays import Bytes, Counts, Floats, Mask

ROOT_SCALE = 1023
DIMENSIONS = 128
MIN_SHORT_SIDE = 16
MAX_UPSCALE = 16.0
CONTRAST = 0.01
EDGE = 12.0
SIGMA = 1.6
LAYERS = 3
FULL_RANGE = 160.0
CELL = 56.0
FAR = 1 << 20


@dataclass(frozen=True, slots=True)
class Regions:
    """n regions as `strongest` orders them. x, y, size in pixels of the frame; angle in radians.

    root: (n, 128) whole numbers.
    """

    width: int
    height: int
    x: Floats
    y: Floats
    size: Floats
    angle: Floats
    strength: Floats
    root: Floats

    def __len__(self) -> int:
        return len(self.x)

    def take(self, chosen: Counts | Mask | slice) -> Regions:
        """The regions with these indices, in this order."""
        columns = (self.x, self.y, self.size, self.angle, self.strength, self.root)
        return Regions(self.width, self.height, *(column[chosen] for column in columns))


def grey(picture: Image.Image, side: int) -> Bytes:
    """The picture as brightness, its longer side `side` pixels (tiny pictures grow at most 16 times)."""
    pixels = np.asarray(picture if picture.mode == "L" else picture.convert("L"), dtype=np.uint8)
    return levelled(resized(pixels, side))


def levelled(pixels: Bytes) -> Bytes:
    """A dark or faint picture stretched to the full range, so that it is searched like any other."""
    low, high = np.percentile(pixels, (1, 99))
    if high - low >= FULL_RANGE or high <= low:
        return pixels
    stretched = (np.arange(256) - low) * (FULL_RANGE / (high - low))
    return np.asarray(np.clip(np.rint(stretched), 0, 255).astype(np.uint8)[pixels], dtype=np.uint8)


def resized(pixels: Bytes, side: int) -> Bytes:
    """`pixels` with its longer side at `side`: areas averaged on the way down, cubic on the way up."""
    height, width = pixels.shape[:2]
    factor = min(side / max(height, width), MAX_UPSCALE)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=method), dtype=np.uint8)


def find(pixels: Bytes, *, smallest: float, most: int) -> Regions:
    """The `most` strongest regions at least `smallest` pixels wide; none in a picture too thin for one."""
    height, width = pixels.shape
    if min(height, width) < MIN_SHORT_SIDE:
        return _regions(width, height, (), np.zeros((0, DIMENSIONS), dtype=np.float32))
    sift = cv2.SIFT_create(  # type: ignore[attr-defined]  # its stubs forget it
        0, LAYERS, CONTRAST, EDGE, SIGMA
    )
    # Detect all, describe few: descriptors are half the work.
    kept = strongest([point for point in sift.detect(pixels, None) if point.size >= smallest], most)
    keypoints, descriptors = sift.compute(pixels, kept)
    if descriptors is None:
        return _regions(width, height, (), np.zeros((0, DIMENSIONS), dtype=np.float32))
    return _regions(width, height, keypoints, np.asarray(descriptors, dtype=np.float32))


def strongest(points: Sequence[cv2.KeyPoint], most: int) -> Sequence[cv2.KeyPoint]:
    """Those of the highest contrast for their size, with every part of the picture among them; best first.

    By strength alone a caption's letters, or the sharpest picture of a collage, would take all places: the
    n-th of a cell counts an n-th of its strength. A total order: equals are decided by place, never by the
    order in which threads found them.
    """
    table = np.array([(p.response * math.sqrt(p.size), *p.pt, p.angle) for p in points]).reshape(-1, 4)
    strength, x, y, angle = table.T
    order = np.lexsort((angle, x, y, -strength))
    cell = (x[order] // CELL).astype(np.int64) * FAR + (y[order] // CELL).astype(np.int64)
    fair = strength[order] / (1 + rank_within(cell))
    return [points[at] for at in order[np.argsort(-fair, kind="stable")[:most]]]


def rank_within(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,): how many of the same group come before each."""
    by_group = np.argsort(group, kind="stable")
    _, first, size = np.unique(group[by_group], return_index=True, return_counts=True)
    ahead = np.empty(len(group), dtype=np.int64)
    ahead[by_group] = np.arange(len(group)) - np.repeat(first, size)
    return ahead


def _regions(width: int, height: int, keypoints: Sequence[cv2.KeyPoint], descriptors: Floats) -> Regions:
    rows = [(k.pt[0], k.pt[1], k.size, np.deg2rad(k.angle), k.response) for k in keypoints]
    table = np.asarray(rows, dtype=np.float32).reshape(-1, 5)
    strength = (table[:, 4] * np.sqrt(table[:, 2])).astype(np.float32)
    x, y, size, angle = (table[:, column].copy() for column in range(4))
    return Regions(width, height, x, y, size, angle, strength, root(descriptors))


def root(descriptors: Floats) -> Floats:
    """RootSIFT in whole numbers: the square root of each share of the descriptor's sum, times 1023."""
    total = descriptors.sum(axis=1, keepdims=True)
    shares = np.sqrt(descriptors / np.maximum(total, 1))
    return np.asarray(np.rint(shares * ROOT_SCALE), dtype=np.float32)
