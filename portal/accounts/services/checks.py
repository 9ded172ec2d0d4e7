"""What several services about staff have to make sure of."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from portal.accounts.models import Staff
from portal.accounts.roles import Role
from portal.core.context import ActorKind, Context
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound


def locked(staff_id: UUID) -> Staff:
    """The account, its row locked; NotFound if there is none."""
    staff = Staff.objects.select_for_update().filter(pk=staff_id).first()
    if staff is None:
        raise NotFound(_("There is no such account."), code="staff_not_found")
    return staff


def require_known_role(role: Role | str) -> Role:
    try:
        return Role(role)
    except ValueError as error:
        raise Invalid(_("Choose a role."), code="role_unknown") from error


def not_oneself(ctx: Context, staff: Staff) -> None:
    """Nobody gives themselves rights, or takes away the last of their own by mistake."""
    if ctx.actor.kind is ActorKind.STAFF and ctx.actor.id == str(staff.pk):
        raise NotAllowed(_("Another administrator has to do this for you."), code="not_oneself")


def only_oneself(ctx: Context, staff_id: UUID) -> None:
    """Second factors and sessions are their owner's; the portal itself makes them for new accounts."""
    if ctx.actor.kind is not ActorKind.SYSTEM and ctx.actor.id != str(staff_id):
        raise NotAllowed(_("Only the owner of an account can do this."), code="not_owner")


def leaves_an_administrator(staff_id: UUID) -> None:
    """Conflict if this is the only administrator who can log in. Locks all administrators' rows, in order."""
    administrators = Staff.objects.select_for_update().filter(
        role=Role.ADMINISTRATOR, is_active=True, joined_at__isnull=False
    )
    if {row.pk for row in administrators.order_by("pk")} == {staff_id}:
        raise Conflict(_("This is the only administrator."), code="last_administrator")
