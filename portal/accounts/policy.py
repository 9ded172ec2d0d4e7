"""The one place that decides whether somebody may do something.

People affected and partners hold no permission: what they may do with their own case or list is decided
where that is done.
"""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from portal.accounts.roles import MATRIX, TEAM_SCOPED, Perm, Role
from portal.core.context import Actor, ActorKind, Context
from portal.core.errors import NotAllowed


def holds(who: Context | Actor, perm: Perm) -> bool:
    """Whether the actor's role has the permission at all: enough to show a menu, never to act on a case."""
    actor = _actor(who)
    if actor.kind is ActorKind.SYSTEM:
        return True
    if actor.kind is not ActorKind.STAFF or actor.role not in Role.values:
        return False
    return perm in MATRIX[Role(actor.role)]


def allows(who: Context | Actor, perm: Perm, *, team: UUID | None = None) -> bool:
    """Whether the actor may use the permission on what belongs to `team`.

    A permission that is scoped to teams is refused to staff when no team is named: forgetting the team must
    not open anything. Restricted teams need no rule of their own: nobody acts outside their teams.
    """
    actor = _actor(who)
    if not holds(actor, perm):
        return False
    if actor.kind is ActorKind.SYSTEM or perm not in TEAM_SCOPED:
        return True
    return team is not None and team in actor.teams


def require(who: Context | Actor, perm: Perm, *, team: UUID | None = None) -> None:
    """Raise NotAllowed unless `allows`."""
    if not allows(who, perm, team=team):
        raise NotAllowed(_("Your role does not allow this."), code="not_allowed")


def require_role(who: Context | Actor, perm: Perm) -> None:
    """Raise NotAllowed unless `holds`: for the door of a page whose selectors then check the team."""
    if not holds(who, perm):
        raise NotAllowed(_("Your role does not allow this."), code="not_allowed")


def _actor(who: Context | Actor) -> Actor:
    return who.actor if isinstance(who, Context) else who
