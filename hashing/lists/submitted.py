"""One fingerprint as a partner submits it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Submitted:
    """`value` is lower-case hex. `quality` is for PDQ, and None where the wire doesn't carry it."""

    kind: str
    value: str
    variant: str = ""
    quality: int | None = None
    algorithm: str = "partner"

    @property
    def name(self) -> tuple[str, str, str]:
        """What there is one of."""
        return self.kind, self.variant, self.algorithm
