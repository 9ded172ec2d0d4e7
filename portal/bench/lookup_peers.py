"""The same look-ups by faiss's binary indexes. A development dependency: skipped where it is missing.

Those that search by radius: multi-hash, and inverted lists with centres that are compared one by one or
through a graph (HNSW). Its graph of the codes themselves gives a fixed number of nearest ones only.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from statistics import mean, median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hashing.fingerprints.regional.arrays import Bytes
from hashing.matching import index, regional
from portal.bench import lookup_truth
from portal.bench.lookup_codes import Asked
from portal.bench.measuring import fastest

BITS = 256
TABLES = 4
# Bits that a key has fewer than ours, and of how many the neighbours are looked at too.
HASHES = ((0, 1), (0, 2), (3, 0), (3, 1))
# Inverted lists by number. More of them cost more to choose from than they save, even through a graph.
LISTS = (4096, 16384)
CODES_EACH = 128
PROBES = (1, 2, 4, 8, 16, 32)
TRAINED_ON, ROUNDS = 200_000, 4
LINKS, BUILT_WIDTH, WIDTHS = 16, 80, (16, 64)
# Slots, and rows of the asking codes.
Seen = tuple[NDArray[np.int64], NDArray[Any]]
THREADS = 2  # to build; a look-up has one, as ours
SOME = 16


@dataclass(frozen=True)
class Tuned:
    """An index at one setting: the median time of a look-up, and the share of true pairs it found."""

    name: str
    ms: float
    recall: float


def measured(segment: index.Segment, asked: Sequence[Asked]) -> dict[str, float | str]:
    """Ours and every setting of faiss, asked the same."""
    faiss = import_module("faiss")
    some = asked[:: max(1, len(asked) // SOME)]
    every = [_tuned("ours", some, segment, partial(_found, segment))]
    for name, peer in _settings(faiss, segment):
        every.append(_tuned(f"faiss_{name}", some, segment, partial(_seen, peer)))
        sys.stderr.write(f"{every[-1]}\n")
    return verdict(every)


def verdict(every: Sequence[Tuned]) -> dict[str, float | str]:
    """All figures, ours first, and who is fastest of those that find at least as many true pairs as ours."""
    ours = every[0]
    as_good = [each for each in every if each.recall >= ours.recall]
    peers = [each for each in as_good if each is not ours]
    result: dict[str, float | str] = {"fastest_as_good": min(as_good, key=lambda each: each.ms).name}
    if peers:
        result["faiss_as_good_ms"] = min(peers, key=lambda each: each.ms).ms
    for each in every:
        result |= {f"{each.name}_ms": each.ms, f"{each.name}_true_pairs_found": each.recall}
    return result


def _settings(faiss: Any, segment: index.Segment) -> Iterator[tuple[str, Any]]:
    data = segment.codes.view(np.uint8).reshape(len(segment.codes), BITS // 8)
    for fewer, flips in HASHES:
        bits = segment.key_bits - fewer
        sys.stderr.write(f"faiss files under keys of {bits} bits\n")
        hashed = faiss.IndexBinaryMultiHash(BITS, TABLES, bits)
        hashed.nflip = flips
        yield f"multihash_{bits}_{flips}", _filled(faiss, hashed, data)
        del hashed
    for count in dict.fromkeys(max(1, min(count, len(data) // CODES_EACH)) for count in LISTS):
        yield from _inverted(faiss, data, count)


def _filled(faiss: Any, peer: Any, data: Bytes) -> Any:
    faiss.omp_set_num_threads(THREADS)
    peer.add(data)
    faiss.omp_set_num_threads(1)
    return peer


def _inverted(faiss: Any, data: Bytes, count: int) -> Iterator[tuple[str, Any]]:
    centres = faiss.IndexBinaryFlat(BITS)
    lists = faiss.IndexBinaryIVF(centres, BITS, count)
    lists.cp.niter = ROUNDS
    sys.stderr.write(f"faiss learns {count} lists\n")
    faiss.omp_set_num_threads(THREADS)
    lists.train(np.ascontiguousarray(data[:: max(1, len(data) // TRAINED_ON)]))
    _filled(faiss, lists, data)
    for probes in PROBES:
        lists.nprobe = probes
        yield f"ivf_{count}_{probes}", lists
    graph = faiss.IndexBinaryHNSW(BITS, LINKS)
    graph.hnsw.efConstruction = BUILT_WIDTH
    graph.add(faiss.vector_to_array(centres.xb).reshape(count, BITS // 8))
    lists.quantizer = graph
    for width in WIDTHS:
        graph.hnsw.efSearch = width
        for probes in (each for each in PROBES if each <= width):
            lists.nprobe = probes
            yield f"ivf_{count}_graph_{width}_{probes}", lists


def _tuned(
    name: str, asked: Sequence[Asked], segment: index.Segment, look_up: Callable[[Asked], Seen]
) -> Tuned:
    times, recall = [], []
    for one in asked:
        seconds, (slot, row) = fastest(partial(look_up, one))
        true = lookup_truth.pairs(segment, one)
        seen = set(zip(slot.tolist(), row.tolist(), strict=True))
        times.append(seconds)
        recall.append(len(true & seen) / len(true) if true else 1.0)
    return Tuned(name, round(1000 * median(times), 2), round(mean(recall), 3))


def _found(segment: index.Segment, one: Asked) -> Seen:
    rows = regional.proposing_rows(one.query)
    slot, row, _ = lookup_truth.near(segment, index.words(one.query.codes[rows]), one.query.projected[rows])
    return slot, row


def _seen(peer: Any, one: Asked) -> Seen:
    rows = regional.proposing_rows(one.query)
    limits, _, labels = peer.range_search(one.query.codes[rows], regional.RADIUS)
    return labels, np.repeat(np.arange(len(rows)), np.diff(limits.astype(np.int64)))
