"""Delivery by workers, and the beat task that finds what the broker lost."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from portal.core import clock
from portal.core.context import Context
from portal.notify import checkpoints, delivery
from portal.notify.models import OPEN_STATES, Message
from portal.notify.services import queue

BATCH = 500


@shared_task(name="notify.deliver")
def deliver(message_id: str) -> None:
    delivery.deliver(Context.system("notify.deliver"), message_id=UUID(message_id))


@shared_task(name="notify.requeue")
def requeue() -> None:
    owed = Message.objects.filter(state__in=OPEN_STATES, due_at__lte=clock.now()).order_by("due_at")
    for message_id in owed.values_list("pk", flat=True)[:BATCH]:
        queue(message_id)


@shared_task(name="notify.checkpoint")
def checkpoint() -> None:
    """Mail the log's published checkpoint, once a day. Beat sends it every ten minutes."""
    checkpoints.mail(Context.system("notify.checkpoint"))
