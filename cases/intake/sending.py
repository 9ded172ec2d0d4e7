"""The last page makes the case; the receipt is the only time that its code is shown."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import get_language

from cases import cookies, limits
from cases.intake import proof
from cases.intake.draft import Draft
from cases.intake.turn import Turn
from cases.networks import network_of
from cases.services import visits
from cases.services.opening import open_case
from portal.core import references


def check(turn: Turn) -> None:
    """The draft becomes a case, once: the visit's row is locked, and afterwards there is no draft."""
    if not turn.accepts():
        return
    network = network_of(turn.request)
    if not proof.enough(turn, network):
        return
    limits.spend("report", network)
    held = turn.visit.row.pictures.all()
    report = turn.draft.report(
        binding=turn.visit.binding,
        picture_ids=tuple(row.picture_id for row in held),
        language=get_language() or "en",
    )
    receipt = open_case(turn.ctx, report=report)
    held.delete()
    turn.visit.row.case = receipt.case
    turn.draft = Draft(reference=receipt.reference, access_code=receipt.access_code)


def receipt(turn: Turn) -> HttpResponse | None:
    return _note(turn.draft) if turn.action == "note" else _saved(turn)


def _note(draft: Draft) -> HttpResponse:
    """Reference and code as a text file; neither its name nor its words say what they are for."""
    lines = (references.grouped(draft.reference), references.grouped(draft.access_code))
    headers = {"Content-Disposition": 'attachment; filename="note.txt"'}
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8", headers=headers)


def _saved(turn: Turn) -> HttpResponse | None:
    """Once the code is saved, nothing of it stays here."""
    if not turn.accepts():
        return None
    visits.end_locked(turn.ctx, turn.visit)
    return cookies.forget(cookies.go("/follow/"))
