"""Fingerprints from the person's own device go on the self-reported list: their decision, not a review."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from cases.models import Case, CasePicture
from cases.services import consents
from cases.states import Decision
from hashing.lists import services as lists
from hashing.lists.bases import Basis
from hashing.lists.models import Entry
from hashing.lists.unseen import WAIT
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid
from portal.vault.models import PictureState

LIST = "self-reported"
# One contact's pictures of a day that wait for the hour alone; each as many again wait for a day more.
A_DAY = 40


def share(ctx: Context, case: Case) -> int:
    """List what the person consented to and their contact vouches for, after its wait; how many pictures.

    In the caller's transaction; again whenever contact or consent changed. One that can't be listed (too
    plain, or like something harmless) stays in the case, and the person's page says that it isn't shared.
    """
    basis = agreed(case)
    if basis is None:
        return 0
    person = replace(ctx, actor=Context.person(case.id).actor)
    rows = case.pictures.filter(
        picture__state=PictureState.ON_DEVICE, sharing_stopped_at=None, decision=Decision.UNDECIDED
    )
    shared = 0
    for row in rows.order_by("position"):
        wait = WAIT + timedelta(days=_lately(ctx, case) // A_DAY)
        shared += _propose(person, row.picture_id, basis, wait)
    return shared


def agreed(case: Case) -> Basis | None:
    """What the person's own sharing rests on; None without their consent or a confirmed contact."""
    basis = replace(consents.basis(case), caseworker_decided=False)
    return basis if basis.consented and basis.contact_verified else None


def _lately(ctx: Context, case: Case) -> int:
    """How many pictures this contact's devices put forward within a day, in all its cases."""
    pictures = CasePicture.objects.filter(
        case__contact_index=case.contact_index, picture__state=PictureState.ON_DEVICE
    )
    since = ctx.at - timedelta(days=1)
    return Entry.objects.filter(picture_id__in=pictures.values("picture_id"), proposed_at__gt=since).count()


def _propose(ctx: Context, picture_id: UUID, basis: Basis, wait: timedelta) -> bool:
    try:
        with transaction.atomic():
            lists.propose(ctx, picture_id=picture_id, list_slug=LIST, basis=basis, team=None, wait=wait)
    except (Conflict, Invalid):
        return False
    return True
