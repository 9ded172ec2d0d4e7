"""Lock a case's rows and check the permission: how every service on a case begins."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from cases.models import Case, CasePicture
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.core.context import ActorKind, Context
from portal.core.errors import Conflict, NotFound


def no_such_case() -> NotFound:
    return NotFound(_("There is no such case, or it is another team's."), code="no_such_case")


def locked(ctx: Context, case_id: UUID, perm: Perm) -> Case:
    """The case, locked. NotFound outside the actor's teams, NotAllowed when the role may not do this."""
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first()
    if case is None:
        raise no_such_case()
    if ctx.actor.kind is ActorKind.STAFF and case.team_id not in ctx.actor.teams:
        raise no_such_case()
    policy.require(ctx, perm, team=case.team_id)
    return case


def locked_own(ctx: Context, case_id: UUID) -> Case:
    """The person's own case, locked; NotFound for anybody else."""
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first()
    if case is None or ctx.actor.kind is not ActorKind.PERSON or ctx.actor.id != str(case_id):
        raise no_such_case()
    return case


def locked_picture(case: Case, position: int) -> CasePicture:
    """A picture of a locked case, locked too."""
    row = CasePicture.objects.select_for_update().filter(case=case, position=position).first()
    if row is None:
        raise NotFound(_("There is no such file in this case."), code="no_such_picture")
    return row


def refuse_if_going(case: Case) -> None:
    """Nothing is opened or decided any more while the person's deletion waits for its day."""
    if case.deletion_due_at is not None:
        raise Conflict(_("The person deletes this request. Nothing can be opened."), code="deletion_due")


def refuse_if_child(case: Case) -> None:
    """Nothing is opened, proposed or matched once a child may be affected."""
    if case.child_suspected_at is not None:
        raise Conflict(_("This case is locked: a child may be affected."), code="child_suspected")
