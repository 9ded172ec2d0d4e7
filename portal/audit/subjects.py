"""What an entry is about."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Subject:
    """A thing by its kind ("case", "picture", "staff"…) and id, never by name or contents."""

    type: str
    id: UUID | str
