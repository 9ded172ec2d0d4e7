"""Simulated copies: what a picture may look like after it was passed on, and where its regions then lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hashing.fingerprints.regional.arrays import Bytes, Counts, Floats, Mask
from hashing.fingerprints.regional.regions import Regions

NEAR = 0.35
SCALE_NEAR = 0.35
ANGLE_NEAR = 0.4
MIDDLE = 128.0
FULL_TURN = 2 * np.pi


@dataclass(frozen=True, slots=True)
class Recipe:
    """One kind of copy. Scales are per axis; degrees turn the picture; jpeg is the quality saved at.

    window cuts a part out first (left, top, right, bottom as shares), enlarged as a query would be.
    """

    window: tuple[float, float, float, float] | None = None
    x_scale: float = 1.0
    y_scale: float = 1.0
    degrees: float = 0.0
    gamma: float = 1.0
    contrast: float = 1.0
    blur: float = 0.0
    noise: float = 0.0
    jpeg: int = 90


@dataclass(frozen=True, slots=True)
class Copy:
    """The copy's pixels, and the (2, 3) map from places in the picture to places in the copy."""

    pixels: Bytes
    place: NDArray[np.float64]


# What every enrolment tries its candidates on.
ENROLMENT = (
    Recipe(x_scale=0.5, y_scale=0.5, jpeg=20),
    Recipe(degrees=12, gamma=1.6, jpeg=80),
    Recipe(noise=18, contrast=0.75, jpeg=80),
    Recipe(x_scale=0.82, jpeg=30),
    Recipe(x_scale=0.36, y_scale=0.36, jpeg=60),
    Recipe(window=(0.0, 0.0, 0.56, 0.56), blur=0.8, jpeg=60),
    Recipe(window=(0.44, 0.0, 1.0, 0.56), blur=0.8, jpeg=60),
    Recipe(window=(0.0, 0.44, 0.56, 1.0), blur=0.8, jpeg=60),
    Recipe(window=(0.44, 0.44, 1.0, 1.0), blur=0.8, jpeg=60),
)
WINDOW_SIDE = 560


def simulate(pixels: Bytes, recipe: Recipe, *, seed: int = 1) -> Copy:
    """Makes one copy. The same pixels, recipe and seed give the same copy."""
    height, width = pixels.shape
    place = _place(width, height, recipe)
    size = _extent(width, height, recipe)
    warped = cv2.warpAffine(_softened(pixels, recipe), place, size, flags=cv2.INTER_LINEAR, borderValue=0)
    tone = _tones(recipe)
    image = cv2.LUT(np.asarray(warped, dtype=np.uint8), tone)
    if recipe.blur:
        image = cv2.GaussianBlur(image, (0, 0), recipe.blur)
    if recipe.noise:
        grain = np.random.default_rng(seed).normal(0, recipe.noise, image.shape)
        image = np.clip(np.rint(image + grain), 0, 255).astype(np.uint8)
    _, saved = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, recipe.jpeg])
    again = cv2.imdecode(saved, cv2.IMREAD_GRAYSCALE)
    return Copy(np.asarray(again, dtype=np.uint8), place)


def found_again(
    regions: Regions, others: Regions, place: NDArray[np.float64]
) -> Iterator[tuple[int, Counts]]:
    """For each region with one or more counterparts in the copy: its index, and theirs."""
    meets = meeting(regions, others, place)
    for index in np.flatnonzero(meets.any(axis=1)):
        yield int(index), np.flatnonzero(meets[index]).astype(np.int32)


def meeting(regions: Regions, others: Regions, place: NDArray[np.float64]) -> Mask:
    """(n, m): whether region i of the picture and region j of its copy are one spot, size and direction."""
    matrix = place[:, :2]
    spot = np.stack([regions.x, regions.y], axis=1) @ matrix.T + place[:, 2]
    size = regions.size * np.sqrt(abs(np.linalg.det(matrix)))
    heading = np.stack([np.cos(regions.angle), np.sin(regions.angle)], axis=1) @ matrix.T
    angle = np.arctan2(heading[:, 1], heading[:, 0])
    far = np.hypot(spot[:, :1] - others.x, spot[:, 1:] - others.y)
    near = far <= NEAR * size[:, None]
    alike = abs(np.log(others.size / size[:, None])) <= SCALE_NEAR
    return np.asarray(near & alike & (turn(others.angle - angle[:, None]) <= ANGLE_NEAR), dtype=np.bool_)


def inside(regions: Regions, copy: Copy) -> Mask:
    """(n,): whether the copy shows the middle of each region."""
    height, width = copy.pixels.shape
    spot = np.stack([regions.x, regions.y], axis=1) @ copy.place[:, :2].T + copy.place[:, 2]
    within = (spot >= 0) & (spot < np.array([width, height]))
    return np.asarray(within.all(axis=1), dtype=np.bool_)


def turn(difference: NDArray[np.floating]) -> Floats:
    """The size of a difference of angles, 0 to pi."""
    return np.asarray(np.abs((difference + np.pi) % FULL_TURN - np.pi), dtype=np.float32)


def _place(width: int, height: int, recipe: Recipe) -> NDArray[np.float64]:
    if recipe.window:
        left, top, right, bottom = recipe.window
        factor = WINDOW_SIDE / max((right - left) * width, (bottom - top) * height)
        return factor * np.array([[1, 0, -left * width], [0, 1, -top * height]], dtype=np.float64)
    turned = cv2.getRotationMatrix2D((width / 2, height / 2), recipe.degrees, 1.0)
    return np.asarray(np.diag([recipe.x_scale, recipe.y_scale]) @ turned, dtype=np.float64)


def _extent(width: int, height: int, recipe: Recipe) -> tuple[int, int]:
    if recipe.window:
        left, top, right, bottom = recipe.window
        across, down = (right - left) * width, (bottom - top) * height
        factor = WINDOW_SIDE / max(across, down)
        return max(1, round(across * factor)), max(1, round(down * factor))
    return max(1, round(width * recipe.x_scale)), max(1, round(height * recipe.y_scale))


def _softened(pixels: Bytes, recipe: Recipe) -> Bytes:
    """Blurs before shrinking, so that linear sampling does not alias."""
    smallest = min(recipe.x_scale, recipe.y_scale)
    if smallest >= 1:
        return pixels
    sigma = 0.5 * np.sqrt(1 / smallest**2 - 1)
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma), dtype=np.uint8)


def _tones(recipe: Recipe) -> Bytes:
    levels = np.arange(256) / 255.0
    bent = 255 * levels**recipe.gamma
    return np.clip(np.rint((bent - MIDDLE) * recipe.contrast + MIDDLE), 0, 255).astype(np.uint8)
