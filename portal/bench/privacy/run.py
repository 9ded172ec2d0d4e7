"""manage.py bench privacy --other DIR: breaking the mask, and redrawing pictures from their fingerprints."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean

import cv2
import numpy as np
from PIL import Image

from hashing.fingerprints.regional import enrol, serial, split, table
from hashing.fingerprints.regional.arrays import Bytes, Floats
from hashing.fingerprints.regional.masks import Mask
from hashing.fingerprints.regional.serial import Enrolled
from hashing.matching import folders
from portal.bench import photos
from portal.bench.privacy import redrawing, unmasking
from portal.bench.privacy.redrawing import Attacker
from portal.bench.registry import Options, Result, benchmark

PAIRS = (8, 12, 16, 20, 24, 32, 48, 64, 120)
TRIALS = 10
MEASURED = 60
EVERY = 50
WAYS: dict[str, Callable[[Attacker, Enrolled], Floats]] = {
    "average": Attacker.by_average,
    "wrong_codes": Attacker.by_wrong_codes,
    "regression": Attacker.by_regression,
    "neighbours": Attacker.by_neighbours,
}


@benchmark("privacy", "how many known codes give a mask away, and what can be redrawn from a fingerprint")
def privacy(options: Options) -> Result:
    """Learns from one half of `other` (by file name) and attacks the other; --sample N takes every N-th.

    Writes redrawn.png with the package's sample photographs beside what was redrawn of them.
    """
    if options.other is None:
        return {"skipped": "name a folder of photographs to learn from: --other DIR"}
    cv2.setNumThreads(1)
    files = folders.pictures(options.other)[:: options.sample]
    attacker = redrawing.learn(_half(files, split.LEARNING), table.current())
    sys.stderr.write(f"learned from {len(attacker.known)} regions\n")
    measured = [redrawing.grey(path) for path in _half(files, split.MEASURING)[:MEASURED]]
    samples = [redrawing.grey(picture) for picture in photos.pictures()]
    made = [enrol.enrol_grey(pixels, table.current()) for pixels in [*measured, *samples]]
    _sheet(attacker, samples, made[len(measured) :]).save("redrawn.png")
    return {**_mask(attacker.known), **_redrawn(attacker, measured, made)}


def _half(files: Sequence[Path], half: int) -> list[Path]:
    return [path for path in files if split.half(path) == half]


def _mask(known: Bytes) -> dict[str, float | int | str]:
    """The share of a mask's 256 bits that so many pairs give away, and how often all of them."""
    result: dict[str, float | int | str] = {}
    for pairs in PAIRS:
        shares = [
            unmasking.share_known(known, Mask.of(bytes([trial]) * 32), pairs, seed=trial)
            for trial in range(TRIALS)
        ]
        whole = sum(share == 1 for share in shares)
        result[f"mask_known_from_{pairs}_pairs"] = (
            f"{mean(shares):.3f} of the bits; all in {whole} of {TRIALS}"
        )
    return result


def _redrawn(
    attacker: Attacker, pictures: Sequence[Bytes], made: Sequence[Enrolled]
) -> dict[str, float | int | str]:
    result: dict[str, float | int | str] = {
        "learned_from_regions": len(attacker.known),
        "redrawn": len(pictures),
        "fingerprint_bytes": max(len(serial.dump(own)) for own in made),
    }
    for way, draw in WAYS.items():
        drawn = [
            (redrawing.fitted(draw(attacker, own), pixels), pixels)
            for own, pixels in zip(made, pictures, strict=False)
        ]
        result[f"{way}_correlation"] = round(mean(redrawing.correlation(*pair) for pair in drawn), 3)
        detail = [redrawing.correlation(*pair, detail=True) for pair in drawn]
        result[f"{way}_correlation_of_detail"] = round(mean(detail), 3)
        result[f"{way}_ssim"] = round(mean(redrawing.similarity(*pair) for pair in drawn), 3)
    return result


def _sheet(attacker: Attacker, samples: Sequence[Bytes], made: Sequence[Enrolled]) -> Image.Image:
    """A row for each sample: as enrolment sees it, by regression, by neighbours."""
    ways = (Attacker.by_regression, Attacker.by_neighbours)
    rows = [
        [pixels, *(redrawing.shown(redrawing.fitted(way(attacker, own), pixels)) for way in ways)]
        for pixels, own in zip(samples, made, strict=True)
    ]
    page = np.full((sum(pixels.shape[0] for pixels in samples), 3 * enrol.SIDE), 255, dtype=np.uint8)
    top = 0
    for pictures in rows:
        for column, picture in enumerate(pictures):
            left = column * enrol.SIDE
            page[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
        top += pictures[0].shape[0]
    return Image.fromarray(page).reduce(2)
