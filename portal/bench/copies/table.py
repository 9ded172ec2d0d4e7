"""The figures of a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean

from hashing.fingerprints.regional import split
from hashing.matching.answers import Decision
from portal.bench.copies import peers
from portal.bench.copies.rows import HARD_ROWS, ROWS
from portal.bench.copies.trial import Outcome

Column = Callable[[Outcome], bool]
OURS: dict[str, Column] = {
    "found": lambda outcome: outcome.found,
    "found_1M": lambda outcome: outcome.found_long,
    "copy": lambda outcome: outcome.copy,
}


def recall(outcomes: Sequence[Outcome]) -> dict[str, float | int | str]:
    """A line per row, then means over the 39."""
    result: dict[str, float | int | str] = {"queries": len(outcomes)}
    shares = {row: _shares([one for one in outcomes if one.row == row]) for row in {**ROWS, **HARD_ROWS}}
    for row, columns in shares.items():
        mark = "" if row in ROWS else "hard "
        result[f"{mark}{row}"] = " ".join(f"{name} {share:.3f}" for name, share in columns.items())
    for name in (*OURS, *peers.NAMES):
        result[f"mean_{name}"] = round(mean(shares[row][name] for row in ROWS), 4)
    result["copies_decided"] = round(result_share(outcomes), 4)
    result["wrong_picture"] = sum(
        one.short.decision is not Decision.NONE and not one.right for one in outcomes
    )
    result["missed"] = "; ".join(
        f"{one.picture} {one.row}" for one in outcomes if not one.found and one.row in ROWS
    )
    return result


def result_share(outcomes: Sequence[Outcome]) -> float:
    """Of the copies found in the 39 rows, the share decided without a person."""
    found = [one for one in outcomes if one.row in ROWS and one.found]
    return sum(one.copy for one in found) / max(1, len(found))


def unrelated(outcomes: Sequence[Outcome]) -> dict[str, float | int | str]:
    """What was answered of pictures that are not in the list."""
    hits = [one for one in outcomes if one.short.decision is not Decision.NONE]
    return {
        "unrelated": len(outcomes),
        "unrelated_copy": sum(one.short.decision is Decision.COPY for one in hits),
        "unrelated_look": sum(one.short.decision is Decision.LOOK for one in hits),
        "unrelated_look_learned_from": sum(
            one.short.decision is Decision.LOOK and split.half(Path(one.picture)) == split.LEARNING
            for one in hits
        ),
        "unrelated_hits": "; ".join(f"{one.picture} {one.row} {_said(one)}" for one in hits),
    }


def _shares(outcomes: Sequence[Outcome]) -> dict[str, float]:
    ours = {name: _share([column(one) for one in outcomes]) for name, column in OURS.items()}
    return ours | {name: _share([one.peers[name] for one in outcomes]) for name in peers.NAMES}


def _share(found: Sequence[bool]) -> float:
    return sum(found) / max(1, len(found))


def _said(outcome: Outcome) -> str:
    match = outcome.short
    return f"{match.decision} {match.how} {match.picture} {match.score}"
