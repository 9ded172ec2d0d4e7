"""A picture that the person's device fingerprinted and that they sent as well: two rows, one picture.

So what nobody had seen becomes reviewed: the sent one is looked at and listed with all its variants, and what
is decided against it, or taken back, holds for the device's fingerprints too.
"""

from __future__ import annotations

from cases.models import CasePicture
from cases.services.deciding import set_decision
from cases.states import Decision
from hashing import devices
from hashing.lists import services as lists
from hashing.lists.states import Reason
from portal.core.context import Context


def twins(row: CasePicture) -> list[CasePicture]:
    """The other rows of its case that are of the same picture, one from the device and one sent; locked."""
    others = CasePicture.objects.filter(case=row.case_id).exclude(pk=row.pk)
    same = devices.same_picture(row.picture_id, list(others.values_list("picture_id", flat=True)))
    rows = others.filter(picture__in=same).select_related("picture").order_by("position")
    return list(rows.select_for_update(of=("self",)))


def not_listed(ctx: Context, row: CasePicture) -> None:
    """A caseworker saw the sent picture and decided against it: its twin leaves the list, and stays away."""
    for twin in twins(row):
        team = row.case.team_id
        lists.withdraw_picture(ctx, picture_id=twin.picture_id, reason=Reason.NOT_ENOUGH, team=team)
        if twin.decision == Decision.UNDECIDED:
            set_decision(ctx, twin, Decision.NOT_LISTED)
