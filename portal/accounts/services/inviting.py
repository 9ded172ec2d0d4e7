"""How somebody comes to have an account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts import invitations, policy
from portal.accounts.models import Staff
from portal.accounts.roles import Perm, Role
from portal.accounts.services.checks import locked, not_oneself, require_known_role
from portal.accounts.services.voiding import void_ways_in
from portal.agency.models import Team
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid


@dataclass(frozen=True)
class Invitation:
    """Whoever opens `address` within seven days becomes `staff`: hand it over by a way you trust."""

    staff: Staff
    address: str


@transaction.atomic
def invite(
    ctx: Context, *, email: str, name: str, role: Role | str, teams: Iterable[Team] = ()
) -> Invitation:
    """Make an account that its owner completes by the address returned."""
    policy.require(ctx, Perm.STAFF_MANAGE)
    invitation = uuid4()
    staff = _create(ctx, email=email, name=name, role=role, teams=teams, invitation=invitation)
    return Invitation(staff, invitations.address(invitation))


@transaction.atomic
def invite_again(ctx: Context, *, staff_id: UUID) -> Invitation:
    """A new invitation for somebody who lost theirs, or their phone: what they had is void at once."""
    policy.require(ctx, Perm.STAFF_MANAGE)
    staff = locked(staff_id)
    not_oneself(ctx, staff)
    invitation = uuid4()
    staff.set_unusable_password()
    staff.is_active, staff.joined_at, staff.invitation = True, None, invitation
    staff.save()
    void_ways_in(staff.pk)
    subject = Subject("staff", staff.pk)
    record(ctx, Verb.STAFF_INVITED, subject, role=staff.role, teams=staff.teams.count())
    return Invitation(staff, invitations.address(invitation))


@transaction.atomic
def create_staff(
    ctx: Context, *, email: str, name: str, role: Role | str, teams: Iterable[Team] = (), password: str
) -> Staff:
    """An account that needs no invitation; enrol_totp then gives it its second factor."""
    policy.require(ctx, Perm.STAFF_MANAGE)
    staff = _create(ctx, email=email, name=name, role=role, teams=teams, password=password)
    staff.joined_at = ctx.at
    staff.save(update_fields=["joined_at"])
    record(ctx, Verb.STAFF_JOINED, Subject("staff", staff.pk), role=str(staff.role))
    return staff


def _create(
    ctx: Context,
    *,
    email: str,
    name: str,
    role: Role | str,
    teams: Iterable[Team],
    password: str | None = None,
    invitation: UUID | None = None,
) -> Staff:
    staff = Staff(
        email=_checked(email),
        name=name.strip(),
        role=require_known_role(role),
        invitation=invitation,
        invited_by=Staff.objects.filter(pk=ctx.actor.id).first() if ctx.actor.kind == "staff" else None,
    )
    staff.set_password(password)
    staff.save()
    staff.teams.set(teams)
    subject = Subject("staff", staff.pk)
    record(ctx, Verb.STAFF_INVITED, subject, role=str(staff.role), teams=staff.teams.count())
    return staff


def _checked(email: str) -> str:
    """The address in its normal form; Invalid if it is none, Conflict if it is taken."""
    normal = Staff.objects.normalise(email)
    try:
        validate_email(normal)
    except ValidationError as error:
        raise Invalid(_("Enter an e-mail address like name@example.org."), code="email_invalid") from error
    if Staff.objects.filter(email=normal).exists():
        raise Conflict(_("There is an account with this e-mail address."), code="staff_exists")
    return normal
