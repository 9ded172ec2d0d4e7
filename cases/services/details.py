"""Who did it, and who knows of it already: answers that nobody has to give, sealed as one text."""

from __future__ import annotations

import json
from dataclasses import dataclass

from cases.models import KnownTo, Relation


@dataclass(frozen=True)
class Details:
    """`who` is None where it was not said."""

    who: Relation | None = None
    told: tuple[KnownTo, ...] = ()

    def write(self) -> str:
        """JSON, "" where nothing was said."""
        return json.dumps({"who": self.who, "told": self.told}) if self.who or self.told else ""

    @classmethod
    def read(cls, text: str) -> Details:
        said = json.loads(text) if text else {}
        who = said.get("who")
        return cls(Relation(who) if who else None, tuple(KnownTo(code) for code in said.get("told", ())))
