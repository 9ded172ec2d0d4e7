"""manage.py bench tails --bank DIR --other DIR: scores of a hundred million pairs of unrelated pictures."""

from __future__ import annotations

import multiprocessing
import os
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from time import monotonic
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashing.fingerprints.regional import table
from hashing.fingerprints.regional.query import Query
from hashing.fingerprints.regional.serial import Enrolled
from hashing.matching import decide, folders, index, regional
from hashing.matching.fitting import Doubles
from hashing.matching.regional import Election
from hashing.matching.vote import SCORE
from portal.bench.copies.alteration import subject
from portal.bench.copies.rows import ROWS
from portal.bench.registry import Options, Result, benchmark
from portal.bench.tails import chart, windows
from portal.bench.tails.tail import LISTS, Tail

# Other pictures are in these: related pairs would come of it.
WITH_OTHERS = ("collage2", "collage4")
CHECKED_IN_FULL = 6
EVERY = 20
SECONDS = "TAILS_SECONDS"

Item = TypeVar("Item")
Made = TypeVar("Made")
Owners = NDArray[np.int64]


# Shared with the processes that are forked once these are made.
_shared: dict[str, Work] = {}


@dataclass(frozen=True, slots=True)
class Work:
    """The photographs; the list, and the photograph that each of its fingerprints is of."""

    files: Sequence[Path]
    owner: Owners
    segment: index.Segment


@benchmark("tails", "how high unrelated pictures score: the tail, and what follows for a million")
def tails(options: Options) -> Result:
    """Every photograph gives 20 fingerprints and, altered in a random way, 20 queries.

    Those of one file are no pair. With --sample N every N-th photograph. TAILS_SECONDS ends it early.
    """
    if options.bank is None or options.other is None:
        return {"skipped": "name two folders: --bank DIR --other DIR"}
    cv2.setNumThreads(1)
    files = [*folders.pictures(options.bank), *folders.pictures(options.other)][:: options.sample]
    made = list(_spread(options.processes, _fingerprinted, files))
    owner = np.repeat(np.arange(len(files)), [len(own) for own in made])
    _shared["work"] = Work(files, owner, index.build(list(chain.from_iterable(made))))
    tail = Tail()
    order = np.random.default_rng(1).permutation(len(files)).tolist()
    ends = monotonic() + float(os.environ.get(SECONDS, "inf"))
    for at, found in zip(order, _spread(options.processes, _asked, order), strict=False):
        _count(tail, found, at, _shared["work"])
        if monotonic() > ends:
            break
        sys.stderr.write(f"{sum(tail.pairs.values()):.3g} pairs; {_line(tail)}\n")
    missed = [_missed(at) for at in order[:CHECKED_IN_FULL]]
    chart.draw(tail, {f"{n:,} listed": decide.threshold(n) for n in LISTS}, Path("tails.svg"))
    return _result(tail, missed, len(owner))


def _spread(processes: int, work: Callable[[Item], Made], items: Sequence[Item]) -> Iterator[Made]:
    """The work's results in the items' order."""
    with ProcessPoolExecutor(processes, multiprocessing.get_context("fork")) as pool:
        waiting = [pool.submit(work, item) for item in items]
        try:
            for done, future in enumerate(waiting, start=1):
                yield future.result()
                if done % EVERY == 0:
                    sys.stderr.write(f"{done} of {len(items)}\n")
        finally:
            pool.shutdown(cancel_futures=True)


def _fingerprinted(path: Path) -> list[Enrolled]:
    with Image.open(path) as opened:
        return list(windows.enrolled(opened.convert("RGB"), table.current()))


def _asked(at: int) -> list[Election]:
    """Every vote of a photograph's queries, its own fingerprints' among them."""
    work = _shared["work"]
    queries = _queries(work.files[at], work.files)
    return [one for query in queries for one in regional.search(work.segment, query, table.current())]


def _queries(path: Path, files: Sequence[Path]) -> list[Query]:
    rows = [row for row in ROWS if row not in WITH_OTHERS]
    row = rows[zlib.crc32(path.name.encode()) % len(rows)]
    altered = ROWS[row](subject(path, row, files, seed=3))
    return list(windows.queries(altered.convert("RGB"), table.current()))


def _count(tail: Tail, found: Sequence[Election], at: int, work: Work) -> None:
    sets = np.array([_set(path) == _set(work.files[at]) for path in work.files])[work.owner]
    for one_set in (True, False):
        tail.pairs[one_set] += windows.EACH * int(((work.owner != at) & (sets == one_set)).sum())
    for election in found:
        other = int(work.owner[election.picture])
        if other != at:
            who = f"{work.files[at].name} {work.files[other].name}"
            tail.add(election.fields, one_set=bool(sets[election.picture]), who=who)


def _set(path: Path) -> str:
    """The collection that a photograph is from: its name up to the first dash."""
    return path.name.partition("-")[0]


def _missed(at: int) -> tuple[int, int]:
    """How many pairs score 8 or more if all are voted on, and how many of them the index proposed."""
    work = _shared["work"]
    query = _queries(work.files[at], work.files)[0]
    proposed = {one.picture for one in regional.search(work.segment, query, table.current())}
    every = regional.exhaustive(work.segment, query)
    high = [one.picture for one in every if _high(one.fields) and work.owner[one.picture] != at]
    return len(high), sum(picture in proposed for picture in high)


def _high(fields: Doubles) -> bool:
    return bool(fields[SCORE] >= 8)  # noqa: PLR2004 (where the tail begins)


def _line(tail: Tail) -> str:
    return " ".join(f"{at}:{tail.above(at, one_set=False)}" for at in range(8, 30, 2))


def _result(tail: Tail, missed: Sequence[tuple[int, int]], enrolled: int) -> Result:
    result: dict[str, float | int | str] = {
        "fingerprints": enrolled,
        "pairs": sum(tail.pairs.values()),
        "pairs_of_two_sets": tail.pairs[False],
    }
    for points in range(6, 41, 2):
        two, one = tail.above(points, one_set=False), tail.above(points, one_set=True)
        result[f"reach_{points}"] = f"two sets {two}, one set {one}"
    result["halves_every_points"] = round(tail.halves_every(), 2)
    for listed in LISTS:
        least = decide.threshold(listed)
        result[f"threshold_{listed}"] = round(least, 1)
        result[f"false_scores_per_query_{listed}"] = f"{tail.rate(least) * listed:.2g}"
    for (one_set, listed, decision), count in sorted(tail.decided.items()):
        result[f"decided_{'one' if one_set else 'two'}_{listed}_{decision}"] = count
    result["proposed_of_those_over_8"] = (
        f"{sum(got for _, got in missed)} of {sum(all_ for all_, _ in missed)}"
    )
    result["high"] = "; ".join(tail.high[:60])
    return result
