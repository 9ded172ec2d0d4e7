"""Verification of a short and a long log beside bare hashing of the same bytes, and what proofs read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from hashlib import sha256
from time import perf_counter, process_time

from portal.audit import proofs, reading, verification
from portal.audit.checkpoints import Checkpoints
from portal.audit.merkle import Frontier
from portal.audit.verification import snapshot
from portal.bench.audit import filling
from portal.bench.registry import Result

PATIENCE = timedelta(days=1)


def measure(entries: int) -> Result:
    filling.fill(entries // 10)
    short = _per_entry(entries // 10)
    filling.fill(entries)
    long = _per_entry(entries)
    checks, bare = _checks_and_bare()
    tree = proofs.Tree(entries)
    path = tree.inclusion(entries // 3)
    return {
        "entries": entries,
        "verify_to_sha256": round(checks / bare, 2),
        "verify_limit": 4.0,
        "entries_per_second": round(1 / long),
        "growth": round(long / short, 2),
        "proof_reads": tree.reads,
        "proof_length": len(path),
        "height": (entries - 1).bit_length(),
    }


def _per_entry(entries: int) -> float:
    """Seconds of the whole command's work, the database's included, by the clock."""
    best = min(_seconds(perf_counter, lambda: verification.verify(patience=PATIENCE)) for _ in range(2))
    return best / entries


def _checks_and_bare() -> tuple[float, float]:
    """Processor seconds of all checks, and of one bare hash per entry, over the same pages in the same
    run."""
    checks = bare = 0.0
    with snapshot():
        checkpoints, edge = Checkpoints(None), Frontier()
        while page := reading.page(edge.size):
            bare += _seconds(process_time, partial(_hash, page))
            checks += _seconds(process_time, partial(verification.check, page, edge, checkpoints))
    return checks, bare


def _hash(page: reading.Page) -> None:
    for leaf in page.leaves:
        sha256(leaf).digest()


def _seconds(clock: Callable[[], float], work: Callable[[], object]) -> float:
    began = clock()
    work()
    return clock() - began
