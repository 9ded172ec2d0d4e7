"""Notices as they are looked at: by the desk, and by a platform that wonders whether one is ours."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cases.models import Case, Location, Notice
from cases.notices import genuine
from cases.states import NoticeState
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.core.context import Actor
from portal.core.errors import NotFound

MOST = 100


def of_case(actor: Actor, case: Case) -> list[Notice]:
    """Newest first; one query."""
    policy.require(actor, Perm.CASE_READ, team=case.team_id)
    return list(case.notices.select_related("drafted_by").order_by("-drafted_at", "pk"))


def one(actor: Actor, notice_id: UUID, perm: Perm = Perm.CASE_READ) -> Notice:
    """A notice of the viewer's teams, or NotFound."""
    policy.require_role(actor, perm)
    rows = Notice.objects.select_related("case__team", "drafted_by", "approved_by", "sent_by")
    row = rows.filter(pk=notice_id, case__team__in=actor.teams).first()
    if row is None:
        raise NotFound(_("There is nothing here."), code="no_such_notice")
    return row


def waiting(actor: Actor) -> list[Notice]:
    """Formal notices of the viewer's teams that somebody has to approve, oldest first."""
    policy.require_role(actor, Perm.NOTICE_APPROVE)
    rows = Notice.objects.filter(case__team__in=actor.teams, state=NoticeState.DRAFTED, formal=True)
    return list(rows.select_related("case", "drafted_by").order_by("drafted_at", "pk")[:MOST])


def ready(actor: Actor, case: Case) -> QuerySet[Location]:
    """Locations that a notice can be written about."""
    policy.require(actor, Perm.CASE_READ, team=case.team_id)
    return case.locations.filter(state__in=["evidenced", "informal_request"]).order_by("position")


def given_out(token: str) -> Notice:
    """The sent notice that a letter's link names, or NotFound for a link that we never gave out."""
    notice_id = genuine.read(token)
    rows = Notice.objects.filter(pk=notice_id, state=NoticeState.SENT) if notice_id else Notice.objects.none()
    row = rows.prefetch_related("copies").first()
    if row is None:
        raise NotFound(_("This link is not from a letter of ours."), code="no_such_letter")
    return row


def last_contact(services: Iterable[str]) -> str:
    """The mail address to which the newest letter to one of these services went; "" where none did."""
    sent = Notice.objects.filter(service__in=list(services), state=NoticeState.SENT).exclude(email="")
    return sent.order_by("-sent_at").values_list("email", flat=True).first() or ""
