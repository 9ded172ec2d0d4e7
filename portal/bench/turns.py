"""Two ways of doing the same, in turns, so that a busy moment of the machine touches both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter
from typing import TypeVar

TURNS = 3
Query = TypeVar("Query")


def in_turns(
    one: Callable[[Query], object], other: Callable[[Query], object], asked: Sequence[Query]
) -> tuple[float, float]:
    """Median seconds of each over the queries, of the fastest of a few turns."""
    found: list[tuple[float, float]] = []
    for query in asked:
        turns = [(_seconds(one, query), _seconds(other, query)) for _ in range(TURNS)]
        found.append((min(turn[0] for turn in turns), min(turn[1] for turn in turns)))
    return median(pair[0] for pair in found), median(pair[1] for pair in found)


def _seconds(look_up: Callable[[Query], object], query: Query) -> float:
    started = perf_counter()
    look_up(query)
    return perf_counter() - started
