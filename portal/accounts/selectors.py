"""Accounts, read by those who manage them."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from portal.accounts import policy
from portal.accounts.models import Staff
from portal.accounts.roles import Perm
from portal.core.context import Actor
from portal.core.errors import NotFound


def everyone(viewer: Actor) -> list[Staff]:
    """All accounts with their teams: open ones first, by name."""
    policy.require(viewer, Perm.STAFF_MANAGE)
    return list(Staff.objects.prefetch_related("teams").order_by("-is_active", "name", "email"))


def member(viewer: Actor, staff_id: UUID) -> Staff:
    """One account; NotFound if there is none."""
    policy.require(viewer, Perm.STAFF_MANAGE)
    found = Staff.objects.prefetch_related("teams").filter(pk=staff_id).first()
    if found is None:
        raise NotFound(_("There is no such account."), code="staff_not_found")
    return found
