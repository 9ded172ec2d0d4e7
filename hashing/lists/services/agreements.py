"""A partner signs before it gets anything, and is asked to delete everything when it leaves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hashing.lists.models import Agreement, Entitlement, List, OffBoarding, Partner, PartnerKey
from hashing.lists.services import issuing, webhooks
from hashing.lists.states import GIVEN_TO_ALL
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record
from portal.core.context import ActorKind, Context
from portal.core.errors import Conflict, Invalid
from portal.notify import services as notify
from portal.notify.models import Channel, Template

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Document:
    """A signed paper: the SHA-256 (hex) of its file, and who signed it."""

    sha256: str
    signed_by: str


def agree(ctx: Context, *, partner: Partner, version: str, document: Document, signed_on: date) -> Agreement:
    """Record an agreement. The first one entitles to the lists that everybody gets; a later one takes the
    place of the one before. Raises Invalid for a digest that isn't one, a missing name or a day to come."""
    with transaction.atomic():
        policy.require(ctx, Perm.PARTNER_MANAGE)
        _check(document)
        if not version or signed_on > ctx.at.date():
            raise Invalid(_("Give the version, and a day that isn't in the future."), code="bad_agreement")
        locked = Partner.objects.select_for_update().get(pk=partner.pk)
        Agreement.objects.filter(partner=locked, ended_at=None).update(ended_at=ctx.at)
        made = _record(ctx, locked, version, document, signed_on)
        _carry_over(ctx, locked, made)
        return made


def off_board(ctx: Context, *, partner: Partner) -> OffBoarding:
    """The partner leaves: its keys, entitlements and webhooks end at once, and it is asked to delete what it
    has.

    Raises Conflict when it has left already.
    """
    with transaction.atomic():
        policy.require(ctx, Perm.PARTNER_MANAGE)
        locked = Partner.objects.select_for_update().get(pk=partner.pk)
        if not locked.is_active:
            raise Conflict(_("This partner has left already."), code="partner_left")
        keys = PartnerKey.objects.select_for_update().filter(partner=locked, revoked_at=None)
        for key in keys:
            issuing.end(ctx, key, "off_boarded")
        webhooks.end_all(ctx, locked, "off_boarded")
        Entitlement.objects.filter(partner=locked).delete()
        Agreement.objects.filter(partner=locked, ended_at=None).update(ended_at=ctx.at)
        locked.is_active = False
        locked.save(update_fields=["is_active"])
        made = OffBoarding.objects.create(partner=locked, asked_at=ctx.at, mailed=bool(locked.contact))
        if locked.contact:
            notify.send(ctx, channel=Channel.EMAIL, to=locked.contact, template=Template.DELETION)
        subject = Subject("partner", locked.pk)
        record(ctx, Verb.PARTNER_OFF_BOARDED, subject, keys=len(keys), mailed=made.mailed)
        return made


def certify_deletion(ctx: Context, *, partner: Partner, document: Document) -> OffBoarding:
    """Record the partner's certificate that everything is deleted. Raises Conflict unless it is awaited."""
    with transaction.atomic():
        policy.require(ctx, Perm.PARTNER_MANAGE)
        _check(document)
        found = OffBoarding.objects.select_for_update().filter(partner=partner, certified_at=None).first()
        if found is None:
            raise Conflict(_("No certificate is awaited from this partner."), code="nothing_awaited")
        found.certificate_sha256, found.certified_by = document.sha256, document.signed_by
        found.certified_at = ctx.at
        found.save(update_fields=["certificate_sha256", "certified_by", "certified_at"])
        record(ctx, Verb.PARTNER_CERTIFIED, Subject("partner", partner.pk), off_boarding=found.pk)
        return found


def _check(document: Document) -> None:
    if not _DIGEST.fullmatch(document.sha256) or not document.signed_by:
        message = _("Give the document's SHA-256 as 64 hexadecimal digits, and who signed it.")
        raise Invalid(message, code="bad_document")


def _record(ctx: Context, partner: Partner, version: str, document: Document, signed_on: date) -> Agreement:
    by_staff = ctx.actor.kind is ActorKind.STAFF
    made = Agreement.objects.create(
        partner=partner,
        version=version,
        document_sha256=document.sha256,
        signed_by=document.signed_by,
        signed_on=signed_on,
        recorded_by_id=UUID(ctx.actor.id) if by_staff else None,
        recorded_at=ctx.at,
    )
    if not partner.is_active:
        # One that had left comes back; what it was asked to delete stays on record.
        partner.is_active = True
        partner.save(update_fields=["is_active"])
    subject = Subject("partner", partner.pk)
    record(ctx, Verb.PARTNER_AGREED, subject, agreement=made.pk, signed_on=signed_on)
    return made


def _carry_over(ctx: Context, partner: Partner, agreement: Agreement) -> None:
    """What it had goes on under the new agreement; one that had nothing gets what everybody gets."""
    if Entitlement.objects.filter(partner=partner).update(agreement=agreement):
        return
    lists = List.objects.filter(rule__in=GIVEN_TO_ALL).order_by("slug")
    Entitlement.objects.bulk_create(
        Entitlement(partner=partner, list=each, rule=each.rule, agreement=agreement, given_at=ctx.at)
        for each in lists
    )
    for each in lists:
        subject = Subject("partner", partner.pk)
        record(ctx, Verb.PARTNER_ENTITLED, subject, list=each.slug, asked_for=False)
