"""What an uploaded picture is looked up by: its regions as they are, mirrored, and as a negative of both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from hashing.fingerprints.regional import codes, regions
from hashing.fingerprints.regional.arrays import Bytes, Counts, Floats
from hashing.fingerprints.regional.table import Table, current

SIDE = 560
SMALLEST = 2.6
MOST = 1000
# Negatives are rare: fewer regions are tried for them.
MOST_INVERTED = 250
# A query spot votes once: regions that differ in direction only are one spot.
SPOT_STEP = 2.0

PLAIN, MIRRORED, INVERTED, BOTH = range(4)
VIEWS = 4


@dataclass(frozen=True, slots=True)
class Query:
    """Regions of all views one after another; view v is rows start[v] to start[v + 1], strongest first.

    x, y, size in pixels of the 560-pixel frame, x already mirrored in mirrored views; projected holds the
    distances of each bit from its threshold (for probing); spot numbers places.
    """

    width: int
    height: int
    start: Counts
    x: Floats
    y: Floats
    scale: Floats
    angle: Floats
    spot: Counts
    codes: Bytes
    projected: Floats


def prepare(picture: Image.Image, table: Table | None = None) -> Query:
    """Reads a whole decoded picture of any size and mode."""
    return prepare_grey(regions.grey(picture, SIDE), table or current())


def prepare_grey(pixels: Bytes, table: Table) -> Query:
    """Reads a grey picture whose longer side is 560 pixels."""
    return prepare_regions(regions.find(pixels, smallest=SMALLEST, most=MOST), table)


def prepare_regions(found: regions.Regions, table: Table) -> Query:
    """Reads regions that were found already, strongest first."""
    part = found.take(slice(0, MOST_INVERTED))
    views = (
        (found, None, found.x, found.angle),
        (found, codes.MIRRORED, found.width - 1 - found.x, np.pi - found.angle),
        (part, codes.INVERTED, part.x, part.angle + np.pi),
        (part, codes.INVERTED[codes.MIRRORED], part.width - 1 - part.x, -part.angle),
    )
    root = np.concatenate([own.root if order is None else own.root[:, order] for own, order, _, _ in views])
    projected = codes.project(root, table)
    owners = [own for own, _, _, _ in views]
    return Query(
        width=found.width,
        height=found.height,
        start=np.cumsum([0, *map(len, owners)]).astype(np.int32),
        x=np.concatenate([x for _, _, x, _ in views]).astype(np.float32),
        y=np.concatenate([own.y for own in owners]),
        scale=np.log(np.concatenate([own.size for own in owners])).astype(np.float32),
        angle=np.concatenate([angle for _, _, _, angle in views]).astype(np.float32),
        spot=np.concatenate([_spots(own) for own in owners]),
        codes=codes.pack(projected),
        projected=projected,
    )


def _spots(found: regions.Regions) -> Counts:
    """The same number for regions whose place is the same to 2 pixels."""
    places = np.rint(np.stack([found.x, found.y], axis=1) / SPOT_STEP).astype(np.int32)
    if not len(places):
        return np.zeros(0, dtype=np.int32)
    return np.unique(places, axis=0, return_inverse=True)[1].astype(np.int32).ravel()
