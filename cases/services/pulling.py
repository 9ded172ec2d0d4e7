"""The next case: the most urgent one that nobody has, for one member of staff alone, for a while."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from cases.models import Case
from cases.services.loading import locked
from cases.states import CaseState
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record
from portal.core.context import Context

FOR = timedelta(minutes=20)
WAITING = (CaseState.NEW, CaseState.VERIFIED, CaseState.TRIAGE, CaseState.REOPENED)


@transaction.atomic
def pull_next(ctx: Context) -> Case | None:
    """Hand out one case of the actor's teams, or None. Perm case.work.

    Two who ask at once get different ones: a row that another transaction has is skipped, not waited for.
    Who has one already gets that one again, so nobody collects them. After 20 minutes anybody may get it.
    """
    policy.require_role(ctx, Perm.CASE_WORK)
    me = UUID(ctx.actor.id)
    case = _free(ctx).filter(pulled_by=me, pulled_until__gt=ctx.at).first()
    if case is not None:
        return case
    over = Q(pulled_until=None) | Q(pulled_until__lte=ctx.at)
    case = _free(ctx).filter(over).first()
    if case is None:
        return None
    case.pulled_by_id, case.pulled_until = me, ctx.at + FOR
    case.save(update_fields=["pulled_by", "pulled_until"])
    record(ctx, Verb.CASE_PULLED, Subject("case", case.pk), priority=case.priority)
    return case


@transaction.atomic
def put_back(ctx: Context, *, case_id: UUID) -> Case:
    """Let somebody else have it now. Perm case.work."""
    case = locked(ctx, case_id, Perm.CASE_WORK)
    if str(case.pulled_by_id) == ctx.actor.id:
        case.pulled_by, case.pulled_until = None, None
        case.save(update_fields=["pulled_by", "pulled_until"])
        record(ctx, Verb.CASE_PUT_BACK, Subject("case", case.pk))
    return case


def _free(ctx: Context) -> QuerySet[Case]:
    rows = Case.objects.select_for_update(skip_locked=True, of=("self",))
    rows = rows.filter(team__in=ctx.actor.teams, assignee=None, state__in=WAITING)
    return rows.order_by("priority", "opened_at", "pk")
