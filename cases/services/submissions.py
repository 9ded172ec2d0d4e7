"""What a partner submitted: linked to a file of a case, proposed as a copy of it, or turned down."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Case, CasePicture
from cases.services import consents
from cases.services.loading import locked, locked_picture, no_such_case, refuse_if_child
from cases.services.reviewing import lists_for
from hashing.lists import services as lists
from hashing.lists.models import Entry, Submission
from hashing.lists.states import Category, Reason
from portal.accounts.roles import Perm
from portal.agency import selectors as agency
from portal.core.context import Context
from portal.core.errors import Conflict, NotFound


@transaction.atomic
def link(ctx: Context, *, submission_id: UUID, case_id: UUID, position: int) -> Submission:
    """Say of which file of a case it is a copy. Perm entry.propose, in that case's team."""
    _reachable(ctx, submission_id)
    case = locked(ctx, case_id, Perm.ENTRY_PROPOSE)
    refuse_if_child(case)
    row = locked_picture(case, position)
    return lists.link_submission(
        ctx, submission_id=submission_id, picture_id=row.picture_id, team=case.team_id
    )


@transaction.atomic
def propose(ctx: Context, *, submission_id: UUID, list_slug: str, category: Category) -> Entry:
    """Propose it as a copy of the file it is linked to, on that case's consents. Perm entry.propose."""
    case, row = _linked(ctx, submission_id)
    refuse_if_child(case)
    if row.sharing_stopped_at is not None:
        raise Conflict(_("The person stopped the sharing of this file."), code="sharing_stopped")
    if not lists_for(case).filter(slug=list_slug).exists():
        raise NotFound(_("There is no such list."), code="no_such_list")
    return lists.propose_submission(
        ctx,
        submission_id=submission_id,
        list_slug=list_slug,
        basis=consents.basis(case),
        team=case.team_id,
        category=category,
    )


@transaction.atomic
def refuse(ctx: Context, *, submission_id: UUID, reason: Reason) -> Submission:
    """Not for a list: its fingerprints are deleted. Perm entry.propose, in the team that has it."""
    team = _reachable(ctx, submission_id)
    return lists.refuse_submission(ctx, submission_id=submission_id, reason=reason, team=team)


def _linked(ctx: Context, submission_id: UUID) -> tuple[Case, CasePicture]:
    row = _picture(submission_id)
    if row is None:
        raise Conflict(_("Link it to a file of a case first."), code="not_linked")
    case = locked(ctx, row.case_id, Perm.ENTRY_PROPOSE)
    return case, locked_picture(case, row.position)


def _reachable(ctx: Context, submission_id: UUID) -> UUID:
    """The team that has it: its case's, else the intake team. NotFound to anybody else's."""
    row = _picture(submission_id)
    team = row.case.team_id if row else agency.intake_team().pk
    if team not in ctx.actor.teams:
        raise no_such_case()
    return team


def _picture(submission_id: UUID) -> CasePicture | None:
    picture_id = Submission.objects.filter(pk=submission_id).values_list("picture_id", flat=True).first()
    rows = CasePicture.objects.select_related("case")
    return rows.filter(picture_id=picture_id).first() if picture_id else None
