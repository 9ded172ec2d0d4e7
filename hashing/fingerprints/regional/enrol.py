"""Makes the fingerprint that is kept: the regions that copies show again, that are rare, and well spread."""

from __future__ import annotations

import numpy as np
from PIL import Image

from hashing.fingerprints.regional import codes, copies, geometry, regions
from hashing.fingerprints.regional.arrays import Bytes, Counts, Floats
from hashing.fingerprints.regional.serial import MOST_REGIONS, Enrolled
from hashing.fingerprints.regional.table import Table, current

SIDE = 512
SMALLEST = 3.2
EVERY = 2500
CANDIDATES = 400
# Fewer than a query keeps: a region that copies show only among their last is no good.
COPY_SMALLEST, COPY_MOST = 2.6, 700
# A copy whose code differs by this many bits counts nothing; one nearer by REACH * .15 counts fully.
REACH = 90.0
LENIENCE = 1.15
WIDE, NARROW = 75, 62
COMMON_PENALTY = 0.7
SPREAD = 0.1 * SIDE
CROWD = 0.06 * SIDE
APART = 6.0
SAME_SPOT = 0.25
SAME_SCALE = 0.3


def enrol(picture: Image.Image, table: Table | None = None) -> Enrolled:
    """Fingerprints a whole decoded picture of any size and mode."""
    return enrol_grey(regions.grey(picture, SIDE), table or current())


def enrol_grey(pixels: Bytes, table: Table) -> Enrolled:
    """Fingerprints a grey picture whose longer side is 512 pixels."""
    every = regions.find(pixels, smallest=SMALLEST, most=EVERY)
    found = every.take(spread_out(every))
    made = codes.encode(found.root, table)
    kept = repeatability(pixels, found, made, table)
    common = np.maximum(commonness(made, table), repetition(found, made))
    chosen = select(found, (kept / (1 + COMMON_PENALTY * common)).astype(np.float32))
    best = found.take(chosen)
    places = geometry.Places(best.x, best.y, np.log(best.size), best.angle, common[chosen])
    height, width = pixels.shape
    return Enrolled(table.version, width, height, made[chosen], geometry.pack(places))


def spread_out(every: regions.Regions) -> Counts:
    """Indices of up to 400 candidates: the strong ones, but of a crowded part only its strongest.

    Without this all come from the one textured thing in the picture, and a crop beside it finds nothing.
    """
    order = np.argsort(-every.strength, kind="stable")
    every_x, every_y = every.x[order], every.y[order]
    ahead = np.zeros(len(every))
    for index in range(1, len(every)):
        far = np.hypot(every_x[:index] - every_x[index], every_y[:index] - every_y[index])
        ahead[index] = np.count_nonzero(far < CROWD)
    best = np.argsort(-every.strength[order] / (1 + ahead), kind="stable")[:CANDIDATES]
    return order[np.sort(best)].astype(np.int32)


def repetition(found: regions.Regions, made: Bytes) -> Floats:
    """(n,) as `commonness`, for codes the picture itself shows at several places: checks, shutters, knits."""
    alike = codes.distances(made, made) <= NARROW
    apart = np.hypot(found.x[:, None] - found.x, found.y[:, None] - found.y) > APART
    times = (alike & apart).sum(axis=1)
    steps = np.clip(np.rint(np.log10(1 + times) / geometry.COMMON_STEP), 0, geometry.COMMON_STEPS)
    return np.asarray(steps * geometry.COMMON_STEP, dtype=np.float32)


def repeatability(pixels: Bytes, found: regions.Regions, made: Bytes, table: Table) -> Floats:
    """(n,) 0 to 1: how surely simulated copies show each region again, with how near a code.

    Half of it is the whole picture passed on, half the parts of it that hold the region, enlarged.
    """
    total = np.zeros((2, len(found)), dtype=np.float32)
    asked = np.zeros((2, len(found)), dtype=np.float32)
    for recipe in copies.ENROLMENT:
        part = int(recipe.window is not None)
        copy = copies.simulate(pixels, recipe)
        theirs = regions.find(copy.pixels, smallest=COPY_SMALLEST, most=COPY_MOST)
        again = codes.encode(theirs.root, table)
        asked[part] += copies.inside(found, copy)
        for index, others in copies.found_again(found, theirs, copy.place):
            nearest = int(np.bitwise_count(again[others] ^ made[index]).sum(axis=1).min())
            total[part, index] += min(1.0, max(0.0, LENIENCE - nearest / REACH))
    return np.asarray((total / np.maximum(asked, 1)).mean(axis=0), dtype=np.float32)


def commonness(made: Bytes, table: Table) -> Floats:
    """(n,) powers of ten, 0 to 2.5 in halves: how much oftener than chance pictures show such a code."""
    far = codes.distances(made, table.background)
    excess = np.full(len(made), -1.0)
    for bound, name in ((WIDE, "wide"), (NARROW, "narrow")):
        expected = float(table.about["chance"][name]) * len(table.background)
        seen = (far <= bound).sum(axis=1)
        excess = np.maximum(excess, np.log10((seen + 0.5) / (expected + 0.5)))
    steps = np.clip(np.rint(excess / geometry.COMMON_STEP), 0, geometry.COMMON_STEPS)
    return np.asarray(steps * geometry.COMMON_STEP, dtype=np.float32)


def select(found: regions.Regions, worth: Floats) -> Counts:
    """Indices of up to 120 regions: greedily the most worth, less where others were already taken."""
    crowd = np.ones(len(found), dtype=np.float64)
    open_ = worth > 0
    chosen: list[int] = []
    while open_.any() and len(chosen) < MOST_REGIONS:
        best = int(np.argmax(np.where(open_, worth / crowd, -1.0)))
        chosen.append(best)
        far = np.hypot(found.x - found.x[best], found.y - found.y[best])
        crowd += worth[best] * np.exp(-((far / SPREAD) ** 2))
        alike = abs(np.log(found.size / found.size[best])) < SAME_SCALE
        open_ &= ~((far < SAME_SPOT * found.size[best]) & alike)
        open_[best] = False
    return np.array(chosen, dtype=np.int32)
