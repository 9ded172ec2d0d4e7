"""Who acts, in which action, and when: the first argument of every service."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from portal.core import clock


class ActorKind(StrEnum):
    STAFF = "staff"
    PERSON = "person"
    PARTNER = "partner"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Who acts. `role` and `teams` are set for staff only; `id` never identifies a person affected."""

    kind: ActorKind
    id: str
    role: str | None = None
    teams: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Context:
    """One action: all audit entries that it writes share its `action_id`."""

    actor: Actor
    action_id: UUID = field(default_factory=uuid4)
    at: datetime = field(default_factory=clock.now)

    @classmethod
    def system(cls, job: str) -> Context:
        """The portal itself, at work on `job` (a task's or a command's short name)."""
        return cls(Actor(ActorKind.SYSTEM, job))

    @classmethod
    def visitor(cls) -> Context:
        """Someone on the public pages who has no case yet: nothing is known of them."""
        return cls(Actor(ActorKind.PERSON, "visitor"))

    @classmethod
    def person(cls, case_id: UUID) -> Context:
        """The person who opened a case, or follows it with its code."""
        return cls(Actor(ActorKind.PERSON, str(case_id)))

    @classmethod
    def partner(cls, partner_id: UUID) -> Context:
        return cls(Actor(ActorKind.PARTNER, str(partner_id)))
