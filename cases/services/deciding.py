"""A picture's decision, written in one place: the review, a withdrawal and the child lock all end here."""

from __future__ import annotations

from uuid import UUID

from cases import states
from cases.models import CasePicture
from cases.states import Decision
from portal.audit import Subject, Verb, record
from portal.core.context import ActorKind, Context


def set_decision(ctx: Context, row: CasePicture, to: Decision) -> None:
    """Move the decision of a locked row along the table; Conflict (wrong_state) when it can't."""
    before = Decision(row.decision)
    states.check(states.DECISION, now=before, to=to)
    row.decision = to
    row.decided_at = None if to is Decision.UNDECIDED else ctx.at
    by_staff = to is not Decision.UNDECIDED and ctx.actor.kind is ActorKind.STAFF
    row.decided_by_id = UUID(ctx.actor.id) if by_staff else None
    row.save(update_fields=["decision", "decided_at", "decided_by"])
    record(
        ctx,
        Verb.PICTURE_DECIDED,
        Subject("picture", row.picture_id),
        case=row.case_id,
        decision=to.value,
        before=before.value,
    )
