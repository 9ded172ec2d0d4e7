"""Learns the projection, its thresholds and the background from photographs (manage.py learn_codes).

The projection looks along directions in which pictures differ much and copies of one picture little:
generalised eigenvectors of (covariance of descriptors, covariance of the change from a region to its copy).
256 super-bit directions then cut that space: three random orthonormal frames, so that bits differ in what
they ask.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hashing.fingerprints.regional import codes, copies, regions
from hashing.fingerprints.regional.arrays import Bytes, Floats
from hashing.fingerprints.regional.table import Table

SIDE = 512
SMALLEST = 2.6
MOST = 700
DIRECTIONS = 96
# With columns of this length every sum of the projection stays exact in single precision.
COLUMN_LENGTH = 8000.0
SEED = 20170
RIDGE = 1e-3


@dataclass(frozen=True, slots=True)
class Pairs:
    """Descriptors of regions and of the same regions in a copy, row by row, and all of the picture's."""

    first: Floats
    second: Floats
    every: Floats


def random_recipe(rng: np.random.Generator) -> copies.Recipe:
    """One ordinary way of passing a picture on, chosen at random."""
    scale = float(np.exp(rng.uniform(np.log(0.35), np.log(1.5))))
    squeeze = float(np.exp(rng.uniform(-0.2, 0.2)))
    return copies.Recipe(
        x_scale=scale * squeeze,
        y_scale=scale / squeeze,
        degrees=float(rng.choice([0.0, rng.uniform(-25, 25)])),
        gamma=float(np.exp(rng.uniform(-0.5, 0.5))),
        contrast=float(rng.uniform(0.6, 1.2)),
        blur=float(rng.choice([0.0, rng.uniform(0.5, 2.2)])),
        noise=float(rng.choice([0.0, rng.uniform(4, 22)])),
        jpeg=int(rng.integers(12, 90)),
    )


def pairs_of(pixels: Bytes, *, seed: int, rounds: int = 5) -> Pairs:
    """The matched descriptors of one grey picture and `rounds` random copies of it."""
    rng = np.random.default_rng(seed)
    own = regions.find(pixels, smallest=SMALLEST, most=MOST)
    first, second = [own.root[:0]], [own.root[:0]]
    for _ in range(rounds):
        copy = copies.simulate(pixels, random_recipe(rng), seed=int(rng.integers(1 << 31)))
        theirs = regions.find(copy.pixels, smallest=SMALLEST, most=MOST)
        meets = copies.meeting(own, theirs, copy.place)
        mine = np.flatnonzero(meets.any(axis=1))
        first.append(own.root[mine])
        second.append(theirs.root[meets[mine].argmax(axis=1)])
    return Pairs(np.concatenate(first), np.concatenate(second), own.root)


def learn(pairs: list[Pairs], background: Bytes | None = None) -> Table:
    """Learns a table from the pairs of many pictures. Version and `about` are the caller's to fill in."""
    every = np.concatenate([part.every for part in pairs])
    change = np.concatenate([part.first - part.second for part in pairs])
    projection = _whole(_directions(every, change) @ super_bits(np.random.default_rng(SEED)))
    threshold = np.rint(np.median(every @ projection, axis=0)).astype(np.float32)
    noise = np.rint((change @ projection).std(axis=0)).astype(np.float32)
    empty = np.zeros((0, codes.CODE_BYTES), dtype=np.uint8)
    return Table(0, projection, threshold, noise, empty if background is None else background, {})


def super_bits(rng: np.random.Generator) -> NDArray[np.float64]:
    """(96, 256): orthonormal frames of random directions side by side, the last one cut."""
    frames = [np.linalg.qr(rng.normal(size=(DIRECTIONS, DIRECTIONS)))[0] for _ in range(3)]
    return np.concatenate(frames, axis=1)[:, : codes.BITS]


def _directions(every: Floats, change: Floats) -> NDArray[np.float64]:
    """(128, 96): each column has unit variance over pictures; the least moved by copying come first."""
    total = np.cov(every.T.astype(np.float64))
    moved = change.T.astype(np.float64) @ change / len(change)
    moved += RIDGE * np.trace(moved) / len(moved) * np.eye(len(moved))
    lower = np.linalg.cholesky(moved)
    inverse = np.linalg.inv(lower)
    values, vectors = np.linalg.eigh(inverse @ total @ inverse.T)
    best = np.argsort(values)[::-1][:DIRECTIONS]
    return np.asarray((inverse.T @ vectors[:, best]) / np.sqrt(values[best]))


def _whole(projection: NDArray[np.float64]) -> Floats:
    lengths = np.linalg.norm(projection, axis=0)
    return np.asarray(np.rint(projection / lengths * COLUMN_LENGTH), dtype=np.float32)
