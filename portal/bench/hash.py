"""What fingerprinting a picture costs, beside what its decoding costs and beside the bare PDQ library."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time

import numpy as np
import pdqhash

from hashing.fingerprints import compute
from portal.bench import photos
from portal.bench.registry import Options, Result, benchmark
from portal.vault import cage, decode

_TURNS = 5
_CAGED = 5


@benchmark("hash", "fingerprints of a picture, as a ratio to decoding it and to the bare PDQ library")
def hash_cost(options: Options) -> Result:
    """Medians over pictures of ratios measured in turns on the same picture; processor time, one core.

    `ratio_to_decode`: decode and all fingerprints, to decode alone. `ratio_to_pdq`: the same, to decode and
    one PDQ of the picture at its full size by the library. `ratio_caged`: the same through the caged child.
    """
    compute.prepare()
    files = photos.files(options.bank)
    rows = [_of_one(data) for data in files]
    return {
        "pictures": len(files),
        "ratio_to_decode": round(median(row[0] for row in rows), 2),
        "ratio_to_pdq": round(median(row[1] for row in rows), 2),
        "fingerprints_to_one_pdq": round(median(row[2] for row in rows), 2),
        "ratio_caged": round(median(_caged(data) for data in files[:_CAGED]), 2),
    }


def _of_one(data: bytes) -> tuple[float, float, float]:
    decoded = decode.decode(data)
    pixels = np.asarray(decoded.image)
    turns = [
        (
            _seconds(lambda: decode.decode(data)),
            _seconds(lambda: pdqhash.compute(pixels)),
            _seconds(lambda: compute.fingerprint_decoded(data, decoded)),
        )
        for _ in range(_TURNS)
    ]
    alone, bare, ours = (median(turn[column] for turn in turns) for column in range(3))
    return (alone + ours) / alone, (alone + ours) / (alone + bare), ours / bare


def _caged(data: bytes) -> float:
    """By the clock: starting the child is part of what it costs."""
    inside = _elapsed(lambda: compute.fingerprint_file(data))
    return _elapsed(lambda: cage.run("hashing.fingerprints.caged", [data])) / inside


def _seconds(work: Callable[[], object]) -> float:
    before = process_time()
    work()
    return max(process_time() - before, 1e-6)


def _elapsed(work: Callable[[], object]) -> float:
    before = perf_counter()
    work()
    return perf_counter() - before
