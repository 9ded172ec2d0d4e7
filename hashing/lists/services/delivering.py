"""Deliver what is owed to webhooks: at least once, with a stable id, signed for the moment of each attempt.

The form is that of Standard Webhooks with Ed25519 (`v1a`): the signature is over id, time and body, so a
message can't be passed off as another, nor as one of another time.
"""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from hashing.lists import outgoing, signing
from hashing.lists.models import DeliveryState, WebhookDelivery
from hashing.lists.services import webhooks
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.vault import queue

LEASE = timedelta(seconds=60)  # longer than an attempt can take
TRIES = 14
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=6)
_BATCH = 500
_GONE = 410
_LIVE = {"webhook__ended_at": None, "webhook__partner__is_active": True}


def deliver(ctx: Context, *, delivery_id: UUID) -> DeliveryState | None:
    """Attempt a delivery that is due. None when nothing is owed, or another worker is at it."""
    delivery = _claim(ctx, delivery_id)
    if delivery is None:
        return None
    body = json.dumps(message(delivery), separators=(",", ":")).encode()
    status, error = 0, ""
    try:
        status = outgoing.post(delivery.webhook.url, body, headers(delivery, body, ctx))
    except outgoing.NotSent as problem:
        error = problem.code
    return _settle(ctx, delivery, status, error)


def requeue_deliveries(ctx: Context) -> int:
    """Queue what the broker lost or whose time has come; how many."""
    owed = WebhookDelivery.objects.filter(state=DeliveryState.OWED, due_at__lte=ctx.at, **_LIVE)
    found = list(owed.order_by("due_at").values_list("pk", flat=True)[:_BATCH])
    with transaction.atomic():
        for delivery_id in found:
            queue.send(webhooks.TASK, delivery_id)
    return len(found)


def message(delivery: WebhookDelivery) -> dict[str, str | int]:
    """What is told: never more than that there is something to pull."""
    said: dict[str, str | int] = {"webhook": str(delivery.webhook_id), "at": delivery.created_at.isoformat()}
    if delivery.list is None:
        return {"type": "webhook.challenge", **said, "challenge": webhooks.challenge_of(delivery.webhook)}
    place: dict[str, str | int] = {"epoch": delivery.epoch, "position": delivery.position}
    return {"type": "list.moved", **said, "list": delivery.list.slug, **place}


def headers(delivery: WebhookDelivery, body: bytes, ctx: Context) -> dict[str, str]:
    """Id, time and signature."""
    name, at = f"msg_{delivery.pk.hex}", str(int(ctx.at.timestamp()))
    signature = signing.sign_bytes(f"{name}.{at}.".encode() + body)
    return {
        "Content-Type": "application/json",
        "User-Agent": "portal-webhook/1",
        "webhook-id": name,
        "webhook-timestamp": at,
        "webhook-signature": f"v1a,{base64.b64encode(signature).decode()}",
        "webhook-key-id": signing.key_id(signing.public()),
    }


@transaction.atomic
def _claim(ctx: Context, delivery_id: UUID) -> WebhookDelivery | None:
    """Take the lease. A lease that ran out means that a worker died on it: it is attempted again."""
    due = WebhookDelivery.objects.select_for_update(skip_locked=True, of=("self",))
    due = due.select_related("webhook", "list").filter(
        pk=delivery_id, state=DeliveryState.OWED, due_at__lte=ctx.at, **_LIVE
    )
    delivery = due.first()
    if delivery is not None:
        delivery.attempts, delivery.due_at = delivery.attempts + 1, ctx.at + LEASE
        delivery.save(update_fields=["attempts", "due_at"])
    return delivery


@transaction.atomic
def _settle(ctx: Context, claimed: WebhookDelivery, status: int, error: str) -> DeliveryState | None:
    """Write the outcome, unless the lease ran out meanwhile and another worker has the delivery."""
    rows = WebhookDelivery.objects.select_for_update(of=("self",)).select_related("webhook")
    held = rows.filter(pk=claimed.pk, state=DeliveryState.OWED, attempts=claimed.attempts).first()
    if held is None:
        return None
    held.status, held.error = status, error
    after = _after(status, held.attempts)
    if after is DeliveryState.OWED:
        held.due_at = ctx.at + min(FIRST_WAIT * 2 ** (held.attempts - 1), LONGEST_WAIT)
    else:
        held.state, held.ended_at = after, ctx.at
    held.save(update_fields=["status", "error", "state", "due_at", "ended_at"])
    outcome = error or f"status_{status}"
    subject = Subject("webhook", held.webhook_id)
    record(ctx, Verb.WEBHOOK_CALLED, subject, attempts=held.attempts, outcome=outcome, state=str(after))
    if status == _GONE:
        webhooks.end(ctx, held.webhook, "gone")
    return after


def _after(status: int, attempts: int) -> DeliveryState:
    if 200 <= status < 300:  # noqa: PLR2004 (the class of success)
        return DeliveryState.DELIVERED
    return DeliveryState.FAILED if status == _GONE or attempts >= TRIES else DeliveryState.OWED
