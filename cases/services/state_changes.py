"""A case's state, written in one place: every service that moves a case ends here."""

from __future__ import annotations

from cases import states
from cases.models import Case
from cases.services import clocks
from cases.states import CLOSED_STATES, CaseState, WaitingFor
from portal.audit import Subject, Verb, record
from portal.core.context import Context


def set_state(
    ctx: Context, case: Case, to: CaseState, *, waiting_for: WaitingFor = WaitingFor.NOBODY
) -> None:
    """Move a locked case along the table and save it, or raise Conflict; the caller checks the permission."""
    before, waited_for = CaseState(case.state), case.waiting_for
    states.check(states.CASE, now=before, to=to)
    case.state = to
    case.waiting_for = waiting_for
    case.changed_at = ctx.at
    case.closed_at = ctx.at if to in CLOSED_STATES else None
    case.save()
    reason = {"reason": waiting_for.value} if waiting_for else {}
    record(ctx, Verb.CASE_MOVED, Subject("case", case.id), before=before.value, after=to.value, **reason)
    clocks.case_moved(ctx, case, before, waited_for)
