"""A caseworker says which part of a picture is fingerprinted, or has it tried again."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import CasePicture
from cases.services.loading import locked, locked_picture, refuse_if_child
from cases.states import Decision
from hashing.enrolment import trims
from hashing.enrolment.models import Enrolment
from hashing.fingerprints.boxes import Rectangle
from portal.accounts.roles import Perm
from portal.core.context import Context
from portal.core.errors import Conflict


@transaction.atomic
def confirm(ctx: Context, *, case_id: UUID, position: int, box: Rectangle | None) -> Enrolment:
    """This part is the picture, or with None all of it. Perm entry.propose; audited by hashing.

    Raises Conflict once the review is decided or waits for a second person.
    """
    row, team = _undecided(ctx, case_id, position)
    return trims.confirm(ctx, picture_id=row.picture_id, box=box, team=team)


@transaction.atomic
def retry(ctx: Context, *, case_id: UUID, position: int) -> Enrolment:
    """Fingerprint again what could not be. Perm entry.propose; audited by hashing."""
    row, team = _undecided(ctx, case_id, position)
    return trims.retry(ctx, picture_id=row.picture_id, team=team)


def _undecided(ctx: Context, case_id: UUID, position: int) -> tuple[CasePicture, UUID]:
    case = locked(ctx, case_id, Perm.ENTRY_PROPOSE)
    refuse_if_child(case)
    row = locked_picture(case, position)
    if row.decision != Decision.UNDECIDED:
        message = _("This has been decided on: what is fingerprinted can't change any more.")
        raise Conflict(message, code="already_decided")
    return row, case.team_id
