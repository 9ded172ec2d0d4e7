"""A person answers a refusal: that alone asks for its review, and nobody who refused can leave it out."""

from __future__ import annotations

from cases.models import Case
from cases.models.assessment import Outcome
from cases.states import CaseState
from portal.audit import Subject, Verb, record
from portal.core.context import Context


def answered(ctx: Context, case: Case) -> None:
    """The person of a locked case has written; does nothing unless the case is refused."""
    if case.state != CaseState.DECLINED:
        return
    rows = case.assessments.filter(outcome=Outcome.REFUSED, review_asked_at=None, reviewed_at=None)
    for pk in list(rows.values_list("pk", flat=True)):
        rows.filter(pk=pk).update(review_asked_at=ctx.at)
        record(ctx, Verb.CASE_REFUSAL_DISPUTED, Subject("case", case.pk), assessment=pk)
