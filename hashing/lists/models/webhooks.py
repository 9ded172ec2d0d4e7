"""Where a partner wants to be told that a list has moved, and what it was told."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from hashing.lists.models.lists import List
from hashing.lists.models.partners import Partner


class DeliveryState(models.TextChoices):
    OWED = "owed"
    DELIVERED = "delivered"
    FAILED = "failed"


class Webhook(models.Model):
    """An address of a partner's. Only a challenge is sent to it until the partner has repeated that."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=500)
    added_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "url"], condition=Q(ended_at__isnull=True), name="webhook_once"
            ),
            models.CheckConstraint(condition=Q(url__startswith="https://"), name="webhook_https"),
        ]


class WebhookDelivery(models.Model):
    """A message to a webhook; its `id` is the message's stable id, the same in every attempt.

    `list` and `position` say where the list has come to; without a list it is the challenge. A delivery that
    nobody has attempted yet moves on with the list, so a busy list owes one message and not a thousand.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    list = models.ForeignKey(List, models.PROTECT, related_name="+", null=True)
    epoch = models.CharField(max_length=12, blank=True)
    position = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.OWED)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    # The next attempt, or the end of the running one's lease.
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # The last answer: a status, or 0 with a code of what went wrong.
    status = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state"),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.OWED, ended_at__isnull=True)
                | (~Q(state=DeliveryState.OWED) & Q(ended_at__isnull=False)),
                name="delivery_ended",
            ),
            models.UniqueConstraint(
                fields=["webhook", "list"],
                condition=Q(state=DeliveryState.OWED, attempts=0),
                name="delivery_not_twice",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state=DeliveryState.OWED), name="delivery_due"),
            models.Index(fields=["webhook", "created_at"], name="delivery_log"),
        ]
