"""Fingerprints made on the visitor's own device: checked, and kept like a file that nobody holds."""

from __future__ import annotations

from django.db.models import Max

from cases import limits
from cases.intake.files import MOST, remove
from cases.intake.turn import Turn
from cases.models import VisitPicture
from hashing import devices
from hashing.fingerprints import claims
from portal.core.errors import TooMany


def act(turn: Turn) -> None:
    if turn.action == "add":
        _add(turn)
    elif turn.action.startswith("remove:"):
        remove(turn, turn.action.removeprefix("remove:"))
    else:
        turn.go_on()


def _add(turn: Turn) -> None:
    """All of what was sent, or none of it: a page that says wrong things says them of every picture."""
    held = turn.visit.row.pictures.count()
    if not turn.accepts():
        return
    try:
        found = claims.read(turn.form.cleaned_data["found"] or "[]", most=MOST)
    except claims.Unbelievable:
        turn.draft.refused = ["not_believed"]
        return
    if not found:
        turn.draft.refused = ["none_chosen"]
    for number, claim in enumerate(found):
        if held + number >= MOST:
            turn.draft.refused.append("no_more")
            break
        if not _allowed(turn):
            turn.draft.refused.append("too_many")
            break
        _keep(turn, claim)
    turn.draft.undone(turn.step)


def _allowed(turn: Turn) -> bool:
    try:
        limits.spend("upload", turn.visit.row.id)
    except TooMany:
        return False
    return True


def _keep(turn: Turn, claim: claims.Claim) -> None:
    picture = devices.register(turn.ctx, claim=claim)
    last = turn.visit.row.pictures.aggregate(last=Max("position"))["last"] or 0
    VisitPicture.objects.create(visit=turn.visit.row, picture=picture, position=last + 1)
