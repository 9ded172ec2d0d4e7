"""What partners submitted, for the desk."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from cases.desk.fingerprints import Line
from cases.models import CasePicture
from hashing.lists import linking
from hashing.lists.models import Submission
from hashing.lists.models.submissions import SubmissionState
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.agency import selectors as agency
from portal.agency.errors import NotSetUp
from portal.core.context import Actor
from portal.core.errors import NotFound

# Of those that wait, so many are shown; the rest moves up.
SHOWN = 300


@dataclass(frozen=True)
class Waiting:
    row: Submission
    picture: CasePicture | None


def waiting(actor: Actor) -> list[Waiting]:
    """Linked ones of the viewer's teams' cases, then those of no case for the intake team; of many the first
    few hundred."""
    waiting = _visible(actor).filter(state=SubmissionState.WAITING)
    rows = list(waiting.order_by(F("picture_id").asc(nulls_last=True), "received_at", "pk")[:SHOWN])
    pictures = _pictures(rows)
    return [Waiting(row, pictures.get(row.picture_id) if row.picture_id else None) for row in rows]


def one(actor: Actor, submission_id: UUID) -> Waiting:
    """NotFound when it is none of the viewer's teams'."""
    row = _visible(actor).filter(pk=submission_id).first()
    if row is None:
        raise NotFound(_("There is nothing here."), code="no_such_submission")
    return Waiting(row, _pictures([row]).get(row.picture_id) if row.picture_id else None)


def lines(row: Submission) -> list[Line]:
    """Its fingerprints in words; not every wire says how good they are."""
    rows = list(row.fingerprints.order_by("kind", "variant", "algorithm"))
    kept = {each.pk for each in linking.worth_listing(row, rows)}
    found = []
    for each in rows:
        words = _("as the partner sent it")
        if each.quality is not None:
            words = _("as the partner sent it, quality %(quality)d of 100") % {"quality": each.quality}
        if each.pk not in kept:
            words = _("not of this file as far as can be told: it won't be listed")
        found.append(Line(f"{each.kind.upper()} {each.variant}".strip(), words, listable=each.pk in kept))
    return found


def _visible(actor: Actor) -> QuerySet[Submission]:
    policy.require_role(actor, Perm.ENTRY_PROPOSE)
    of_cases = CasePicture.objects.all()
    own = Q(picture_id__in=of_cases.filter(case__team_id__in=actor.teams).values("picture_id"))
    try:
        at_intake = agency.intake_team().pk in actor.teams
    except NotSetUp:
        at_intake = False
    if at_intake:
        own |= Q(picture_id=None) | ~Q(picture_id__in=of_cases.values("picture_id"))
    return Submission.objects.filter(own).select_related("partner")


def _pictures(rows: list[Submission]) -> dict[UUID, CasePicture]:
    ids = [row.picture_id for row in rows if row.picture_id]
    return {
        row.picture_id: row
        for row in CasePicture.objects.filter(picture_id__in=ids).select_related("case__team")
    }
