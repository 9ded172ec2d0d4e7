"""The audit log of the demo's portal, read as its owner and held against what docs/audit.md predicts."""

from __future__ import annotations

import time
from pathlib import Path

from portal.audit.journey import Line
from portal.embedded import home as homes
from portal.embedded import postgres

_ROWS = """
SELECT e.verb, e.actor_kind = 'system', e.subject_type, e.subject_id, extract(epoch FROM e.at)::float,
       e.verb = 'list.pulled' AND (e.payload->>'entries')::int = 0
         OR e.verb = 'list.asked' AND (e.payload->>'copy')::int + (e.payload->>'look')::int = 0
FROM audit_entry e JOIN audit_leaf l ON l.entry_id = e.id WHERE l.index >= %s ORDER BY l.index
"""


class Log:
    """Knows where the journey began and which step began when."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.start = self._count("SELECT count(*) FROM audit_entry")
        self.steps: list[tuple[float, str]] = []

    def step(self, title: str) -> None:
        self.steps.append((time.time(), title))

    def is_sealed(self) -> bool:
        return self._count("SELECT count(*) FROM audit_unsealed") == 0

    def lines(self) -> list[Line]:
        """Everything since the start, in the order in which it was sealed."""
        with postgres.connect(self.home, homes.DATABASE) as connection:
            rows = connection.execute(_ROWS.encode(), [self.start]).fetchall()
        return [
            Line(self._step_at(at), verb, is_system, (kind, subject), empty)
            for verb, is_system, kind, subject, at, empty in rows
        ]

    def _step_at(self, at: float) -> str:
        return next((title for began, title in reversed(self.steps) if began <= at), "")

    def _count(self, statement: str) -> int:
        with postgres.connect(self.home, homes.DATABASE) as connection:
            row = connection.execute(statement.encode()).fetchone()
        return int(row[0]) if row else 0
