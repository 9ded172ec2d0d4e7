"""Long lists for the look-up benchmark: real codes, then real codes with a sixteenth of their bits turned."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from hashing.fingerprints.regional import codes, enrol, query, regions
from hashing.fingerprints.regional.serial import MOST_REGIONS, Enrolled
from hashing.fingerprints.regional.table import current
from hashing.matching import index
from hashing.matching.vote import Words
from portal.bench.copies.rows import ROWS
from portal.bench.copies.trial import altered

ASKED_ROWS = ("jpeg10", "crop50", "screenshot", "caption", "collage4", "mirror")
CHUNK = 4_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A query whose picture is enrolled as this number."""

    picture: int
    row: str
    query: query.Query


def enrolled(files: Sequence[Path]) -> list[Enrolled]:
    return [enrol.enrol(Image.open(path).convert("RGB")) for path in files]


def questions(files: Sequence[Path], others: Sequence[Path]) -> list[Asked]:
    """A few altered copies of every enrolled picture."""
    asked = []
    for picture, path in enumerate(files):
        for row in ASKED_ROWS:
            data = altered(path, row, ROWS[row], others)
            asked.append(Asked(picture, row, query.prepare(Image.open(io.BytesIO(data)).convert("RGB"))))
    return asked


def real(files: Sequence[Path]) -> Words:
    """The codes of all regions of unrelated pictures, and those of the table's background."""
    parts = [current().background]
    for path in files:
        found = regions.find(regions.grey(Image.open(path), enrol.SIDE), smallest=enrol.SMALLEST, most=1000)
        parts.append(codes.encode(found.root, current()))
    return index.words(np.concatenate(parts))


def segment(own: Sequence[Enrolled], found: Words, pictures: int) -> index.Segment:
    """The enrolled pictures, then others up to `pictures`: first every real code, then real ones changed."""
    first = index.build(own)
    rng = np.random.default_rng(7)
    slots = pictures * MOST_REGIONS
    filed = np.empty((slots, 4), dtype=np.uint64)
    filed[: len(first.codes)] = first.codes
    at = len(first.codes)
    filed[at : at + len(found)] = found[: max(0, slots - at)]
    at = min(slots, at + len(found))
    while at < slots:
        count = min(CHUNK, slots - at)
        filed[at : at + count] = _changed(found[rng.integers(0, len(found), count)], rng)
        at += count
    places = rng.integers(0, 1 << 28, slots, dtype=np.uint32)
    places[: len(first.places)] = first.places
    counts = np.full(pictures, MOST_REGIONS, dtype=np.uint8)
    counts[: len(own)] = first.counts
    return index.file(filed, places, counts)


def _changed(some: Words, rng: np.random.Generator) -> Words:
    """One bit in sixteen turned over."""
    turned = np.full(some.shape, np.iinfo(np.uint64).max, dtype=np.uint64)
    for _ in range(4):
        turned &= rng.integers(0, 1 << 64, some.shape, dtype=np.uint64, endpoint=False)
    return np.asarray(some ^ turned, dtype=np.uint64)
