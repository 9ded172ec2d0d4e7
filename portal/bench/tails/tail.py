"""What was counted, and what follows from it for a long list."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from hashing.matching import decide
from hashing.matching.answers import Decision
from hashing.matching.fitting import Doubles
from hashing.matching.vote import SCORE

LISTS = (1_000, 1_000_000)
HIGHEST = 60
# The tail is straight, on a logarithmic scale, from here to where fewer than FEWEST pairs remain.
FROM, FEWEST = 8, 5


@dataclass
class Tail:
    """Pairs and, by whole points, the best scores; apart for pairs of one set of photographs, which may show
    one place, and of two sets, which can't."""

    pairs: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    counts: dict[bool, Counter[int]] = field(default_factory=lambda: {True: Counter(), False: Counter()})
    decided: Counter[tuple[bool, int, str]] = field(default_factory=Counter)
    high: list[str] = field(default_factory=list)

    def add(self, fields: Doubles, *, one_set: bool, who: str) -> None:
        score = float(fields[SCORE])
        self.counts[one_set][min(HIGHEST, int(score))] += 1
        for listed in LISTS:
            decision = decide.decide(fields, listed)
            if decision is not Decision.NONE:
                self.decided[one_set, listed, str(decision)] += 1
                if listed == LISTS[0]:
                    self.high.append(f"{who} {score:.1f} {decision}")

    def above(self, points: int, *, one_set: bool) -> int:
        return sum(count for score, count in self.counts[one_set].items() if score >= points)

    def halves_every(self) -> float:
        """Points that halve the tail of pairs of two sets (least squares on the logarithm)."""
        points = [at for at in range(FROM, HIGHEST) if self.above(at, one_set=False) >= FEWEST]
        if len(points) < 2:  # noqa: PLR2004 (a line)
            return float("nan")
        logs = np.log2([self.above(at, one_set=False) for at in points])
        return float(-1 / np.polyfit(points, logs, 1)[0])

    def rate(self, points: float) -> float:
        """The share of unrelated pairs that reach this score: counted while enough do, then the line."""
        last = max(
            (at for at in range(FROM, HIGHEST) if self.above(at, one_set=False) >= FEWEST), default=FROM
        )
        at = min(int(points), last)
        share = self.above(at, one_set=False) / max(1, self.pairs[False])
        return float(share * 2 ** (-(points - at) / self.halves_every()))
