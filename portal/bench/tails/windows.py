"""Many fingerprints and queries from few photographs: windows of one, each taken for a picture of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashing.fingerprints.regional import codes, enrol, geometry, query, regions
from hashing.fingerprints.regional.arrays import Bytes, Floats
from hashing.fingerprints.regional.serial import Enrolled
from hashing.fingerprints.regional.table import Table
from hashing.matching.compiled import compiled, ones
from hashing.matching.index import words
from hashing.matching.vote import Words

# A photograph is read at twice the frame's side; windows are as large as the frame.
ENLARGED = 2
ACROSS, DOWN = 5, 4
EACH = ACROSS * DOWN
EVERY = 6000
CANDIDATES = 240
# Commonness is counted in every fourth code of the table's background.
BACKGROUND_STEP = 4


def enrolled(picture: Image.Image, table: Table) -> Iterator[Enrolled]:
    """As enrolment does, but by strength where it would try simulated copies: 20 windows."""
    found = regions.find(regions.grey(picture, enrol.SIDE * ENLARGED), smallest=enrol.SMALLEST, most=EVERY)
    for part in _windows(found, enrol.SIDE, ACROSS, DOWN):
        best = part.take(slice(0, CANDIDATES))
        made = codes.encode(best.root, table)
        common = np.maximum(commonness(made, table), enrol.repetition(best, made))
        worth = best.strength / max(1e-9, float(best.strength.max(initial=0)))
        chosen = enrol.select(best, (worth / (1 + enrol.COMMON_PENALTY * common)).astype(np.float32))
        kept = best.take(chosen)
        places = geometry.Places(kept.x, kept.y, np.log(kept.size), kept.angle, common[chosen])
        yield Enrolled(table.version, part.width, part.height, made[chosen], geometry.pack(places))


def queries(picture: Image.Image, table: Table) -> Iterator[query.Query]:
    """As an upload of each of 20 windows, enlarged."""
    found = regions.find(regions.grey(picture, query.SIDE * ENLARGED), smallest=query.SMALLEST, most=EVERY)
    for part in _windows(found, query.SIDE, ACROSS, DOWN):
        yield query.prepare_regions(part.take(slice(0, query.MOST)), table)


def commonness(made: Bytes, table: Table) -> Floats:
    """enrol.commonness, compiled, from fewer codes."""
    background = table.background[::BACKGROUND_STEP]
    wide, narrow = within(words(made), words(background), enrol.WIDE, enrol.NARROW)
    excess = np.full(len(made), -1.0)
    for seen, name in ((wide, "wide"), (narrow, "narrow")):
        expected = float(table.about["chance"][name]) * len(background)
        excess = np.maximum(excess, np.log10((seen + 0.5) / (expected + 0.5)))
    steps = np.clip(np.rint(excess / geometry.COMMON_STEP), 0, geometry.COMMON_STEPS)
    return np.asarray(steps * geometry.COMMON_STEP, dtype=np.float32)


@compiled
def within(some: Words, others: Words, wide: int, narrow: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each code, how many of the others lie within each distance."""
    found = np.zeros((2, len(some)), dtype=np.int64)
    for row in range(len(some)):
        a, b, c, d = some[row, 0], some[row, 1], some[row, 2], some[row, 3]
        for k in range(len(others)):
            far = (
                ones(a ^ others[k, 0])
                + ones(b ^ others[k, 1])
                + ones(c ^ others[k, 2])
                + ones(d ^ others[k, 3])
            )
            found[0, row] += far <= wide
            found[1, row] += far <= narrow
    return found[0], found[1]


def _windows(found: regions.Regions, side: int, across: int, down: int) -> Iterator[regions.Regions]:
    """Evenly placed windows, overlapping by more or less; strongest regions first, as in the whole."""
    width, height = min(side, found.width), min(side, found.height)
    for left in np.linspace(0, found.width - width, across):
        for top in np.linspace(0, found.height - height, down):
            inside = (
                (found.x >= left) & (found.x < left + width) & (found.y >= top) & (found.y < top + height)
            )
            part = found.take(inside)
            x, y = (part.x - left).astype(np.float32), (part.y - top).astype(np.float32)
            yield replace(part, width=width, height=height, x=x, y=y)
