"""Fingerprints made on the visitor's own device: checked, and kept like a file that nobody holds."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Max

from cases import limits
from cases.intake.files import MOST, remove
from cases.intake.turn import Turn
from cases.models import VisitPicture
from cases.networks import network_of
from hashing import devices
from hashing.fingerprints import claims
from portal.core.errors import TooMany


def act(turn: Turn) -> None:
    """Every button takes along what the page has made so far, so that nothing made is lost."""
    if not turn.accepts():
        return
    turn.draft.refused = _add(turn)
    if turn.action.startswith("remove:"):
        remove(turn, turn.action.removeprefix("remove:"))
    elif not turn.draft.refused:
        turn.go_on()


def _add(turn: Turn) -> list[str]:
    """Keep what was sent; why some or all of it was not taken, as codes of pages.FILE_REFUSALS.

    All of it is believed or none: a page that says wrong things says them of every picture.
    """
    try:
        found = claims.read(turn.form.cleaned_data["found"] or "[]", most=MOST)
    except claims.Unbelievable:
        return ["not_believed"]
    held = [row.picture_id for row in turn.visit.row.pictures.all()]
    for claim in found:
        if devices.same_file(held, claim):
            continue  # sent twice, or chosen twice
        if len(held) >= MOST:
            return ["no_more"]
        if not _allowed(turn):
            return ["too_many"]
        held.append(_keep(turn, claim))
    return []


def _allowed(turn: Turn) -> bool:
    try:
        limits.spend("upload", turn.visit.row.id)
        limits.spend("device", network_of(turn.request))
    except TooMany:
        return False
    return True


def _keep(turn: Turn, claim: claims.Claim) -> UUID:
    picture = devices.register(turn.ctx, claim=claim)
    last = turn.visit.row.pictures.aggregate(last=Max("position"))["last"] or 0
    VisitPicture.objects.create(visit=turn.visit.row, picture=picture, position=last + 1)
    return picture.pk
