"""What a look-up in a local list answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

COPY, LOOK, NONE = "copy", "look", "none"
SUREST = ("sha256", "md5", "regional", "pdq", "phash")


@dataclass(frozen=True)
class Found:
    """A listed entry that a file shows.

    decision: `copy`, or `look`: a damaged copy or another picture of the same place, so a person decides.
    how: the kind of fingerprint. distance: in bits; score and region (left, top, right, bottom in the file's
    own pixels): of regional matches. verification: `agency_verified` or `self_reported`.
    """

    entry: str
    decision: str
    how: str
    verification: str
    distance: int | None = None
    score: float | None = None
    region: tuple[int, int, int, int] | None = None

    @property
    def rank(self) -> tuple[bool, int, float]:
        """Smaller is better: copies before looks, then the surest kind, then the nearest."""
        return self.decision != COPY, SUREST.index(self.how), (self.distance or 0) - (self.score or 0.0)


@dataclass(frozen=True)
class Answer:
    """What a file is to the list. matches: an entry each, best first. refused: a code that says why the file
    was matched by its bytes alone (`unknown`: no picture; `damaged`; `no_decoder`; …)."""

    matches: tuple[Found, ...] = ()
    refused: str | None = None

    @classmethod
    def of(cls, found: Iterable[Found], refused: str | None) -> Answer:
        """From all that was found; of an entry that was found in several ways the best stays."""
        best: dict[str, Found] = {}
        for each in sorted(found, key=lambda one: (one.rank, one.entry)):
            best.setdefault(each.entry, each)
        return cls(tuple(best.values()), refused)

    @property
    def decision(self) -> str:
        """`copy`, `look` or `none`."""
        return self.matches[0].decision if self.matches else NONE

    def as_json(self) -> dict[str, Any]:
        found = [
            {key: value for key, value in asdict(each).items() if value is not None} for each in self.matches
        ]
        return {"decision": self.decision, "matches": found, "refused": self.refused}
