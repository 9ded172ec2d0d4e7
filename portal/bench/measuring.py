"""Requests to the portal in this process, and what work costs."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import cache
from statistics import median
from time import perf_counter, process_time
from typing import Any, TypeVar

from django.conf import settings
from django.test import Client

Result = TypeVar("Result")


def drained(response: Any) -> int:
    """Read to its end, a piece at a time; how many bytes."""
    pieces = response.streaming_content if response.streaming else [response.content]
    size = sum(len(piece) for piece in pieces)
    response.close()
    return size


def answer(address: str, query: dict[str, Any], headers: dict[str, str]) -> bytes:
    """The body as it is sent, compressed, through all of the portal's middleware."""
    return bytes(asked(address, query, headers).getvalue())


def asked(address: str, query: dict[str, Any], headers: dict[str, str]) -> Any:
    """Django's response, unread. Raises RuntimeError for a refusal."""
    response = _client().get(address, query, secure=settings.HTTPS, headers=headers)
    if response.status_code != 200:  # noqa: PLR2004 (OK)
        raise RuntimeError(f"{address} answered {response.status_code}")
    return response


@cache
def _client() -> Client:
    """One for all requests: a web process also builds its middleware once, and leaves what it has loaded out
    of its search for garbage (portal/core/gunicorn.py)."""
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0], "accept-encoding": "gzip"})
    client.get("/healthz", secure=settings.HTTPS)
    gc.collect()
    gc.freeze()
    return client


def measured(work: Callable[[], object]) -> tuple[float, float]:
    """Processor and clock seconds."""
    cpu, clock = process_time(), perf_counter()
    work()
    return process_time() - cpu, perf_counter() - clock


def fastest(work: Callable[[], Result], turns: int = 3) -> tuple[float, Result]:
    """Clock seconds of the quickest of a few turns, so that a neighbour on the machine is not measured, and
    the result."""
    least = float("inf")
    for _ in range(turns):
        started = perf_counter()
        result = work()
        least = min(least, perf_counter() - started)
    return least, result


def ratio(ours: Callable[[], object], peers: Callable[[], object], turns: int) -> tuple[float, float, float]:
    """The ratio of median clock times, and the two; in turns, so that a busy moment touches both. The first
    turn fills caches and isn't counted."""
    pairs = [(measured(ours)[1], measured(peers)[1]) for _ in range(1 + turns)][1:]
    own, other = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    return own / other, own, other
