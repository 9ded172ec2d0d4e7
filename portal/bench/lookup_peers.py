"""The same look-ups by faiss's binary indexes. A development dependency: skipped where it is missing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from statistics import mean, median
from time import perf_counter
from typing import Any

import numpy as np

from hashing.fingerprints.regional.arrays import Bytes
from hashing.matching import index, regional
from portal.bench import lookup_truth
from portal.bench.lookup_codes import Asked

BITS = 256
TABLES = 4
# Inverted lists by number; many more of them take hours to learn.
LISTS = (4096, 8192)
CODES_EACH = 512
PROBES = (2, 4, 8, 16, 32)
TRAINED_ON = 150_000
ROUNDS = 4
SOME = 24
FOUND = "_true_pairs_found"


def measured(segment: index.Segment, asked: Sequence[Asked]) -> dict[str, float]:
    """Time and share of true pairs found by multi-hash and by inverted lists, each at several settings.

    Besides: the least time of those that find as many true pairs as ours does of the same queries.
    """
    faiss = import_module("faiss")
    faiss.omp_set_num_threads(1)
    data = segment.codes.view(np.uint8).reshape(len(segment.codes), BITS // 8)
    some = asked[:: max(1, len(asked) // SOME)]
    result: dict[str, float] = {}
    hashed = faiss.IndexBinaryMultiHash(BITS, TABLES, segment.key_bits)
    hashed.add(data)
    for flips in (1, 2):
        hashed.nflip = flips
        result |= _named(f"faiss_multihash_{flips}", hashed, segment, some)
    del hashed
    for count in LISTS:
        result |= _inverted(faiss, data, count, segment, some)
    ours = mean(_recall(lookup_truth.pairs(segment, one), _found(segment, one)) for one in some)
    as_good = [
        result[name.removesuffix(FOUND) + "_ms"]
        for name, found in result.items()
        if name.endswith(FOUND) and found >= ours
    ]
    best = {"faiss_as_good_ms": min(as_good)} if as_good else {}
    return result | {"ours" + FOUND: round(ours, 3)} | best


def _inverted(
    faiss: Any, data: Bytes, count: int, segment: index.Segment, some: Sequence[Asked]
) -> dict[str, float]:
    count = max(1, min(count, len(data) // CODES_EACH))
    quantizer = faiss.IndexBinaryFlat(BITS)
    lists = faiss.IndexBinaryIVF(quantizer, BITS, count)
    lists.cp.niter = ROUNDS
    sys.stderr.write(f"faiss learns {count} lists\n")
    lists.train(np.ascontiguousarray(data[:: max(1, len(data) // TRAINED_ON)]))
    lists.add(data)
    result: dict[str, float] = {}
    for probes in PROBES:
        lists.nprobe = probes
        result |= _named(f"faiss_ivf_{count}_{probes}", lists, segment, some)
    return result


def _found(segment: index.Segment, one: Asked) -> lookup_truth.Pairs:
    rows = regional.proposing_rows(one.query)
    return lookup_truth.found(segment, index.words(one.query.codes[rows]), one.query.projected[rows])


def _recall(true: lookup_truth.Pairs, seen: lookup_truth.Pairs) -> float:
    return len(true & seen) / len(true) if true else 1.0


def _named(name: str, peer: Any, segment: index.Segment, asked: Sequence[Asked]) -> dict[str, float]:
    times, recall = [], []
    for one in asked:
        rows = regional.proposing_rows(one.query)
        started = perf_counter()
        limits, _, labels = peer.range_search(one.query.codes[rows], regional.RADIUS)
        times.append(perf_counter() - started)
        row = np.repeat(np.arange(len(rows)), np.diff(limits.astype(np.int64)))
        seen = set(zip(labels.tolist(), row.tolist(), strict=True))
        recall.append(_recall(lookup_truth.pairs(segment, one), seen))
    return {f"{name}_ms": round(1000 * median(times), 2), name + FOUND: round(mean(recall), 3)}
