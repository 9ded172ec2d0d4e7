"""The benchmarks. Each gives numbers that are ratios to a peer or a limit in the same run, never bare times.

@benchmark("hash", "what it measures")
def hash_cost(photos: list[Path]) -> Result: ...
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

# Where benchmarks are defined; importing a module registers them.
MODULES = (
    "portal.bench.hash",
    "portal.bench.feed",
    "portal.bench.copies.run",
    "portal.bench.tails.run",
    "portal.bench.screens.run",
    "portal.bench.privacy.run",
    "portal.bench.lookup",
    "portal.bench.pdq_lookup",
    "portal.bench.index_run",
    "portal.bench.audit.run",
    "portal.bench.timing",
    "portal.bench.device.run",
    "portal.bench.intake",
)

Result = Mapping[str, float | int | str]


@dataclass(frozen=True)
class Options:
    """What a run was given. `bank` is a folder of photographs, or None for the package's samples; `other` one
    of unrelated photographs; `sample` keeps every n-th picture of the bank, for a quick run; `entries`
    is the length of the audit log."""

    bank: Path | None = None
    other: Path | None = None
    sample: int = 1
    processes: int = 1
    entries: int = 100_000


@dataclass(frozen=True)
class Benchmark:
    name: str
    about: str
    run: Callable[[Options], Result]


_all: dict[str, Benchmark] = {}


def benchmark(name: str, about: str) -> Callable[[Callable[[Options], Result]], Callable[[Options], Result]]:
    """Register a function as `manage.py bench NAME`."""

    def register(run: Callable[[Options], Result]) -> Callable[[Options], Result]:
        _all[name] = Benchmark(name, about, run)
        return run

    return register


def find(name: str) -> Benchmark | None:
    """The benchmark of that name. Only as many modules are imported as finding it takes."""
    for module in MODULES:
        if name in _all:
            break
        import_module(module)
    return _all.get(name)


def every() -> list[Benchmark]:
    for module in MODULES:
        import_module(module)
    return [_all[name] for name in sorted(_all)]
