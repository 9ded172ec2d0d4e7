"""manage.py bench copies --bank DIR --other DIR: what share of altered copies each method finds."""

from __future__ import annotations

import multiprocessing
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

import cv2

from hashing.fingerprints.regional import split
from hashing.matching import folders
from hashing.matching.matcher import Matcher
from portal.bench.copies import cost, segments, table, trial
from portal.bench.copies.rows import HARD_ROWS, ROWS
from portal.bench.registry import Options, Result, benchmark

Item = TypeVar("Item")
Found = TypeVar("Found")

EVERY = 20
# Shared with the processes that are forked once these are made.
_shared: dict[str, Matcher] = {}


@benchmark("copies", "what share of altered copies each kind of fingerprint finds")
def copies(options: Options) -> Result:
    """Rows of recall at the thresholds for 1 thousand and 1 million enrolled, beside other methods.

    Collages take pictures from the half of `other` that the projection was not learned from. Unrelated
    pictures are of both halves, and counted apart.
    """
    if options.bank is None or options.other is None:
        return {"skipped": "name two folders: --bank DIR --other DIR"}
    cv2.setNumThreads(1)
    bank = folders.pictures(options.bank)
    others = [path for path in folders.pictures(options.other) if split.half(path) == split.MEASURING]
    chosen = [(path, at % options.sample == 0) for at, path in enumerate(bank)]
    listed = list(_spread(options.processes, "enrolled", trial.enlist, chosen))
    _shared["matcher"] = Matcher([one.kept for one in listed])
    folders.warm(_shared["matcher"])
    asked = list(enumerate(listed))[:: options.sample]
    outcomes = _flat(_spread(options.processes, "asked", partial(_of_one, others=others), asked))
    foreign = folders.pictures(options.other)[:: options.sample]
    unrelated = _flat(_spread(options.processes, "unrelated", partial(_unrelated, others=others), foreign))
    some = bank[:: max(1, len(bank) // segments.PICTURES)][: segments.PICTURES]
    slow = _spread(options.processes, "crop-resistant", partial(segments.of_one, others=others), some)
    return {
        **table.recall(outcomes),
        **segments.figures(slow),
        **table.unrelated(unrelated),
        **cost.of(_shared["matcher"], bank[:: max(1, len(bank) // cost.PICTURES)]),
    }


def _of_one(numbered: tuple[int, trial.Listed], *, others: Sequence[Path]) -> list[trial.Outcome]:
    """One bank picture altered in every way."""
    picture, own = numbered
    return [
        trial.ask(
            _shared["matcher"],
            trial.Trial(picture, own.path.name, row, trial.altered(own.path, row, alter, others), own.peers),
        )
        for row, alter in {**ROWS, **HARD_ROWS}.items()
    ]


def _unrelated(path: Path, *, others: Sequence[Path]) -> list[trial.Outcome]:
    """An unrelated picture as it is, and altered in one way."""
    row = list(ROWS)[zlib.crc32(path.name.encode()) // 2 % len(ROWS)]
    return [
        trial.ask(
            _shared["matcher"],
            trial.Trial(None, path.name, name, trial.altered(path, name, ROWS[name], others), None),
        )
        for name in ("original", row)
    ]


def _spread(
    processes: int, what: str, work: Callable[[Item], Found], items: Sequence[Item]
) -> Iterator[Found]:
    """The work's results in the items' order, with progress on standard error."""
    with ProcessPoolExecutor(processes, multiprocessing.get_context("fork")) as pool:
        for count, found in enumerate(pool.map(work, items), start=1):
            yield found
            if count % EVERY == 0 or count == len(items):
                sys.stderr.write(f"{what} {count} of {len(items)}\n")


def _flat(parts: Iterator[list[trial.Outcome]]) -> list[trial.Outcome]:
    return [outcome for part in parts for outcome in part]
