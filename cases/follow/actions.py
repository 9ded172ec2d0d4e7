"""What each button of the follow pages does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest

from cases import limits
from cases.codes import refusal
from cases.follow import status
from cases.follow.forms import ConfirmForm, TakeBackForm
from cases.follow.session import Following
from cases.networks import network_of
from cases.services import certificates, own, withdrawal
from cases.services.opening import Confirmation
from cases.services.visits import OpenVisit
from cases.services.withdrawal import Scope
from portal.core.context import Context
from portal.core.errors import Conflict, TooMany
from portal.verify import services as verify
from portal.verify.services import Outcome


@dataclass
class Turn:
    """One POST. `form` is set when it was refused and the page is to be shown again."""

    ctx: Context
    request: HttpRequest
    visit: OpenVisit
    following: Following
    form: Form | None = None
    file: bytes | None = None  # to be downloaded instead of a page


def show_status(turn: Turn) -> None:
    turn.following.page, turn.following.choice = "status", ""


def send_code(turn: Turn) -> None:
    """Late confirmation: the code goes to the contact that is sealed in the case."""
    contact = own.contact(turn.following.case, turn.following.private)
    if contact is None:
        return
    turn.following.page = "code"
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
    own.confirm_contact(
        turn.ctx,
        case_id=turn.following.case_id,
        private=turn.following.private,
        confirmation=confirmation,
    )
    turn.following.page, turn.following.notice = "status", "confirmed"


def choose(turn: Turn) -> None:
    turn.following.page = "take_back"


def chosen(turn: Turn) -> None:
    case = turn.following.case
    form = TakeBackForm(turn.request.POST, files=status.files(case), details=status.has_details(case))
    if form.is_valid():
        turn.following.page, turn.following.choice = "sure", form.cleaned_data["choice"]
    else:
        turn.form = form


def take_back(turn: Turn) -> None:
    """Only what was chosen and is shown on the page that asks again."""
    scope, _colon, position = turn.following.choice.partition(":")
    if turn.following.page != "sure" or not scope:
        return
    withdrawal.withdraw(
        turn.ctx,
        case_id=turn.following.case_id,
        scope=Scope(scope),
        position=int(position) if position else None,
    )
    show_status(turn)
    turn.following.notice = "taken_back"


def show_openings(turn: Turn) -> None:
    turn.following.page = "openings"


def certificate(turn: Turn) -> None:
    """The signed proof that everything was deleted, once the log has sealed what it says."""
    try:
        turn.file = certificates.certify(turn.ctx, case_id=turn.following.case_id)
    except Conflict:
        turn.following.notice = "proof_soon"


ACTIONS: dict[str, Callable[[Turn], None]] = {
    "status": show_status,
    "send_code": send_code,
    "confirm": confirm,
    "openings": show_openings,
    "certificate": certificate,
    "choose": choose,
    "chosen": chosen,
    "take_back": take_back,
}
