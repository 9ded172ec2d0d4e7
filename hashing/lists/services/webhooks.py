"""A partner's webhooks: added, confirmed by repeating a challenge, ended; and what is owed to them."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from hashing.lists import outgoing
from hashing.lists.models import DeliveryState, Entitlement, List, Partner, Webhook, WebhookDelivery
from hashing.lists.refusals import NotForYou
from hashing.lists.signing import unpadded
from hashing.lists.states import Wire
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict, NotFound
from portal.crypto import blind_index
from portal.vault import queue

MOST = 5
TASK = "hashing.webhook"


def add_webhook(ctx: Context, *, partner: Partner, url: str) -> Webhook:
    """A new address; a challenge is sent to it. Raises Invalid, Conflict for one too many or one twice."""
    outgoing.checked(url)
    with transaction.atomic():
        Partner.objects.select_for_update().get(pk=partner.pk)
        live = Webhook.objects.filter(partner=partner, ended_at=None)
        if live.filter(url=url).exists():
            raise Conflict("You have a webhook of that address already.", code="webhook_exists")
        if live.count() >= MOST:
            raise Conflict(f"You have {MOST} webhooks already. End one first.", code="too_many_webhooks")
        made = Webhook.objects.create(partner=partner, url=url, added_at=ctx.at)
        owed = WebhookDelivery.objects.create(webhook=made, created_at=ctx.at, due_at=ctx.at)
        queue.send(TASK, owed.pk)
        record(ctx, Verb.WEBHOOK_ADDED, Subject("webhook", made.pk), partner=partner.pk)
        return made


def confirm_webhook(ctx: Context, *, partner: Partner, webhook_id: UUID, challenge: str) -> Webhook:
    """Start telling it, once the partner repeats what was sent there. A challenge serves once.

    Raises NotFound, Conflict, and NotForYou (audited) for a wrong challenge or one that was used.
    """
    with transaction.atomic():
        found = _own(partner, webhook_id)
        if not hmac.compare_digest(challenge.encode(), challenge_of(found).encode()):
            raise _refusal(partner, "challenge", "This isn't the challenge that was sent.", "wrong_challenge")
        if found.confirmed_at is not None:
            raise _refusal(partner, "replayed", "This challenge was used already.", "challenge_used")
        found.confirmed_at = ctx.at
        found.save(update_fields=["confirmed_at"])
        record(ctx, Verb.WEBHOOK_CONFIRMED, Subject("webhook", found.pk), partner=partner.pk)
        return found


def end_webhook(ctx: Context, *, partner: Partner, webhook_id: UUID) -> None:
    """Tell it nothing any more."""
    with transaction.atomic():
        end(ctx, _own(partner, webhook_id), "by_partner")


def end(ctx: Context, found: Webhook, reason: str) -> None:
    """End a webhook that the caller has locked, and what is still owed to it."""
    found.ended_at = ctx.at
    found.save(update_fields=["ended_at"])
    owed = WebhookDelivery.objects.filter(webhook=found, state=DeliveryState.OWED)
    owed.update(state=DeliveryState.FAILED, ended_at=ctx.at, error="ended")
    record(ctx, Verb.WEBHOOK_ENDED, Subject("webhook", found.pk), partner=found.partner_id, reason=reason)


def end_all(ctx: Context, partner: Partner, reason: str) -> None:
    """Those of a partner that leaves: if it comes back, each has to be confirmed again."""
    for found in Webhook.objects.select_for_update().filter(partner=partner, ended_at=None).order_by("pk"):
        end(ctx, found, reason)


def drop_owed(ctx: Context, partner: Partner, hash_list: List) -> None:
    """Of a list that it may not pull any more, a partner is told nothing."""
    owed = WebhookDelivery.objects.filter(webhook__partner=partner, list=hash_list, state=DeliveryState.OWED)
    owed.update(state=DeliveryState.FAILED, ended_at=ctx.at, error="ended")


def challenge_of(webhook: Webhook) -> str:
    """What is sent to a new address: nobody can guess it, and nothing keeps it."""
    return unpadded(blind_index.keyed("webhook.challenge", str(webhook.pk)))


def owe(hash_list: List, at: datetime) -> None:
    """Owe each confirmed webhook of entitled partners a message that the list has moved, in the publisher's
    transaction. One that nobody has attempted yet takes the new position."""
    entitled = Entitlement.objects.filter(list=hash_list, partner__is_active=True).values("partner")
    webhooks = Webhook.objects.filter(partner__in=entitled, confirmed_at__isnull=False, ended_at=None)
    place: dict[str, Any] = {"epoch": hash_list.epoch, "position": hash_list.head}
    waiting = WebhookDelivery.objects.filter(
        webhook__in=webhooks, list=hash_list, state=DeliveryState.OWED, attempts=0
    )
    waiting.update(**place)
    moved = set(waiting.values_list("webhook_id", flat=True))
    made = [
        WebhookDelivery(webhook=each, list=hash_list, created_at=at, due_at=at, **place)
        for each in webhooks
        if each.pk not in moved
    ]
    WebhookDelivery.objects.bulk_create(made)
    for delivery in made:
        queue.send(TASK, delivery.pk)


def _own(partner: Partner, webhook_id: UUID) -> Webhook:
    rows = Webhook.objects.select_for_update().filter(partner=partner, pk=webhook_id, ended_at=None)
    found = rows.first()
    if found is None:
        raise NotFound("You have no such webhook.", code="no_such_webhook")
    return found


def _refusal(partner: Partner, reason: str, message: str, code: str) -> Exception:
    return NotForYou(message, code=code).because(partner_id=partner.pk, wire=Wire.NATIVE, reason=reason)
