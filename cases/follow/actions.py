"""What each button of the follow pages does."""

from __future__ import annotations

from collections.abc import Callable

from cases.follow import changing, codes, paper, status
from cases.follow.forms import LATER, TakeBackForm
from cases.follow.turn import Download, Turn
from cases.models import Case
from cases.services import certificates, deferring, regaining, withdrawal
from cases.services.withdrawal import Scope
from portal.core.errors import Conflict


def show(page: str) -> Callable[[Turn], None]:
    """A button that leads to a page."""

    def lead(turn: Turn) -> None:
        turn.following.page, turn.following.choice, turn.following.new_contact = page, "", ""

    return lead


def chosen(turn: Turn) -> None:
    form = take_back_form(turn.following.case, turn.request.POST)
    if form.is_valid():
        turn.following.page, turn.following.choice = "sure", form.cleaned_data["choice"]
    else:
        turn.form = form


def take_back_form(case: Case, data: object = None) -> TakeBackForm:
    can_wait = case.destroyed_at is None and case.deletion_due_at is None
    details = status.has_details(case)
    return TakeBackForm(data, files=status.files(case), details=details, can_wait=can_wait)


def take_back(turn: Turn) -> None:
    """Only what was chosen last, and what the page that was pressed asked about: another tab may be older."""
    scope, _colon, position = turn.following.choice.partition(":")
    if turn.following.page != "sure" or not scope or turn.request.POST.get("choice") != turn.following.choice:
        return
    case_id = turn.following.case_id
    if scope == LATER:
        deferring.schedule(turn.ctx, case_id=case_id)
    else:
        place = int(position) if position else None
        withdrawal.withdraw(turn.ctx, case_id=case_id, scope=Scope(scope), position=place)
    turn.following.choice = ""
    turn.go("status", "taken_back")


def undo(turn: Turn) -> None:
    deferring.undo(turn.ctx, case_id=turn.following.case_id, private=turn.following.private)
    turn.go("status", "undone")


def stop_regain(turn: Turn) -> None:
    regaining.stop(turn.ctx, case_id=turn.following.case_id)
    turn.go("status", "regain_stopped")


def certificate(turn: Turn) -> None:
    """The signed proof that everything was deleted, once the log has sealed what it says."""
    signed = _certified(turn)
    if signed is not None:
        turn.download = Download("proof.json", "application/json", signed)


def on_paper(turn: Turn) -> None:
    """The same as a paper, with the signed proof inside."""
    signed = _certified(turn)
    if signed is not None:
        turn.download = Download("proof.pdf", "application/pdf", paper.of_certificate(signed))


def _certified(turn: Turn) -> bytes | None:
    try:
        return certificates.certify(turn.ctx, case_id=turn.following.case_id)
    except Conflict:
        turn.following.notice = "proof_soon"
        return None


ACTIONS: dict[str, Callable[[Turn], None]] = {
    "status": show("status"),
    "openings": show("openings"),
    "messages": changing.open_messages,
    "add": show("add"),
    "contact": show("contact"),
    "consents": show("consents"),
    "choose": show("take_back"),
    "send_code": codes.send_code,
    "confirm": codes.confirm,
    "send_message": changing.send_message,
    "add_links": changing.add_links,
    "add_files": changing.add_files,
    "new_contact": changing.new_contact,
    "change_messages": changing.change_messages,
    "change_consents": changing.change_consents,
    "chosen": chosen,
    "take_back": take_back,
    "undo": undo,
    "stop_regain": stop_regain,
    "certificate": certificate,
    "paper": on_paper,
}
