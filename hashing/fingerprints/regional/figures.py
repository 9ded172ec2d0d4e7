"""How well codes tell copies from chance, on pictures that the projection was not learned from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hashing.fingerprints.regional import codes
from hashing.fingerprints.regional.learning import Pairs
from hashing.fingerprints.regional.table import Table

EACH = 100
RATES = (1e-4, 1e-5, 1e-6)
WIDE, NARROW = 75, 62


def held_out(pairs: Sequence[Pairs], table: Table) -> dict[str, float | int]:
    """For each rate of false pairs: the distance that gives it and the share of true pairs within."""
    true = true_distances(pairs, table)
    share = np.cumsum(false_counts(pairs, table)) / max(1, false_counts(pairs, table).sum())
    found: dict[str, float | int] = {"true_pairs": len(true), "pictures": len(pairs)}
    for rate in RATES:
        within = int(np.searchsorted(share, rate)) - 1
        found[f"within_at_{rate:.0e}"] = within
        found[f"found_at_{rate:.0e}"] = round(float((true <= within).mean()), 4)
    return found


def chance(pairs: Sequence[Pairs], table: Table) -> dict[str, float]:
    """How often two regions of different pictures are this near."""
    share = np.cumsum(false_counts(pairs, table)) / max(1, false_counts(pairs, table).sum())
    return {"wide": float(share[WIDE]), "narrow": float(share[NARROW])}


def true_distances(pairs: Sequence[Pairs], table: Table) -> NDArray[np.int64]:
    first = codes.encode(np.concatenate([part.first for part in pairs]), table)
    second = codes.encode(np.concatenate([part.second for part in pairs]), table)
    return np.asarray(np.bitwise_count(first ^ second).sum(axis=1), dtype=np.int64)


def false_counts(pairs: Sequence[Pairs], table: Table) -> NDArray[np.int64]:
    """(257,): how many pairs of regions of different pictures lie at each distance."""
    count = np.zeros(codes.BITS + 1, dtype=np.int64)
    some = [codes.encode(part.every[:: max(1, len(part.every) // EACH)], table) for part in pairs]
    for at, own in enumerate(some[:-1]):
        others = np.concatenate(some[at + 1 :])
        count += np.bincount(codes.distances(own, others).ravel(), minlength=codes.BITS + 1)
    return count
