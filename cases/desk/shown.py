"""What somebody who decides on a picture sees of it: what of it is fingerprinted, and where else it is."""

from __future__ import annotations

from dataclasses import dataclass

from cases import elsewhere
from cases.desk import progress
from cases.models import CasePicture, ConsentKind, Recipient
from cases.services import consents
from hashing.matching import comparing
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.core.context import Context
from portal.vault.models import PictureState
from portal.vault.services import preview_of


@dataclass(frozen=True)
class Shown:
    """may_preview: there is a preview, and the viewer may see it; compared: it was looked up among what is
    listed and held; detailed: the person consented to regional fingerprints."""

    made: progress.Progress
    may_preview: bool
    elsewhere: list[elsewhere.Place]
    compared: bool
    detailed: bool


def of(ctx: Context, row: CasePicture) -> Shown:
    picture, case = row.picture, row.case
    held = picture.state == PictureState.CHECKED and picture.locked_at is None
    may = policy.allows(ctx, Perm.PICTURE_PREVIEW, team=case.team_id)
    return Shown(
        made=progress.by_picture([picture.pk])[picture.pk],
        may_preview=held and may and preview_of(picture) is not None,
        elsewhere=elsewhere.of_case(ctx.actor, case).get(picture.pk, []),
        compared=comparing.compared(picture.pk),
        detailed=consents.in_force(case, Recipient.PARTNERS, ConsentKind.REGIONAL),
    )
