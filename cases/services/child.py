"""A child is suspected in a case: everything is locked at once."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from cases.models import Case
from cases.services.deciding import set_decision
from cases.services.loading import locked
from cases.states import Decision
from hashing.lists import services as lists
from hashing.lists.states import Reason
from portal.accounts.roles import Perm
from portal.agency import selectors as agency
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.vault import services as vault


@transaction.atomic
def suspect(ctx: Context, *, case_id: UUID) -> Case:
    """Lock every reveal, preview, proposal and match of the case, and give it to the restricted team.

    Its entries are withdrawn from every list. Doing it twice changes nothing.
    """
    case = locked(ctx, case_id, Perm.CHILD_SUSPECT)
    if case.child_suspected_at is not None:
        return case
    team = case.team_id
    for row in case.pictures.select_for_update().order_by("position"):
        vault.lock(ctx, picture_id=row.picture_id)
        lists.withdraw_picture(ctx, picture_id=row.picture_id, reason=Reason.CHILD_SUSPECTED, team=team)
        if row.decision in {Decision.PROPOSED, Decision.LISTED}:
            set_decision(ctx, row, Decision.NOT_LISTED)
    case.child_suspected_at = ctx.at
    case.changed_at = ctx.at
    case.team = agency.restricted_team() or case.team
    if case.team_id != team:
        case.assignee = None
    case.save(update_fields=["child_suspected_at", "changed_at", "team", "assignee"])
    record(ctx, Verb.CASE_CHILD_SUSPECTED, Subject("case", case.id), by=ctx.actor.kind.value)
    return case
