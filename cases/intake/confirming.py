"""The contact and its one-time code."""

from __future__ import annotations

from uuid import UUID

from cases import limits
from cases.codes import refusal
from cases.intake.steps import Step
from cases.intake.turn import Turn
from cases.networks import network_of
from portal.core.errors import TooMany
from portal.verify import services as verify
from portal.verify.services import Outcome


def safe(turn: Turn) -> None:
    """A contact that isn't confirmed yet is sent a code, if a message there is safe: else only when they
    ask for it on the next page."""
    turn.answer()
    draft = turn.draft
    if turn.refused or draft.confirmed or draft.challenge:
        return
    draft.step = Step.CODE
    if draft.safety.may_write:
        _send(turn)


def code(turn: Turn) -> None:
    if turn.draft.confirmed or turn.action == "skip":
        turn.go_on()
    elif turn.action == "again":
        _send(turn)
    elif turn.accepts():
        _try(turn, turn.form.cleaned_data["code"])


def _send(turn: Turn) -> None:
    details = turn.draft.contact_details()
    if details is None:
        return
    try:
        limits.spend("code", network_of(turn.request))
        challenge = verify.start(turn.ctx, contact=details, binding=turn.visit.binding)
    except TooMany:
        turn.draft.notice = "code_too_soon"
        return
    turn.draft.challenge = str(challenge.id)
    turn.draft.notice = "code_sent"


def _try(turn: Turn, typed: str) -> None:
    outcome = Outcome.SPENT
    if turn.draft.challenge:
        challenge_id = UUID(turn.draft.challenge)
        outcome = verify.confirm(turn.ctx, challenge_id=challenge_id, binding=turn.visit.binding, code=typed)
    if outcome is Outcome.CONFIRMED:
        turn.draft.confirmed = True
        turn.go_on()
    else:
        turn.refuse("code", refusal(outcome))
