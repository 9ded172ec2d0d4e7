"""A learned attack: pictures redrawn from their codes and places alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashing.fingerprints.regional import codes, enrol, geometry, regions
from hashing.fingerprints.regional.arrays import Bytes, Floats
from hashing.fingerprints.regional.serial import Enrolled
from hashing.fingerprints.regional.table import Table
from portal.bench.privacy import patches

EACH = 160
RIDGE = 300.0
NEIGHBOURS = 5
SMALL = 64


@dataclass(frozen=True, slots=True)
class Attacker:
    """What was learned from photographs: weights (257, 256) from a code's bits to a patch, the codes and
    patches themselves, and what photographs look like on average (64 by 64, brightness)."""

    weights: Floats
    known: Bytes
    patches: Floats
    average: Floats

    def by_regression(self, own: Enrolled) -> Floats:
        return _drawn(own, _signs(own.codes) @ self.weights)

    def by_neighbours(self, own: Enrolled) -> Floats:
        """Each region as the mean of the five known patches whose codes are nearest."""
        far = codes.distances(own.codes, self.known)
        near = np.argpartition(far, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
        return _drawn(own, self.patches[near].mean(axis=1))

    def by_average(self, own: Enrolled) -> Floats:
        """What can be guessed without any code."""
        size = (own.width, own.height)
        return np.asarray(cv2.resize(self.average, size, interpolation=cv2.INTER_CUBIC), dtype=np.float32)

    def by_wrong_codes(self, own: Enrolled) -> Floats:
        """The places with codes of other regions: what the geometry alone shows."""
        turn = np.random.default_rng(0).permutation(len(self.known))[: len(own)]
        return _drawn(own, _signs(self.known[turn]) @ self.weights)


def learn(files: Sequence[Path], table: Table) -> Attacker:
    """From the regions of photographs, as enrolment reads them."""
    made, cut, small = [], [], []
    for path in files:
        pixels = grey(path)
        found = regions.find(pixels, smallest=enrol.SMALLEST, most=EACH)
        made.append(codes.encode(found.root, table))
        none = np.zeros(len(found), dtype=np.float32)
        places = geometry.Places(found.x, found.y, np.log(found.size), found.angle, none)
        cut.append(patches.cut(pixels, places))
        small.append(cv2.resize(pixels, (SMALL, SMALL), interpolation=cv2.INTER_AREA).astype(np.float32))
    known, seen = np.concatenate(made), np.concatenate(cut)
    signs = _signs(known)
    square = signs.T @ signs + RIDGE * np.eye(signs.shape[1], dtype=np.float32)
    weights = np.linalg.solve(square, signs.T @ seen).astype(np.float32)
    return Attacker(weights, known, seen, np.mean(small, axis=0).astype(np.float32))


def grey(source: Path | Image.Image) -> Bytes:
    """As enrolment sees it, 512 pixels a side."""
    if isinstance(source, Image.Image):
        return regions.grey(source, enrol.SIDE)
    with Image.open(source) as opened:
        return regions.grey(opened.convert("RGB"), enrol.SIDE)


def correlation(drawn: Floats, pixels: Bytes, *, detail: bool = False) -> float:
    """-1 to 1, over the whole picture; detail: without what a strong blur keeps."""
    one, other = drawn.astype(np.float64), pixels.astype(np.float64)
    if detail:
        one, other = one - cv2.GaussianBlur(one, (0, 0), 16), other - cv2.GaussianBlur(other, (0, 0), 16)
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def shown(drawn: Floats) -> Bytes:
    """Stretched to the range of a picture."""
    low, high = np.percentile(drawn, (1, 99))
    level = (drawn - low) / max(1e-6, float(high - low)) * 255
    return np.asarray(np.clip(level, 0, 255).astype(np.uint8), dtype=np.uint8)


def fitted(drawn: Floats, pixels: Bytes) -> Floats:
    """At the picture's own size: a fingerprint tells the frame to 4 pixels."""
    height, width = pixels.shape
    return np.asarray(cv2.resize(drawn, (width, height)), dtype=np.float32)


def similarity(drawn: Floats, pixels: Bytes) -> float:
    """Structural similarity (means of 7 by 7 pixels), given the true brightness and contrast."""
    one = (drawn - drawn.mean()) / max(1e-6, float(drawn.std())) * pixels.std() + pixels.mean()
    two = pixels.astype(np.float64)
    one = np.clip(one, 0, 255).astype(np.float64)

    def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(cv2.blur(values, (7, 7)), dtype=np.float64)

    first, second = mean(one), mean(two)
    spread = mean(one * one) - first**2, mean(two * two) - second**2
    shared = mean(one * two) - first * second
    low, high = 6.5025, 58.5225  # (.01 · 255)² and (.03 · 255)²
    top = (2 * first * second + low) * (2 * shared + high)
    return float((top / ((first**2 + second**2 + low) * (spread[0] + spread[1] + high))).mean())


def _drawn(own: Enrolled, found: Floats) -> Floats:
    places = geometry.unpack(own.places)
    return patches.lay(np.asarray(found, dtype=np.float32), places, (own.width, own.height))


def _signs(packed: Bytes) -> Floats:
    """(n, 257): bits as -1 and 1, and a constant."""
    bits = np.unpackbits(packed, axis=1, bitorder="little").astype(np.float32) * 2 - 1
    return np.concatenate([bits, np.ones((len(bits), 1), dtype=np.float32)], axis=1)
