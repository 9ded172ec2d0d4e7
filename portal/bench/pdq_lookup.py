"""manage.py bench pdq: exact PDQ look-ups at distance 31, beside faiss and the partners' client."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from importlib import import_module
from importlib.util import find_spec
from statistics import median
from time import perf_counter

import numpy as np
from PIL import Image

from hashing.fingerprints import pdq_variants
from hashing.matching import columns, pdq, pdq_index
from hashing.matching.vote import Words
from portal.bench import in_memory
from portal.bench.registry import Options, Result, benchmark
from portal.bench.turns import in_turns

LONG, SHORT = 10_000_000, 1_000_000
QUERIES = 40
TURNED = 20
SAMPLES = ("astronaut", "coffee", "chelsea", "rocket")


@benchmark("pdq", "exact PDQ look-ups at distance 31 in ten million hashes, beside faiss")
def pdq_lookup(options: Options) -> Result:
    """Medians over queries, one thread; real hashes with a quarter of their bits turned fill the list."""
    listed = _listed(LONG // options.sample)
    asked = _asked(listed)
    started = perf_counter()
    ours = pdq_index.build(listed)
    result: dict[str, float | int | str] = {
        "hashes": len(listed),
        "built_s": round(perf_counter() - started, 1),
        "bytes_per_hash": round((ours.words.nbytes + ours.offsets.nbytes + ours.rows.nbytes) / len(listed)),
    }
    mine = _milliseconds(lambda query: ours.within(query)[0], asked)
    result["look_up_ms"] = round(mine, 3)
    result["mapped_to_memory"] = round(_mapped_to_memory(ours, asked), 2)
    if find_spec("faiss") is None:
        return result
    flat, equal = _flat(listed, asked, ours)
    result |= {"faiss_flat_ms": round(flat, 2), "same_answers": equal, "faster": round(flat / mine, 1)}
    return result | _client(listed[: SHORT // options.sample])


def _mapped_to_memory(ours: pdq_index.PdqIndex, asked: Words) -> float:
    """The same look-ups in files, as the index keeps them, to those in arrays of the process."""
    names = [each.name for each in fields(ours)]
    with in_memory.folder() as path:
        out = columns.Columns(path / "part")
        for name in names:
            out.append(name, getattr(ours, name))
        out.finish({})
        _about, arrays = columns.load(path / "part", ready=True)
        saved = pdq_index.PdqIndex(*(arrays[name] for name in names))
        mapped, memory = in_turns(saved.within, ours.within, list(asked))
    return mapped / memory


def _listed(count: int) -> Words:
    data = import_module("skimage.data")
    found = [pdq_variants.variants(Image.fromarray(getattr(data, name)())) for name in SAMPLES]
    real = pdq.words([one for own in found for one in own])
    rng = np.random.default_rng(11)
    some = real[rng.integers(0, len(real), count)]
    turned = rng.integers(0, 1 << 64, some.shape, dtype=np.uint64)
    turned &= rng.integers(0, 1 << 64, some.shape, dtype=np.uint64)
    return np.asarray(some ^ turned, dtype=np.uint64)


def _asked(listed: Words) -> Words:
    """Listed hashes with some bits turned, so that every look-up finds something."""
    rng = np.random.default_rng(12)
    asked = listed[rng.integers(0, len(listed), QUERIES)].copy()
    for row in asked:
        for bit in rng.permutation(256)[:TURNED]:
            row[bit // 64] ^= np.uint64(1) << np.uint64(bit % 64)
    return asked


def _milliseconds(look_up: Callable[[Words], object], asked: Words) -> float:
    look_up(asked[0])
    times = []
    for query in asked:
        started = perf_counter()
        look_up(query)
        times.append(perf_counter() - started)
    return 1000 * median(times)


def _flat(listed: Words, asked: Words, ours: pdq_index.PdqIndex) -> tuple[float, int]:
    """faiss's exhaustive index: its time, and whether all its answers equal ours."""
    faiss = import_module("faiss")
    faiss.omp_set_num_threads(1)
    flat = faiss.IndexBinaryFlat(256)
    flat.add(listed.view(np.uint8).reshape(len(listed), 32))

    def rows(query: Words) -> list[int]:
        # faiss takes a radius as "nearer than".
        _, _, labels = flat.range_search(query.view(np.uint8).reshape(1, 32), pdq.WITHIN + 1)
        return sorted(labels.tolist())

    equal = all(rows(query) == ours.within(query)[0].tolist() for query in asked)
    return _milliseconds(rows, asked), int(equal)


def _client(listed: Words) -> dict[str, float]:
    """The index that partners' clients build (threatexchange), in a list of a million."""
    if find_spec("threatexchange") is None:
        return {}
    client = import_module("threatexchange.signal_type.pdq.pdq_index").PDQIndex
    theirs = client.build([(row.tobytes().hex(), at) for at, row in enumerate(listed)])
    ours, asked = pdq_index.build(listed), _asked(listed)
    slow = _milliseconds(lambda query: theirs.query(query.tobytes().hex()), asked)
    quick = _milliseconds(ours.within, asked)
    return {
        "client_ms_1M": round(slow, 3),
        "look_up_ms_1M": round(quick, 3),
        "faster_1M": round(slow / quick, 1),
    }
