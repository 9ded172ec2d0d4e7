"""The same look-ups by faiss's binary indexes. A development dependency: skipped where it is missing."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from statistics import mean, median
from time import perf_counter
from typing import Any

import numpy as np

from hashing.matching import index, regional
from portal.bench import lookup_truth
from portal.bench.lookup_codes import Asked

BITS = 256
TABLES = 4
LISTS = 4096
TRAINED_ON = 200_000
SOME = 24


def measured(segment: index.Segment, asked: Sequence[Asked]) -> dict[str, float]:
    """Time and share of true pairs found by multi-hash and by inverted lists, each at several settings."""
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
    quantizer = faiss.IndexBinaryFlat(BITS)
    lists = faiss.IndexBinaryIVF(quantizer, BITS, LISTS)
    lists.train(data[:: max(1, len(data) // TRAINED_ON)])
    lists.add(data)
    for probes in (4, 16, 64):
        lists.nprobe = probes
        result |= _named(f"faiss_ivf_{probes}", lists, segment, some)
    return result


def _named(name: str, peer: Any, segment: index.Segment, asked: Sequence[Asked]) -> dict[str, float]:
    times, recall = [], []
    for one in asked:
        rows = regional.proposing_rows(one.query)
        started = perf_counter()
        limits, _, labels = peer.range_search(one.query.codes[rows], regional.RADIUS)
        times.append(perf_counter() - started)
        row = np.repeat(np.arange(len(rows)), np.diff(limits.astype(np.int64)))
        seen = set(zip(labels.tolist(), row.tolist(), strict=True))
        true = lookup_truth.pairs(segment, one)
        recall.append(len(true & seen) / len(true) if true else 1.0)
    return {f"{name}_ms": round(1000 * median(times), 2), f"{name}_true_pairs_found": round(mean(recall), 3)}
