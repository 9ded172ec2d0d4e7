"""A case goes from one state to the next."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Case
from cases.services import updates
from cases.services.loading import locked, refuse_if_going
from cases.services.state_changes import set_state
from cases.states import CaseState, WaitingFor
from portal.accounts.roles import Perm
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid

# What the person would want to look at; sorting is no news.
WORTH_TELLING = frozenset(
    {CaseState.ACTIVE, CaseState.WAITING, CaseState.RESOLVED, CaseState.CLOSED, CaseState.REOPENED}
    | {CaseState.REDIRECTED}
)
NOT_BY_HAND = frozenset({CaseState.WITHDRAWN, CaseState.DECLINED})


@transaction.atomic
def move(ctx: Context, *, case_id: UUID, to: CaseState, waiting_for: WaitingFor = WaitingFor.NOBODY) -> Case:
    """Move along the transition table; Conflict (wrong_state) when there is no such step.

    Not to WITHDRAWN: that is `withdrawal.withdraw`, which destroys the data too. Not to DECLINED: a
    refusal is assessed and written to the person (`assessing.assess`).
    """
    case = locked(ctx, case_id, Perm.CASE_WORK)
    refuse_if_going(case)
    if case.destroyed_at is not None:
        raise Conflict(_("Everything in this request has been deleted already."), code="data_destroyed")
    if to in NOT_BY_HAND or (to is CaseState.WAITING) != (waiting_for is not WaitingFor.NOBODY):
        raise Invalid(_("Choose a state, and for a waiting case what it waits for."), code="state_choice")
    set_state(ctx, case, to, waiting_for=waiting_for)
    if to in WORTH_TELLING:
        updates.tell(ctx, case)
    return case
