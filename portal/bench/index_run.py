"""manage.py bench index: the index as files: memory, build, look-up, and how soon a change is in it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from time import perf_counter

import numpy as np

from hashing.fingerprints.regional.serial import MOST_REGIONS
from hashing.fingerprints.regional.table import current
from hashing.matching import index, regional, writing
from hashing.matching.fitting import Floats
from hashing.matching.parts import Part
from hashing.matching.pdq_index import PdqIndex
from hashing.matching.vote import Words
from portal.bench import in_memory, index_changes, index_items, index_model
from portal.bench.registry import Options, Result, benchmark
from portal.bench.turns import in_turns

PICTURES = 1_000_000
MILLION, GIGABYTE = 1_000_000, 1e9
QUERIES, CODES = 24, 600


@benchmark("index", "the index as mapped files: memory, build, look-up beside arrays, delay of changes")
def index_files(options: Options) -> Result:
    """A million pictures with all codes and 64 PDQ hashes each (`sample` divides them), in memory.

    `mapped_to_memory…`: look-ups in mapped files, to the same in arrays of the process, in turns.
    `gigabytes_per_million…`, `10M_gigabytes`: by the formulas that `modelled_to_measured` holds to the files
    that were made; `10M_built_s`: in proportion.
    """
    count = PICTURES // options.sample
    with in_memory.folder() as path:
        started = perf_counter()
        writing.write(path / "part-00000001", index_items.items(count), {"": 0, index_items.SHELF: 1})
        built = perf_counter() - started
        part = Part(path / "part-00000001", ready=True)
        result = _sizes(part, count, built) | _look_ups(part)
        del part
        return result | index_changes.delays(path)


def _sizes(part: Part, count: int, built: float) -> dict[str, float | int | str]:
    sizes = {"regional": 0, "pdq": 0, "other": 0}
    for name, array in part.columns.items():
        kind = name.partition(".")[0]
        sizes[kind if kind in sizes else "other"] += array.nbytes
    modelled = index_model.sizes(count)
    million, ten = index_model.sizes(MILLION), index_model.sizes(10 * MILLION)
    return {
        "pictures": count,
        "built_s": round(built, 1),
        "gigabytes": round(sum(sizes.values()) / GIGABYTE, 3),
        "modelled_to_measured": round(sum(modelled.values()) / sum(sizes.values()), 3),
        **{f"gigabytes_per_million_{kind}": round(size / GIGABYTE, 2) for kind, size in million.items()},
        "gigabytes_per_million": round(sum(million.values()) / GIGABYTE, 2),
        "10M_gigabytes": round(sum(ten.values()) / GIGABYTE, 1),
        "10M_built_s": round(built / count * 10 * MILLION),
    }


def _look_ups(part: Part) -> dict[str, float | int | str]:
    """Medians over queries of the fastest of a few turns."""
    mapped = part.regional[current().version].segment
    copied = replace(
        mapped,
        **{name: getattr(mapped, name).copy() for name in ("codes", "places", "counts", "offsets", "slots")},
    )
    asked = _asked(mapped)
    files, arrays = in_turns(partial(_near, mapped), partial(_near, copied), asked)
    del copied
    names = ("words", "start", "bits", "allowance", "offsets", "rows")
    pdq = PdqIndex(*(getattr(part.pdq, name).copy() for name in names))
    rng = np.random.default_rng(6)
    hashes = index_items.turned(part.pdq.words[rng.integers(1, len(pdq.words), QUERIES)], rng)
    files_pdq, arrays_pdq = in_turns(part.pdq.within, pdq.within, list(hashes))
    return {
        "look_up_ms": round(1000 * files, 2),
        "mapped_to_memory": round(files / arrays, 2),
        "pdq_look_up_ms": round(1000 * files_pdq, 3),
        "mapped_to_memory_pdq": round(files_pdq / arrays_pdq, 2),
    }


def _asked(segment: index.Segment) -> list[tuple[Words, Floats]]:
    """Listed codes with bits turned, and distances from thresholds such as a query has."""
    rng = np.random.default_rng(6)
    queries = []
    for _ in range(QUERIES):
        rows = rng.integers(MOST_REGIONS, len(segment.codes), CODES)
        projected = rng.normal(0, 3, (CODES, 256)) * current().noise
        queries.append((index_items.turned(segment.codes[rows], rng), projected.astype(np.float32)))
    return queries


def _near(segment: index.Segment, asked: tuple[Words, Floats]) -> index.Near:
    codes, projected = asked
    return index.near(
        segment, codes, projected, current().noise, radius=regional.RADIUS, probes=regional.PROBES
    )
