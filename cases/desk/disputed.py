"""What is in quarantine, for the desk: why, what partners report, and how it matched. Never the picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Case, CasePicture
from hashing.lists.models import Feedback, Quarantine
from hashing.lists.reports import WHOLE, Value
from hashing.lists.services.judging import quarantine_digest
from hashing.lists.states import Reason
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.agency import selectors as agency
from portal.agency.errors import NotSetUp
from portal.core.context import Actor
from portal.core.errors import NotFound

TONE = {Value.DISPUTED: "orange", Value.REMOVED: "green", Value.ACCOUNT_ACTED: "green", Value.BLOCKED: "teal"}


@dataclass(frozen=True)
class Box:
    """Where in the partner's picture it matched, as parts of a square of 1000."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True)
class Line:
    """One partner's report."""

    row: Feedback
    tone: str
    how: str
    box: Box | None


@dataclass(frozen=True)
class Dispute:
    found: Quarantine
    picture: CasePicture | None
    why: str
    is_own: bool

    @property
    def digest(self) -> str:
        """Of what is shown, with the proposal if there is one."""
        return quarantine_digest(self.found, self.found.proposal)

    @property
    def is_stale(self) -> bool:
        """More has come in since the first person proposed."""
        return bool(self.found.proposal) and self.found.digest != self.digest

    @property
    def first_digest(self) -> str:
        return quarantine_digest(self.found, "")


def waiting(actor: Actor) -> list[Dispute]:
    """What the viewer's teams have to judge, oldest first."""
    rows = _visible(actor).filter(closed_at=None)
    found = list(rows.select_related("entry__list", "proposed_by").order_by("opened_at", "pk"))
    pictures = _pictures([each.entry.picture_id for each in found])
    return [_dispute(actor, each, pictures.get(each.entry.picture_id)) for each in found]


def one(actor: Actor, quarantine_id: UUID) -> Dispute:
    """NotFound when it is none of the viewer's teams'."""
    rows = _visible(actor).select_related("entry__list", "proposed_by", "decided_by")
    found = rows.filter(pk=quarantine_id).first()
    if found is None:
        raise NotFound(_("There is nothing here."), code="no_such_quarantine")
    return _dispute(actor, found, _pictures([found.entry.picture_id]).get(found.entry.picture_id))


def reports(found: Quarantine) -> list[Line]:
    """What each partner says now, disputes first."""
    return _lines(Feedback.objects.filter(entry=found.entry))


def of_case(case: Case) -> list[Line]:
    """What partners say now of all entries of a case that the viewer was let into."""
    return _lines(Feedback.objects.filter(entry__picture_id__in=case.pictures.values("picture_id")))


def _lines(rows: QuerySet[Feedback]) -> list[Line]:
    rows = rows.filter(Q(current=True) | Q(standing=True)).select_related("partner", "entry__list")
    ordered = sorted(
        rows,
        key=lambda row: (row.value != Value.DISPUTED, row.partner.name, row.received_at),
    )
    return [Line(row, TONE.get(Value(row.value), "grey"), _how(row), _box(row)) for row in ordered]


def _visible(actor: Actor) -> QuerySet[Quarantine]:
    """Those of the viewer's teams' cases; those of no case are the intake team's."""
    policy.require_role(actor, Perm.CASE_READ)
    of_cases = CasePicture.objects.all()
    own = Q(entry__picture_id__in=of_cases.filter(case__team_id__in=actor.teams).values("picture_id"))
    try:
        at_intake = agency.intake_team().pk in actor.teams
    except NotSetUp:
        at_intake = False
    if at_intake:
        own |= ~Q(entry__picture_id__in=of_cases.values("picture_id"))
    return Quarantine.objects.filter(own)


def _pictures(ids: list[UUID]) -> dict[UUID, CasePicture]:
    rows = CasePicture.objects.filter(picture_id__in=ids).select_related("case")
    return {row.picture_id: row for row in rows}


def _dispute(actor: Actor, found: Quarantine, picture: CasePicture | None) -> Dispute:
    own = str(found.proposed_by_id) == actor.id
    return Dispute(found, picture, _why(Reason(found.cause), found.figures), own)


def _why(cause: Reason, figures: Mapping[str, int]) -> str:
    if cause is Reason.DISPUTED and "disputes" in figures:
        words = ngettext("%(n)d partner disputes it", "%(n)d partners dispute it", figures["disputes"])
        return words % {"n": figures["disputes"]}
    if cause is Reason.OVER_MATCHING and "uploads" in figures:
        words = _(
            "It matched %(uploads)d uploads in a week; from %(limit)d on that is far above its list, where "
            "%(median)d is usual"
        )
        return words % dict(figures)
    return str(cause.label)


def _how(row: Feedback) -> str:
    """The match in words: a screen reader has no use for the outline."""
    parts = [row.kind.upper()] if row.kind else []
    if row.distance is not None:
        parts.append(ngettext("%(n)d bit differs", "%(n)d bits differ", row.distance) % {"n": row.distance})
    box = _box(row)
    if box is not None:
        share = round(100 * box.width * box.height / WHOLE**2)
        parts.append(_("%(share)d %% of their picture") % {"share": share})
    return ", ".join(parts)


def _box(row: Feedback) -> Box | None:
    if row.region is None:
        return None
    left, top, right, bottom = row.region
    return Box(left, top, right - left, bottom - top)
