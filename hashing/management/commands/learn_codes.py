"""manage.py learn_codes FOLDER… --out FILE: learns the numbers behind the regional fingerprint."""

from __future__ import annotations

import zlib
from argparse import ArgumentParser
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import cv2
import numpy as np
from django.core.management.base import BaseCommand, CommandError
from PIL import Image

from hashing.fingerprints.regional import codes, figures, learning, pages, regions, split, table
from hashing.fingerprints.regional.arrays import Bytes
from hashing.fingerprints.regional.learning import Pairs

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
PAGES = 60
BACKGROUND_CODES = 48_000
# Every fifth photograph is kept out of learning, for the figures in the file.
FOLDS = 5


class Command(BaseCommand):
    help = "Learns a table from the learning half (by file name) of photographs. Keeps numbers, no pictures."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folders", nargs="+", metavar="FOLDER", type=Path)
        parser.add_argument("--out", required=True, type=Path)
        parser.add_argument("--number", dest="number", type=int, default=table.VERSION)
        parser.add_argument("--processes", type=int, default=1)
        parser.add_argument("--limit", type=int, help="at most this many photographs, for a trial")

    def handle(
        self,
        *args: object,
        folders: list[Path],
        out: Path,
        number: int,
        processes: int,
        limit: int | None,
        **options: object,
    ) -> None:
        files = _files(folders)[:limit]
        if len(files) < FOLDS:
            raise CommandError(f"There are only {len(files)} photographs for learning: too few.")
        # Here, not in the forked processes: they would wait for threads that they don't have.
        cv2.setNumThreads(1)
        with ProcessPoolExecutor(processes) as pool:
            pairs = list(pool.map(_pairs, files, chunksize=4))
        learned = replace(_learned(pairs), version=number)
        learned = replace(learned, about=_about(folders, len(files), learned, pairs))
        table.save(learned, out)
        self.stdout.write(f"{out}: {out.stat().st_size} bytes; {learned.about['held_out']}")


def _files(folders: list[Path]) -> list[Path]:
    every = (path for folder in folders for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    return sorted((path for path in every if split.half(path) == split.LEARNING), key=lambda path: path.name)


def _pairs(path: Path) -> Pairs:
    with Image.open(path) as picture:
        pixels = regions.grey(picture.convert("RGB"), learning.SIDE)
    return learning.pairs_of(pixels, seed=zlib.crc32(path.name.encode()))


def _learned(pairs: list[Pairs]) -> table.Table:
    learned = learning.learn([part for at, part in enumerate(pairs) if at % FOLDS])
    return replace(learned, background=_background(pairs, learned))


def _background(pairs: list[Pairs], learned: table.Table) -> Bytes:
    """Codes of all the photographs, a like number from each, and of drawn pages."""
    drawn = [regions.find(np.asarray(pages.page(seed)), smallest=2.6, most=700).root for seed in range(PAGES)]
    sources = [part.every for part in pairs] + drawn
    each = BACKGROUND_CODES // len(sources)
    rng = np.random.default_rng(learning.SEED)
    some = [root[np.sort(rng.permutation(len(root))[:each])] for root in sources]
    return codes.encode(np.concatenate(some), learned)


def _about(folders: list[Path], count: int, learned: table.Table, pairs: list[Pairs]) -> dict[str, object]:
    kept_out = pairs[::FOLDS]
    return {
        "name": learned.name,
        "learned_from": sorted(folder.name for folder in folders),
        "photographs": count,
        "half": "crc32 of the file name is even; every fifth of them held out",
        "pages": PAGES,
        "with": {name: version(name) for name in ("opencv-python-headless", "numpy", "pillow")},
        "chance": figures.chance(kept_out, learned),
        "held_out": figures.held_out(kept_out, learned),
    }
