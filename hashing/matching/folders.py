"""Matches a folder of pictures against another, with several processes."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import Any, Self

import cv2
from PIL import Image

from hashing.matching.answers import Decision
from hashing.matching.matcher import Kept, Match, Matcher, Upload, keep, prepare
from portal.vault import decode, refusals
from portal.vault.formats import MAX_BYTES

Progress = Callable[[str, int, int], object]
EVERY = 20

# Set before the processes that look up are forked, so that they share the list instead of copying it.
_shared: dict[str, Matcher] = {}


class Bank:
    """The fingerprints of a folder's pictures. `refused`: files that could not be read, and why."""

    def __init__(self, folder: Path, processes: int, progress: Progress) -> None:
        # A core per process. Here, not in the forked ones: they would wait for threads that they don't have.
        cv2.setNumThreads(1)
        self.processes = processes or os.cpu_count() or 1
        self.progress = progress
        self.refused: list[tuple[Path, str]] = []
        self.paths: list[Path] = []
        self._decisions: Counter[str] = Counter()
        kept: list[Kept] = []
        for path, found in self._spread("fingerprinted", _kept, pictures(folder)):
            if isinstance(found, str):
                self.refused.append((path, found))
                continue
            self.paths.append(path)
            kept.append(found)
        self.matcher = Matcher(kept)
        warm(self.matcher)

    def __enter__(self) -> Self:
        _shared["matcher"] = self.matcher
        return self

    def __exit__(self, *_error: object) -> None:
        _shared.clear()

    def look_up(self, folder: Path) -> Iterator[dict[str, Any]]:
        """A line for each picture under the folder, in the order of their paths."""
        for path, (found, error, milliseconds) in self._spread("matched", _looked_up, pictures(folder)):
            self._decisions[found.decision] += 1
            yield {
                "query": str(path),
                "decision": str(found.decision),
                "match": None if found.picture is None else str(self.paths[found.picture]),
                "score": found.score,
                "how": None if found.how is None else str(found.how),
                "region": found.region,
                "ms": milliseconds,
                "error": error,
            }

    def summary(self) -> str:
        return (
            ", ".join(f"{count} {name}" for name, count in sorted(self._decisions.items())) or "no pictures"
        )

    def _spread(
        self, what: str, work: Callable[[Path], Any], paths: list[Path]
    ) -> Iterator[tuple[Path, Any]]:
        """The work's results in the order of the paths, whatever the number of processes."""
        done: Iterable[Any]
        with ProcessPoolExecutor(self.processes, multiprocessing.get_context("fork")) as pool:
            done = pool.map(work, paths, chunksize=2)
            for count, (path, result) in enumerate(zip(paths, done, strict=True), start=1):
                yield path, result
                if count % EVERY == 0 or count == len(paths):
                    self.progress(what, count, len(paths))


def pictures(folder: Path) -> list[Path]:
    """Every file below the folder but hidden ones; what is no picture is refused with a sentence."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def warm(matcher: Matcher) -> None:
    """Compiles the inner loops once, before the processes are forked."""
    matcher.match(prepare(b"", Image.effect_noise((96, 96), 60).convert("RGB")))


def _kept(path: Path) -> Kept | str:
    found = _opened(path)
    return found if isinstance(found, str) else keep(found[0], found[1].image)


def _looked_up(path: Path) -> tuple[Match, str | None, float]:
    started = perf_counter()
    found = _opened(path, every=True)
    if isinstance(found, str):
        return Match(Decision.NONE), found, 0.0
    match = _shared["matcher"].match(_prepared(*found))
    return match, None, round(1000 * (perf_counter() - started), 1)


def _prepared(data: bytes, decoded: decode.Decoded) -> Upload:
    return prepare(data, decoded.image, further=decoded.further)


def _opened(path: Path, *, every: bool = False) -> tuple[bytes, decode.Decoded] | str:
    """The bytes and the picture, or a sentence."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return refusals.sentence("too_big")
        data = path.read_bytes()
        return data, decode.decode(data, every=every)
    except OSError as error:
        return f"This file can't be read ({error.strerror})."
    except decode.Refused as refused:
        return refusals.sentence(refused.code)
