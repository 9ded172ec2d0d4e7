"""What administrators do with accounts that exist."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from portal.accounts import policy
from portal.accounts.models import Staff
from portal.accounts.roles import Perm, Role
from portal.accounts.services.checks import leaves_an_administrator, locked, not_oneself, require_known_role
from portal.accounts.services.voiding import void_ways_in
from portal.agency.models import Team
from portal.audit import Subject, Verb, record
from portal.core.context import Context


@transaction.atomic
def change_role(ctx: Context, *, staff_id: UUID, role: Role | str, teams: Iterable[Team]) -> Staff:
    """Give somebody this role in these teams, from their next request on."""
    policy.require(ctx, Perm.STAFF_MANAGE)
    new = require_known_role(role)
    if new is not Role.ADMINISTRATOR:
        leaves_an_administrator(staff_id)
    staff = locked(staff_id)
    not_oneself(ctx, staff)
    before = staff.role
    staff.role = new
    staff.save(update_fields=["role"])
    staff.teams.set(teams)
    count = staff.teams.count()
    record(
        ctx, Verb.STAFF_ROLE_CHANGED, Subject("staff", staff.pk), before=before, after=str(new), teams=count
    )
    return staff


@transaction.atomic
def deactivate(ctx: Context, *, staff_id: UUID) -> Staff:
    """Close an account: its sessions, second factors and any invitation end with it."""
    policy.require(ctx, Perm.STAFF_MANAGE)
    leaves_an_administrator(staff_id)
    staff = locked(staff_id)
    not_oneself(ctx, staff)
    staff.is_active, staff.invitation = False, None
    staff.set_unusable_password()
    staff.save()
    void_ways_in(staff.pk)
    record(ctx, Verb.STAFF_DEACTIVATED, Subject("staff", staff.pk))
    return staff
