"""Who works on a case."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Case
from cases.services.loading import locked
from portal.accounts.models import Staff
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid


@transaction.atomic
def assign(ctx: Context, *, case_id: UUID, staff_id: UUID | None) -> Case:
    """Give the case to a member of its team, or to nobody. A caseworker may take an unassigned case,
    but not one that the queue has just handed to somebody else (Conflict, code pulled)."""
    case = locked(ctx, case_id, Perm.CASE_READ)
    taking = case.assignee_id is None and str(staff_id) == ctx.actor.id
    locked(ctx, case_id, Perm.CASE_WORK if taking else Perm.CASE_ASSIGN)
    if staff_id is not None and not _is_member(staff_id, case.team_id):
        raise Invalid(_("Choose somebody of the case's team."), code="not_in_team")
    by_another = case.pulled_by_id is not None and str(case.pulled_by_id) != ctx.actor.id
    if taking and by_another and case.pulled_until is not None and case.pulled_until > ctx.at:
        raise Conflict(_("Somebody else has just got this case from the queue."), code="pulled")
    case.assignee_id = staff_id
    case.pulled_by, case.pulled_until = None, None
    case.changed_at = ctx.at
    case.save(update_fields=["assignee", "pulled_by", "pulled_until", "changed_at"])
    to = {} if staff_id is None else {"staff": staff_id}
    record(ctx, Verb.CASE_ASSIGNED, Subject("case", case.id), team=case.team_id, **to)
    return case


def _is_member(staff_id: UUID, team_id: UUID) -> bool:
    return Staff.objects.filter(pk=staff_id, is_active=True, teams=team_id).exists()
