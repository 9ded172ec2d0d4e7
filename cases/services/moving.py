"""A case goes from one state to the next."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases import states
from cases.models import Case
from cases.services.loading import locked
from cases.states import CLOSED_STATES, CaseState, WaitingFor
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Invalid


@transaction.atomic
def move(ctx: Context, *, case_id: UUID, to: CaseState, waiting_for: WaitingFor = WaitingFor.NOBODY) -> Case:
    """Move along the transition table; Conflict (wrong_state) when there is no such step.

    Not to WITHDRAWN: that is `withdrawal.withdraw`, which destroys the data too.
    """
    case = locked(ctx, case_id, Perm.CASE_WORK)
    if to is CaseState.WITHDRAWN or (to is CaseState.WAITING) != (waiting_for is not WaitingFor.NOBODY):
        raise Invalid(_("Choose a state, and for a waiting case what it waits for."), code="state_choice")
    set_state(ctx, case, to, waiting_for=waiting_for)
    return case


def set_state(
    ctx: Context, case: Case, to: CaseState, *, waiting_for: WaitingFor = WaitingFor.NOBODY
) -> None:
    """The move itself, on a locked case, for services that have checked their own permission."""
    before = CaseState(case.state)
    states.check(states.CASE, now=before, to=to)
    case.state = to
    case.waiting_for = waiting_for
    case.changed_at = ctx.at
    case.closed_at = ctx.at if to in CLOSED_STATES else None
    case.save(update_fields=["state", "waiting_for", "changed_at", "closed_at"])
    reason = {"reason": waiting_for.value} if waiting_for else {}
    record(ctx, Verb.CASE_MOVED, Subject("case", case.id), before=before.value, after=to.value, **reason)
