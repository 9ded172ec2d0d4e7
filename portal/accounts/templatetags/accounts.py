"""What a page offers to whom."""

from __future__ import annotations

from django import template

from portal.accounts import policy
from portal.accounts.models import Staff
from portal.accounts.roles import Perm
from portal.core.context import Actor, ActorKind

register = template.Library()


@register.filter
def holds(user: object, perm: str) -> bool:
    """`{% if request.user|holds:"entry.approve" %}`: whether the role has it at all. For menus only."""
    if not isinstance(user, Staff):
        return False
    return policy.holds(Actor(ActorKind.STAFF, str(user.pk), role=user.role), Perm(perm))
