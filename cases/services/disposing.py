"""Disposal by two people: one puts together what is due, another approves exactly that.

It is a last look, not a way to keep things: what nobody approves in the agency's days goes by itself
(cases.services.retention). Pictures don't wait for it; their own rules end them, mostly long before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cases import holds, schedules
from cases.models import Case, Disposal, DisposedCase
from cases.services import retention
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.agency.models import Team
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound

LARGEST = 100


def due(ctx: Context, team_id: UUID) -> QuerySet[Case]:
    """The team's cases whose schedule is over and which nothing keeps, the longest ended first."""
    policy.require(ctx, Perm.CASE_DISPOSE, team=team_id)
    ended = Case.objects.filter(schedules.over(ctx.at), team=team_id, destroyed_at=None)
    return ended.filter(~holds.held()).order_by("closed_at", "pk")


@transaction.atomic
def propose(ctx: Context, *, team_id: UUID, case_ids: Iterable[UUID]) -> Disposal:
    """Put these cases together. Perm case.dispose; one open batch for each team.

    Raises Conflict (not_due) when one of them isn't due, or is not any more; Invalid for none or too many.
    """
    policy.require(ctx, Perm.CASE_DISPOSE, team=team_id)
    Team.objects.select_for_update().get(pk=team_id)
    wanted = set(case_ids)
    if not 0 < len(wanted) <= LARGEST:
        raise Invalid(_("Choose between 1 and 100 cases."), code="disposal_size")
    if Disposal.objects.filter(team=team_id, decided_at=None).exists():
        raise Conflict(_("There is a batch already. Decide on that first."), code="disposal_open")
    rows = list(due(ctx, team_id).select_for_update(of=("self",)).filter(pk__in=wanted))
    if len(rows) != len(wanted):
        raise Conflict(_("One of these is not due any more. Look again."), code="not_due")
    batch = Disposal.objects.create(
        team_id=team_id, digest=_digest(rows), proposed_by_id=UUID(ctx.actor.id), proposed_at=ctx.at
    )
    DisposedCase.objects.bulk_create(
        DisposedCase(disposal=batch, case_id=row.pk, outcome=row.state, closed_at=row.closed_at or ctx.at)
        for row in rows
    )
    record(ctx, Verb.DISPOSAL_PROPOSED, Subject("disposal", batch.pk), team=team_id, cases=len(rows))
    return batch


@transaction.atomic
def approve(ctx: Context, *, disposal_id: UUID, digest: str) -> Disposal:
    """Another person agrees to exactly what was proposed, and it is destroyed. Perm case.dispose.

    Raises Conflict (changed) when a case was reopened, held or written to since: then nothing is destroyed.
    """
    batch = _open(ctx, disposal_id)
    if str(batch.proposed_by_id) == ctx.actor.id:
        raise NotAllowed(_("You proposed this, so somebody else must decide."), code="own_disposal")
    ids = list(batch.lines.values_list("case_id", flat=True))
    rows = list(due(ctx, batch.team_id).select_for_update(of=("self",)).filter(pk__in=ids))
    if len({batch.digest, digest, _digest(rows)}) != 1:
        raise Conflict(_("A case in it has changed. Turn it down and put it together again."), code="changed")
    for row in rows:
        retention.dispose(ctx, row)
    batch.lines.update(destroyed_at=ctx.at)
    batch.approved_by_id = UUID(ctx.actor.id)
    _decide(ctx, batch)
    record(ctx, Verb.DISPOSAL_APPROVED, Subject("disposal", batch.pk), team=batch.team_id, cases=len(rows))
    return batch


@transaction.atomic
def turn_down(ctx: Context, *, disposal_id: UUID) -> Disposal:
    """Either of the two may: its cases stay as they are until their schedule ends them. Perm case.dispose."""
    batch = _open(ctx, disposal_id)
    _decide(ctx, batch)
    record(ctx, Verb.DISPOSAL_TURNED_DOWN, Subject("disposal", batch.pk), team=batch.team_id)
    return batch


def _open(ctx: Context, disposal_id: UUID) -> Disposal:
    """The batch, locked; NotFound outside the actor's teams."""
    policy.require_role(ctx, Perm.CASE_DISPOSE)
    batch = Disposal.objects.select_for_update(of=("self",)).filter(pk=disposal_id).first()
    if batch is None or not policy.allows(ctx, Perm.CASE_DISPOSE, team=batch.team_id):
        raise NotFound(_("There is nothing here."), code="no_such_disposal")
    if batch.decided_at is not None:
        raise Conflict(_("Somebody has decided on this already."), code="wrong_state")
    return batch


def _decide(ctx: Context, batch: Disposal) -> None:
    batch.decided_at = ctx.at
    batch.save(update_fields=["approved_by", "decided_at"])


def _digest(rows: Iterable[Case]) -> str:
    """Names each case as it was: any change to it since makes another digest."""
    said = sorted([str(row.pk), row.state, row.changed_at.isoformat()] for row in rows)
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
