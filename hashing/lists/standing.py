"""How a partner stands: what it may pull, on which agreement, how far it has come, what it reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from hashing.lists.models import (
    Agreement,
    Entitlement,
    Feedback,
    OffBoarding,
    Partner,
    PartnerKey,
    PartnerPosition,
    Publication,
    WireRecord,
)
from hashing.lists.reports import Value
from hashing.lists.services.silence import SILENCE, last_heard
from hashing.lists.states import FeedState, Wire
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit.models import Entry as AuditEntry
from portal.core.context import Actor
from portal.core.errors import NotFound

RECENT = timedelta(days=30)


@dataclass(frozen=True)
class Place:
    """A partner on one wire of one list. unconfirmed: withdrawals that it hasn't come back from beyond."""

    row: PartnerPosition
    behind: int
    unconfirmed: int


@dataclass(frozen=True)
class Standing:
    """silent: since when, if that is 14 days or more. feedback: totals by value. refusals: by reason."""

    partner: Partner
    agreement: Agreement | None
    entitlements: list[Entitlement]
    places: list[Place]
    keys: list[PartnerKey]
    last_pull: datetime | None
    silent: datetime | None
    feedback: Mapping[str, int]
    refusals: Mapping[str, int]
    off_boarding: OffBoarding | None

    @property
    def unconfirmed(self) -> int:
        return sum(place.unconfirmed for place in self.places)

    @property
    def without_agreement(self) -> bool:
        """Entitled before there were agreements, and none is on record since."""
        return any(each.agreement_id is None for each in self.entitlements)


def everyone(viewer: Actor, at: datetime) -> list[Standing]:
    """All partners, those that left last, by name."""
    policy.require(viewer, Perm.PARTNER_READ)
    return [_standing(each, at) for each in Partner.objects.order_by("-is_active", "name")]


def one(viewer: Actor, partner_id: UUID, at: datetime) -> Standing:
    policy.require(viewer, Perm.PARTNER_READ)
    partner = Partner.objects.filter(pk=partner_id).first()
    if partner is None:
        raise NotFound(_("There is no such partner."), code="no_such_partner")
    return _standing(partner, at)


def _standing(partner: Partner, at: datetime) -> Standing:
    positions = list(partner.positions.select_related("list").order_by("list__slug", "wire"))
    heard = last_heard(partner, at)
    return Standing(
        partner=partner,
        agreement=partner.agreements.order_by("-recorded_at").first(),
        entitlements=list(partner.entitlements.select_related("list").order_by("list__slug")),
        places=[_place(row) for row in positions],
        keys=list(partner.keys.select_related("list").order_by("revoked_at", "issued_at")),
        last_pull=max((row.pulled_at for row in positions), default=None),
        silent=heard if heard is not None and heard <= at - SILENCE and partner.is_active else None,
        feedback=_feedback(partner),
        refusals=_refusals(partner, at),
        off_boarding=partner.off_boardings.order_by("-asked_at").first(),
    )


def _place(row: PartnerPosition) -> Place:
    if row.wire == Wire.STOPNCII:
        gone = WireRecord.objects.filter(
            list=row.list, value=None, revision__gt=row.proven, served__partner=row.partner_id
        )
        return Place(row, max(0, row.list.revision - row.position), gone.count())
    if row.epoch != row.list.epoch:
        return Place(row, row.list.head, _gone(row).count())
    return Place(
        row, max(0, row.list.head - row.position), _gone(row).filter(position__gt=row.proven).count()
    )


def _gone(row: PartnerPosition) -> QuerySet[Publication]:
    lines = Publication.objects.filter(list=row.list, epoch=row.list.epoch)
    return lines.exclude(state=FeedState.ACTIVE)


def _feedback(partner: Partner) -> dict[str, int]:
    rows = Feedback.objects.filter(partner=partner, current=True).exclude(value=Value.TAKEN_BACK)
    sums = rows.values("value").annotate(all=Sum("total")).order_by("value")
    return {str(Value(row["value"]).label): row["all"] for row in sums}


def _refusals(partner: Partner, at: datetime) -> dict[str, int]:
    rows = AuditEntry.objects.filter(
        verb="partner.refused", subject_type="partner", subject_id=str(partner.pk), at__gte=at - RECENT
    )
    counts = rows.values("payload__reason").annotate(count=Count("pk")).order_by("-count")
    return {str(row["payload__reason"]).replace("_", " "): row["count"] for row in counts}
