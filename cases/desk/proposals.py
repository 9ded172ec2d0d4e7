"""Proposals that wait for a second person, within the viewer's teams."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from cases.models import CasePicture
from hashing.lists.models import Entry
from hashing.lists.states import State
from portal.core.context import Actor
from portal.core.errors import NotFound


@dataclass(frozen=True)
class Proposal:
    entry: Entry
    picture: CasePicture
    is_own: bool


def waiting(actor: Actor) -> list[Proposal]:
    """Oldest first; two queries, however many there are."""
    pictures = {row.picture_id: row for row in _pictures(actor)}
    entries = (
        Entry.objects.filter(state=State.PROPOSED, picture_id__in=pictures)
        .select_related("list", "proposed_by")
        .order_by("proposed_at", "pk")
    )
    return [_proposal(actor, entry, pictures[entry.picture_id]) for entry in entries]


def one(actor: Actor, entry_id: UUID) -> Proposal:
    """The proposal, decided or not; NotFound when it is none of the viewer's teams'."""
    entry = Entry.objects.select_related("list", "proposed_by", "decided_by").filter(pk=entry_id).first()
    team_cases = CasePicture.objects.filter(case__team_id__in=actor.teams).select_related("case__team")
    picture = team_cases.filter(picture_id=entry.picture_id).first() if entry else None
    if entry is None or picture is None:
        raise NotFound(_("There is nothing here."), code="no_such_proposal")
    return _proposal(actor, entry, picture)


def _pictures(actor: Actor) -> list[CasePicture]:
    proposed = Entry.objects.filter(state=State.PROPOSED).values("picture_id")
    return list(
        CasePicture.objects.filter(case__team_id__in=actor.teams, picture_id__in=proposed).select_related(
            "case"
        )
    )


def _proposal(actor: Actor, entry: Entry, picture: CasePicture) -> Proposal:
    return Proposal(entry, picture, is_own=str(entry.proposed_by_id) == actor.id)
