"""What serving a list costs, beside what merely writing the same bytes would cost."""

from __future__ import annotations

import gzip
import json
from statistics import median
from typing import Any

from hashing.lists.bases import IssuedKey
from hashing.lists.states import Wire
from portal.bench import database, filling
from portal.bench.long_lists import Sizes, apart
from portal.bench.measuring import answer, measured
from portal.bench.registry import Options, Result, benchmark

RECORDS = 20_000
SIZES = Sizes(few=10_000, whole=1_000_000, many=10_000_000, delta=1_000)
_TURNS = 5
# What web servers compress with.
_GZIP_LEVEL = 6


@benchmark("feed", "serving lists: pages, snapshots and deltas, as ratios to writing or copying the same")
def feed_cost(options: Options) -> Result:
    """`ratio_cpu`: processor time of this process for all pages of FetchHashes, requests and all, to that of
    json.dumps and gzip of the same pages; `ratio_elapsed` the same by the clock, so with the database's work.
    Medians over partners that each pull everything for the first time.

    The rest on long lists, made for it in some minutes (--sample 100: of a hundredth). `ratio_snapshot`:
    building one to COPY of the same rows into the same compressor; `ratio_serving`: handing it out to a plain
    file; `ratio_delta`: a delta of 1,000 at 10,000,000 listed to one at 10,000.
    """
    with database.ready(), filling.undone():
        records = filling.with_records(RECORDS)
        turns = [_turn(filling.key_for(Wire.STOPNCII, records)) for _ in range(_TURNS)]
    few, whole, many, delta = SIZES
    return {
        "records": RECORDS,
        "ratio_cpu": round(median(turn[0] for turn in turns), 2),
        "ratio_elapsed": round(median(turn[1] for turn in turns), 2),
        **apart(Sizes(few, whole // options.sample, many // options.sample, delta)),
    }


def _turn(key: IssuedKey) -> tuple[float, float]:
    """Both ratios of one first pull."""
    pages, cpu, elapsed = _all_pages(key)
    if sum(page["count"] for page in pages) != RECORDS:
        raise RuntimeError("the pages don't hold every record once")
    plain_cpu, plain_elapsed = measured(lambda: [_plain(page) for page in pages])
    return cpu / plain_cpu, elapsed / plain_elapsed


def _all_pages(key: IssuedKey) -> tuple[list[dict[str, Any]], float, float]:
    """A client's whole first run: the pages, and the seconds of processor and clock that answering took."""
    headers = {"x-functions-key": key.secret, "Ocp-Apim-Subscription-Key": key.prefix}
    query: dict[str, Any] = {"startTimestamp": 10, "pageSize": 800}
    pages: list[dict[str, Any]] = []
    bodies: list[bytes] = []
    cpu = elapsed = 0.0
    while not pages or pages[-1]["hasMoreRecords"]:
        spent = measured(lambda: bodies.append(answer("/stopncii/v1/FetchHashes", query, headers)))
        cpu, elapsed = cpu + spent[0], elapsed + spent[1]
        pages.append(json.loads(gzip.decompress(bodies[-1])))
        query["nextPageToken"] = pages[-1]["nextPageToken"]
    return pages, cpu, elapsed


def _plain(page: dict[str, Any]) -> bytes:
    return gzip.compress(json.dumps(page, separators=(",", ":")).encode(), compresslevel=_GZIP_LEVEL)
