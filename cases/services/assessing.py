"""A case is assessed; a refusal is written to its person, and another officer reviews it when they answer."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from cases.assessments import PROOFS, Answers
from cases.models import Case
from cases.models.assessment import Assessment, Outcome, Review
from cases.services import messaging
from cases.services.loading import locked, refuse_if_child, refuse_if_going
from cases.services.state_changes import set_state
from cases.states import CLOSED_STATES, CaseState
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound

SHORTEST = 10  # characters of reasons


@transaction.atomic
def assess(ctx: Context, *, case_id: UUID, answers: Answers, reasons: str, letter: str = "") -> Assessment:
    """Record the answers; what follows from them is not a choice. Perm case.work.

    A refusal needs a `letter`: it is written to the person, with how to have it reviewed, and declines the
    case. Raises Invalid (codes assessment_proof, assessment_reasons, refusal_unwritten), Conflict when it
    is closed.
    """
    case = _open(locked(ctx, case_id, Perm.CASE_WORK))
    if answers.proof not in PROOFS[case.about]:
        raise Invalid(_("Choose a proof that fits who reports it."), code="assessment_proof")
    if len(reasons.strip()) < SHORTEST:
        raise Invalid(_("Say a little more: at least 10 characters."), code="assessment_reasons")
    refused = answers.outcome is Outcome.REFUSED
    if refused and not letter.strip():
        raise Invalid(_("Write to the person why it is refused."), code="refusal_unwritten")
    row = Assessment(case=case, outcome=answers.outcome, by_id=UUID(ctx.actor.id), at=ctx.at, **vars(answers))
    row.reasons, row.review_reasons = reasons.strip(), ""
    row.written_at = ctx.at if refused else None
    row.save(force_insert=True)
    _tell(ctx, row)
    if refused:
        messaging.answer(ctx, case_id=case.pk, body=_with_the_way_on(case, letter))
        set_state(ctx, locked(ctx, case_id, Perm.CASE_WORK), CaseState.DECLINED)
    return row


@transaction.atomic
def review(ctx: Context, *, case_id: UUID, verdict: Review, reasons: str, letter: str) -> Assessment:
    """Somebody else looks at the newest refusal, whether or not the person answered it. Perm refusal.review.

    The person is written to either way; overturned, the case is open again and is assessed anew. Raises
    NotAllowed (code own_refusal) for who refused it.
    """
    case = locked(ctx, case_id, Perm.REFUSAL_REVIEW)
    refuse_if_going(case)
    row = _refusal(ctx, case)
    if len(reasons.strip()) < SHORTEST:
        raise Invalid(_("Say a little more: at least 10 characters."), code="assessment_reasons")
    row.review, row.review_reasons = verdict, reasons.strip()
    row.reviewed_by_id, row.reviewed_at = UUID(ctx.actor.id), ctx.at
    row.save(update_fields=["review", "review_reasons", "reviewed_by", "reviewed_at"])
    subject = Subject("case", case.pk)
    record(ctx, Verb.CASE_REFUSAL_REVIEWED, subject, assessment=row.pk, outcome=verdict.value)
    messaging.answer(ctx, case_id=case.pk, body=letter)
    if verdict is Review.OVERTURNED:
        set_state(ctx, locked(ctx, case_id, Perm.REFUSAL_REVIEW), CaseState.REOPENED)
    return row


@transaction.atomic
def note_reading(ctx: Context, *, case_id: UUID) -> None:
    """Somebody looked at why a case was assessed so. Perm case.read."""
    case = locked(ctx, case_id, Perm.CASE_READ)
    record(ctx, Verb.CASE_READ, Subject("case", case.pk), part="assessment")


def _refusal(ctx: Context, case: Case) -> Assessment:
    """The newest assessment of a locked case, where it refused and somebody else refused it."""
    row = Assessment.objects.select_for_update(of=("self",)).filter(case=case).order_by("-at", "-pk").first()
    if row is None or row.outcome != Outcome.REFUSED:
        raise NotFound(_("There is nothing here."), code="no_refusal")
    if row.reviewed_at is not None or case.state != CaseState.DECLINED:
        raise Conflict(
            _("This has moved on since the page was opened. Reload it and look again."), code="wrong_state"
        )
    if str(row.by_id) == ctx.actor.id:
        raise NotAllowed(_("You refused this, so somebody else must decide."), code="own_refusal")
    return row


def _tell(ctx: Context, row: Assessment) -> None:
    record(
        ctx,
        Verb.CASE_ASSESSED,
        Subject("case", row.case_id),
        assessment=row.pk,
        outcome=str(row.outcome),
        basis=str(row.basis),
        proof=str(row.proof),
    )


def _open(case: Case) -> Case:
    refuse_if_child(case)
    refuse_if_going(case)
    if case.destroyed_at is not None or case.state in CLOSED_STATES:
        raise Conflict(_("This request is closed. Open it again first."), code="case_closed")
    return case


def _with_the_way_on(case: Case, letter: str) -> str:
    """The letter and, in the person's language, what they can do about it."""
    with translation.override(case.language):
        way_on = _(
            "If you think that this is wrong, answer this message. Somebody else will look at it again."
        )
    return f"{letter.strip()}\n\n{way_on}"
