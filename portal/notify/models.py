"""The outbox: what is owed to people, readable by workers only."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Channel(models.TextChoices):
    EMAIL = "email"
    SMS = "sms"


class Template(models.TextChoices):
    CODE = "code"
    UPDATE = "update"
    # The audit log's checkpoint, to whoever keeps it outside the agency.
    PROOF = "proof"
    # To a partner that leaves, and to the agency about a partner that has stopped to call.
    DELETION = "deletion"
    SILENCE = "silence"
    # A removal notice, to a platform: in the agency's own name, and not neutral.
    NOTICE = "notice"
    # To staff, of what is due: numbers only.
    DIGEST = "digest"


class MessageState(models.TextChoices):
    OWED = "owed"
    SENDING = "sending"
    SENT = "sent"
    UNSURE = "unsure"
    FAILED = "failed"


OPEN_STATES = [MessageState.OWED, MessageState.SENDING]


class Message(models.Model):
    """`payload` is {"to", "subject", "body"} sealed to the workers' key; it is erased when nothing is owed.

    `id` is also the stable Message-ID, so that a notice sent twice can be recognised.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.CharField(max_length=8, choices=Channel)
    template = models.CharField(max_length=8, choices=Template)
    state = models.CharField(max_length=8, choices=MessageState, default=MessageState.OWED)
    payload = models.BinaryField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="next attempt, or the end of the running one's lease")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="message_due", condition=Q(state__in=OPEN_STATES))]
        constraints = [
            models.CheckConstraint(
                name="message_payload_iff_owed",
                condition=Q(state__in=OPEN_STATES, payload__isnull=False, ended_at__isnull=True)
                | (~Q(state__in=OPEN_STATES) & Q(payload__isnull=True, ended_at__isnull=False)),
            ),
        ]
