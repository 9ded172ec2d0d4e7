"""Tell the agency of a partner that has stopped to pull: what is withdrawn since, it doesn't know."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Min, Q

from hashing.lists.models import Partner
from portal.agency import selectors as agency
from portal.agency.errors import NotSetUp
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.notify import services as notify
from portal.notify.models import Channel, Template

SILENCE = timedelta(days=14)


def tell_of_silence(ctx: Context) -> int:
    """One mail for each partner with a live key that has pulled nothing for 14 days, once a silence.

    Returns how many partners those were. Without an address of the agency only the log and the desk tell.
    """
    found = 0
    for partner_id in _silent(ctx.at):
        with transaction.atomic():
            partner = Partner.objects.select_for_update().get(pk=partner_id)
            since = last_heard(partner, ctx.at)
            if since is not None and _is_due(partner, since, ctx.at):
                _tell(ctx, partner, since)
                found += 1
    return found


def last_heard(partner: Partner, at: datetime) -> datetime | None:
    """The last pull over any wire, else when the first live key was issued; None: it has no live key."""
    live = partner.keys.filter(Q(expires_at=None) | Q(expires_at__gt=at), revoked_at=None)
    issued: datetime | None = live.aggregate(first=Min("issued_at"))["first"]
    pulled: datetime | None = partner.positions.aggregate(last=Max("pulled_at"))["last"]
    return None if issued is None else pulled or issued


def _silent(at: datetime) -> list[UUID]:
    quiet = Partner.objects.filter(is_active=True).annotate(pulled=Max("positions__pulled_at"))
    quiet = quiet.filter(Q(pulled=None) | Q(pulled__lte=at - SILENCE))
    return list(quiet.order_by("name").values_list("pk", flat=True))


def _is_due(partner: Partner, since: datetime, at: datetime) -> bool:
    told = partner.silence_told_at
    return partner.is_active and since <= at - SILENCE and (told is None or told < since)


def _tell(ctx: Context, partner: Partner, since: datetime) -> None:
    partner.silence_told_at = ctx.at
    partner.save(update_fields=["silence_told_at"])
    record(ctx, Verb.PARTNER_SILENT, Subject("partner", partner.pk), days=(ctx.at - since).days)
    try:
        address = agency.current().alerts_email
    except NotSetUp:
        return
    if address:
        notify.send(ctx, channel=Channel.EMAIL, to=address, template=Template.SILENCE, about=partner.name)
