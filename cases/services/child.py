"""A child is suspected in a case: everything is locked at once."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases import holds
from cases.models import Case, DeadlineKind
from cases.services import clocks, holding, triaging
from cases.services.deciding import set_decision
from cases.services.loading import locked
from cases.states import Decision
from hashing.lists import services as lists
from hashing.lists.states import Reason
from portal.accounts.roles import Perm
from portal.agency import selectors as agency
from portal.agency.models import ChildFiles
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict
from portal.vault import services as vault


@transaction.atomic
def suspect(ctx: Context, *, case_id: UUID) -> Case:
    """Lock every reveal, preview, proposal and match of the case, and give it to the restricted team.

    Its entries are withdrawn from every list, its files kept or destroyed as the agency decided before, and
    the clock for the report to the authority starts. Doing it twice changes nothing.
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
    _keep_or_shred(ctx, case)
    clocks.start(ctx, case, DeadlineKind.CHILD_REPORT)
    triaging.assess(ctx, case)
    record(ctx, Verb.CASE_CHILD_SUSPECTED, Subject("case", case.id), by=ctx.actor.kind.value)
    return case


@transaction.atomic
def reported(ctx: Context, *, case_id: UUID) -> Case:
    """The authority has the agency's report: that duty is met. Perm child.suspect."""
    case = locked(ctx, case_id, Perm.CHILD_SUSPECT)
    if not clocks.meet(ctx, case, DeadlineKind.CHILD_REPORT, by=Verb.CASE_CHILD_REPORTED):
        raise Conflict(_("No report is due in this case."), code="wrong_state")
    record(ctx, Verb.CASE_CHILD_REPORTED, Subject("case", case.id))
    return case


def _keep_or_shred(ctx: Context, case: Case) -> None:
    """As the agency decided beforehand; what a legal hold keeps is never destroyed."""
    if agency.current().child_files == ChildFiles.PRESERVE:
        holding.keep_for_child(ctx, case)
    elif not holds.is_held(case):
        for picture_id in case.pictures.order_by("position").values_list("picture_id", flat=True):
            vault.shred(ctx, picture_id=picture_id, reason="child")
