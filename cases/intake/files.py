"""Files: added one upload at a time, looked at by a worker, removed on request."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max

from cases import limits
from cases.intake.turn import Turn
from cases.models import VisitPicture
from cases.networks import network_of
from hashing import services as hashing
from portal.core.errors import TooMany
from portal.vault import services as vault
from portal.vault.uploads import StagedPicture

MOST = 20


def act(turn: Turn) -> None:
    if turn.action == "add":
        _add(turn)
    elif turn.action.startswith("remove:"):
        remove(turn, turn.action.removeprefix("remove:"))
    elif turn.action == "look":
        return  # the page again: what a worker has found meanwhile
    else:
        turn.go_on()


def _add(turn: Turn) -> None:
    """Keep what the vault has taken, and say of each other file why it wasn't."""
    files: Sequence[object] = turn.request.FILES.getlist("upload")
    staged = [file for file in files if isinstance(file, StagedPicture)]
    if not staged:
        turn.draft.refused = ["none_chosen"]
    for number, file in enumerate(staged):
        try:
            limits.spend_file(turn.visit.row.id, network_of(turn.request))
        except TooMany:
            if number == 0:
                raise
            turn.draft.refused += ["too_many"] * (len(staged) - number)  # those before it stay
            break
        _take(turn, file)
    turn.draft.undone(turn.step)


def _take(turn: Turn, file: StagedPicture) -> None:
    if file.refusal is not None:
        turn.draft.refused.append(file.refusal)
    elif turn.visit.row.pictures.count() >= MOST:
        turn.draft.refused.append("no_more")
    else:
        _keep(turn, file)


def _keep(turn: Turn, file: StagedPicture) -> None:
    picture = vault.accept(turn.ctx, staged=file)
    last = turn.visit.row.pictures.aggregate(last=Max("position"))["last"] or 0
    VisitPicture.objects.create(visit=turn.visit.row, picture=picture, position=last + 1)
    hashing.enqueue(picture.id)


def remove(turn: Turn, position: str) -> None:
    """Shredded at once; the numbers of the others stay as they are."""
    held = next((row for row in turn.visit.row.pictures.all() if str(row.position) == position), None)
    if held is not None:
        vault.shred(turn.ctx, picture_id=held.picture_id, reason="removed")
        held.delete()
