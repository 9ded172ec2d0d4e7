"""One-time codes to the person's contact: the one they gave, or the one that is to take its place."""

from __future__ import annotations

from uuid import UUID

from cases import limits
from cases.codes import refusal
from cases.follow.forms import ConfirmForm
from cases.follow.turn import Turn
from cases.networks import network_of
from cases.services import own, own_choices
from cases.services.opening import Confirmation
from portal.core.errors import TooMany
from portal.notify.models import Channel
from portal.verify import services as verify
from portal.verify.contacts import Contact
from portal.verify.services import Outcome


def contact_of(turn: Turn) -> Contact | None:
    """The contact that is being confirmed: the new one while there is one."""
    channel, _colon, value = turn.following.new_contact.partition(":")
    if value:
        return Contact(Channel(channel), value)
    return own.contact(turn.following.case, turn.following.private)


def send_code(turn: Turn) -> None:
    contact = contact_of(turn)
    if contact is None:
        return
    turn.go("code")
    try:
        limits.spend("code", network_of(turn.request))
        challenge = verify.start(turn.ctx, contact=contact, binding=turn.visit.binding)
    except TooMany:
        turn.following.notice = "code_too_soon"
        return
    turn.following.challenge = str(challenge.id)
    turn.following.notice = "code_sent"


def confirm(turn: Turn) -> None:
    form = ConfirmForm(turn.request.POST)
    if not turn.following.challenge or not form.is_valid():
        turn.form = form
        return
    confirmation = Confirmation(UUID(turn.following.challenge), turn.visit.binding)
    outcome = verify.confirm(
        turn.ctx,
        challenge_id=confirmation.challenge_id,
        binding=confirmation.binding,
        code=form.cleaned_data["code"],
    )
    if outcome is not Outcome.CONFIRMED:
        form.add_error("code", refusal(outcome))
        turn.form = form
        return
    _keep(turn, confirmation)


def _keep(turn: Turn, confirmation: Confirmation) -> None:
    case_id, private = turn.following.case_id, turn.following.private
    if turn.following.new_contact:
        contact = contact_of(turn)
        own_choices.change_contact(
            turn.ctx, case_id=case_id, private=private, contact=contact, confirmation=confirmation
        )
        turn.following.new_contact = ""
        turn.go("contact", "contact_changed")
    else:
        own.confirm_contact(turn.ctx, case_id=case_id, private=private, confirmation=confirmation)
        turn.go("status", "confirmed")
