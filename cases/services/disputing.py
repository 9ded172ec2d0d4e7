"""The desk judges what is in quarantine; when it withdraws, the review of the case's picture ends with it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from cases.models import CasePicture
from cases.services.deciding import set_decision
from cases.services.loading import locked, locked_picture, no_such_case
from cases.states import Decision
from hashing.lists import services as lists
from hashing.lists.models import Entry, Quarantine
from hashing.lists.models.quarantine import Outcome
from hashing.lists.states import OPEN
from portal.accounts.roles import Perm
from portal.agency import selectors as agency
from portal.core.context import ActorKind, Context


@transaction.atomic
def propose_outcome(ctx: Context, *, quarantine_id: UUID, outcome: Outcome, digest: str) -> Quarantine:
    """The first person's view of what should become of it. Perm entry.propose, in the team of its case."""
    team, _row = _team(ctx, quarantine_id, Perm.ENTRY_PROPOSE)
    return lists.propose_outcome(ctx, quarantine_id=quarantine_id, outcome=outcome, digest=digest, team=team)


@transaction.atomic
def decide_outcome(ctx: Context, *, quarantine_id: UUID, digest: str) -> Entry:
    """The second person agrees. Perm entry.approve, in the team of its case."""
    team, row = _team(ctx, quarantine_id, Perm.ENTRY_APPROVE)
    entry = lists.decide_outcome(ctx, quarantine_id=quarantine_id, digest=digest, team=team)
    if row is not None and row.decision == Decision.LISTED and not _is_on_a_list(row):
        set_decision(ctx, row, Decision.NOT_LISTED)
    return entry


def _is_on_a_list(row: CasePicture) -> bool:
    return Entry.objects.filter(picture_id=row.picture_id, state__in=OPEN).exists()


def _team(ctx: Context, quarantine_id: UUID, perm: Perm) -> tuple[UUID, CasePicture | None]:
    """The team that judges it: of its case, whose picture is then locked, else the intake team."""
    wanted = Quarantine.objects.filter(pk=quarantine_id).values("entry__picture_id")
    place = CasePicture.objects.filter(picture_id__in=wanted).values_list("case", "position").first()
    if place is not None:
        case = locked(ctx, place[0], perm)
        return case.team_id, locked_picture(case, place[1])
    team = agency.intake_team().pk
    if ctx.actor.kind is ActorKind.STAFF and team not in ctx.actor.teams:
        raise no_such_case()
    return team, None
