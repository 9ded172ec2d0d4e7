"""What serving a list costs, beside what merely writing the same bytes would cost."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time
from typing import Any

from django.conf import settings
from django.test import Client

from hashing.api import cursors
from hashing.lists.bases import IssuedKey
from hashing.lists.models import List
from hashing.lists.states import Wire
from portal.bench import database, filling
from portal.bench.registry import Options, Result, benchmark

RECORDS = 20_000
FEW, MANY, DELTA = 10_000, 200_000, 1_000
_TURNS = 5
_DELTA_TURNS = 9
# What web servers compress with.
_GZIP_LEVEL = 6


@benchmark(
    "feed", "serving a list, as a ratio to writing the same bytes; a delta of a long list to a short one's"
)
def feed_cost(_options: Options) -> Result:
    """`ratio_cpu`: processor time of this process for all pages of FetchHashes, requests and all, to that of
    json.dumps and gzip of the same pages; `ratio_elapsed` the same by the clock, so with the database's work.
    Medians over partners that each pull everything for the first time.
    `ratio_delta`: a native delta of 1,000 at 200,000 listed to the same at 10,000, by the clock.
    """
    with database.ready(), filling.undone():
        records = filling.with_records(RECORDS)
        turns = [_turn(filling.key_for(Wire.STOPNCII, records)) for _ in range(_TURNS)]
        few, many = filling.with_publications(FEW), filling.with_publications(MANY)
        filling.read_by_index()
        ratio = _delta_ratio(few, many)
    return {
        "records": RECORDS,
        "ratio_cpu": round(median(turn[0] for turn in turns), 2),
        "ratio_elapsed": round(median(turn[1] for turn in turns), 2),
        "delta": DELTA,
        "ratio_delta": round(ratio, 2),
    }


def _turn(key: IssuedKey) -> tuple[float, float]:
    """Both ratios of one first pull."""
    pages, cpu, elapsed = _all_pages(key)
    if sum(page["count"] for page in pages) != RECORDS:
        raise RuntimeError("the pages don't hold every record once")
    plain_cpu, plain_elapsed = _measured(lambda: [_plain(page) for page in pages])
    return cpu / plain_cpu, elapsed / plain_elapsed


def _all_pages(key: IssuedKey) -> tuple[list[dict[str, Any]], float, float]:
    """A client's whole first run: the pages, and the seconds of processor and clock."""
    headers = {"x-functions-key": key.secret, "Ocp-Apim-Subscription-Key": key.prefix}
    bodies: list[bytes] = []

    def run() -> None:
        query: dict[str, Any] = {"startTimestamp": 10, "pageSize": 800}
        while True:
            bodies.append(_get("/stopncii/v1/FetchHashes", query, headers))
            token = json.loads(bodies[-1].partition(b', "hashRecords"')[0] + b"}")["nextPageToken"]
            if token is None:
                return
            query["nextPageToken"] = token

    cpu, elapsed = _measured(run)
    return [json.loads(body) for body in bodies], cpu, elapsed


def _plain(page: dict[str, Any]) -> bytes:
    return gzip.compress(json.dumps(page, separators=(",", ":")).encode(), compresslevel=_GZIP_LEVEL)


def _delta_ratio(few: List, many: List) -> float:
    """The ratio of medians, in turns, so that a busy moment touches both; the first turn fills caches."""
    key = filling.key_for(Wire.NATIVE, few, many)

    def seconds(hash_list: List) -> float:
        query = {"cursor": cursors.encode(hash_list, hash_list.head - DELTA), "limit": DELTA}
        address = f"/api/v1/lists/{hash_list.slug}/publications"
        return _measured(lambda: _get(address, query, {"Authorization": f"Bearer {key.bearer}"}))[1]

    turns = [(seconds(few), seconds(many)) for _ in range(1 + _DELTA_TURNS)][1:]
    return median(turn[1] for turn in turns) / median(turn[0] for turn in turns)


def _get(address: str, query: dict[str, Any], headers: dict[str, str]) -> bytes:
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0], **headers})
    response = client.get(address, query, secure=settings.HTTPS)
    if response.status_code != 200:  # noqa: PLR2004 (OK)
        raise RuntimeError(f"{address} answered {response.status_code}")
    return response.content


def _measured(work: Callable[[], object]) -> tuple[float, float]:
    """Processor and clock seconds."""
    cpu, clock = process_time(), perf_counter()
    work()
    return process_time() - cpu, perf_counter() - clock
