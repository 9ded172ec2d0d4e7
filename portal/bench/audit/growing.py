"""Verification of a short and a long log beside bare hashing of the same bytes, and what proofs read."""

from __future__ import annotations

import resource
from collections.abc import Callable
from dataclasses import dataclass
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
# So many entries are hashed a second time for comparison; more would say the same.
COMPARED = 1_000_000


@dataclass(frozen=True)
class Pass:
    """One `audit verify`: seconds per entry by the clock (the database's included) and of this process;
    the process's largest size so far."""

    seconds: float
    processor: float
    memory: int


def measure(entries: int) -> Result:
    short = _pass(entries // 10)
    long = _pass(entries)
    checks, bare = _checks_and_bare(min(entries, COMPARED))
    tree = proofs.Tree(entries)
    path = tree.inclusion(entries // 3)
    return {
        "entries": entries,
        "verify_to_sha256": round(checks / bare, 2),
        "verify_limit": 4.0,
        "entries_per_second": round(1 / long.seconds),
        "growth": round(long.seconds / short.seconds, 2),
        "growth_processor": round(long.processor / short.processor, 2),
        "growth_memory": round(long.memory / short.memory, 2),
        "proof_reads": tree.reads,
        "proof_length": len(path),
        "height": (entries - 1).bit_length(),
    }


def _pass(entries: int) -> Pass:
    filling.fill(entries)
    began, processor = perf_counter(), process_time()
    verification.verify(patience=PATIENCE)
    return Pass(
        seconds=(perf_counter() - began) / entries,
        processor=(process_time() - processor) / entries,
        memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    )


def _checks_and_bare(entries: int) -> tuple[float, float]:
    """Processor seconds of all checks, and of one bare hash per entry, over the same pages in the same
    run."""
    checks = bare = 0.0
    with snapshot():
        checkpoints, edge = Checkpoints(), Frontier()
        while edge.size < entries and (page := reading.page(edge.size)):
            bare += _seconds(partial(_hash, page))
            checks += _seconds(partial(verification.check, page, edge, checkpoints))
    return checks, bare


def _hash(page: reading.Page) -> None:
    for leaf in page.leaves:
        sha256(leaf).digest()


def _seconds(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began
