"""manage.py bench lookup: whether a look-up takes as long in a million pictures as in twenty thousand."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from importlib.util import find_spec
from statistics import median
from time import perf_counter

import numpy as np

from hashing.fingerprints.regional.table import current
from hashing.matching import index, regional
from hashing.matching.folders import pictures as pictures_below
from portal.bench import lookup_codes, lookup_peers, lookup_truth
from portal.bench.lookup_codes import Asked
from portal.bench.measuring import fastest
from portal.bench.registry import Options, Result, benchmark

# The list in which other indexes are asked the same: 16 million codes.
PEER_SIZE = 133_333
SIZES = (20_000, PEER_SIZE, 250_000, 1_000_000)
BANK = 20


@benchmark("lookup", "time of a look-up as the list grows, and beside faiss")
def lookup(options: Options) -> Result:
    """Medians over queries by the clock; `sample` divides the sizes of the lists, for a quick run."""
    if options.bank is None or options.other is None:
        return {"skipped": "name two folders: --bank DIR --other DIR"}
    bank = pictures_below(options.bank)
    files, others = bank[:: max(1, len(bank) // BANK)][:BANK], pictures_below(options.other)
    own = lookup_codes.enrolled(files)
    asked = lookup_codes.questions(files, others)
    found = lookup_codes.real(others[:: options.sample])
    result: dict[str, float | int | str] = {"queries": len(asked), "real_codes": len(found)}
    for pictures in SIZES:
        listed = pictures // options.sample
        sys.stderr.write(f"a list of {listed}\n")
        started = perf_counter()
        segment = lookup_codes.segment(own, found, listed)
        result[f"{pictures}_built_s"] = round(perf_counter() - started, 1)
        result |= {f"{pictures}_{name}": value for name, value in _measured(segment, asked).items()}
        if pictures == PEER_SIZE and find_spec("faiss"):
            result |= lookup_peers.measured(segment, asked)
        del segment
    result["time_1M_to_20k"] = round(
        float(result["1000000_look_up_ms"]) / float(result["20000_look_up_ms"]), 2
    )
    return result


def _measured(segment: index.Segment, asked: Sequence[Asked]) -> dict[str, float | int]:
    times, searches, recall, proposed, able = [], [], [], 0, 0
    for one in asked:
        rows = regional.proposing_rows(one.query)
        words, projected = index.words(one.query.codes[rows]), one.query.projected[rows]
        times.append(fastest(partial(lookup_truth.near, segment, words, projected))[0])
        started = perf_counter()
        answers = regional.search(segment, one.query, current())
        searches.append(perf_counter() - started)
        true = lookup_truth.pairs(segment, one)
        seen = lookup_truth.found(segment, words, projected)
        recall.append(len(true & seen) / len(true) if true else 1.0)
        if len(true) > 1:
            able += 1
            proposed += any(answer.picture == one.picture for answer in answers)
    size = sum(array.nbytes for array in (segment.codes, segment.places, segment.offsets, segment.slots))
    return {
        "look_up_ms": round(1000 * median(times), 2),
        "look_up_and_vote_ms": round(1000 * median(searches), 2),
        "true_pairs_found": round(float(np.mean(recall)), 3),
        "proposed_of_those_with_two": round(proposed / max(1, able), 4),
        "bytes_per_picture": round(size / segment.pictures),
    }
