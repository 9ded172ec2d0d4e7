"""Files that the person adds to a case that is open."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cases.models import AgeRoute, Case, CasePicture, ConsentKind, Recipient
from cases.services import consents
from cases.services.loading import locked_own
from cases.states import CLOSED_STATES
from hashing import services as hashing
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict, NotAllowed
from portal.vault import services as vault
from portal.vault.uploads import StagedPicture

MOST = 100  # in one case


def may_have_files(case: Case) -> bool:
    """Never where a child may be concerned."""
    return case.age_route == AgeRoute.ADULT and case.child_suspected_at is None


def takes_files(case: Case) -> bool:
    """Not when it is closed or deleted either."""
    return may_have_files(case) and case.private_for_desk is not None and case.state not in CLOSED_STATES


@transaction.atomic
def add_files(ctx: Context, *, case_id: UUID, staged: Iterable[StagedPicture]) -> list[str]:
    """Take what the vault has accepted; the codes of why others were not.

    Raises NotAllowed (code no_files) where a child may be concerned, Conflict when the case is closed.
    """
    case = locked_own(ctx, case_id)
    if not may_have_files(case):
        raise NotAllowed(_("Files are never taken on this route."), code="no_files")
    if not takes_files(case):
        raise Conflict(_("This request is closed. Open it again first."), code="case_closed")
    last = case.pictures.aggregate(last=Max("position"))["last"] or 0
    keep = consents.in_force(case, Recipient.AGENCY, ConsentKind.EVIDENCE)
    refused, added = [], 0
    for file in staged:
        if file.refusal is not None or last + added >= MOST:
            refused.append(file.refusal or "no_more")
            continue
        added += 1
        picture = vault.accept(ctx, staged=file)
        CasePicture.objects.create(case=case, picture=picture, position=last + added, keep_as_evidence=keep)
        hashing.enqueue(picture.id)
    if added:
        case.changed_at = ctx.at
        case.save(update_fields=["changed_at"])
        record(ctx, Verb.CASE_FILES_ADDED, Subject("case", case.pk), pictures=added)
    return refused
