"""One-time codes: only keyed hashes of the code, the contact and the visit it belongs to."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class ChallengeState(models.TextChoices):
    OPEN = "open"
    CONFIRMED = "confirmed"
    SPENT = "spent"
    REPLACED = "replaced"


class Challenge(models.Model):
    """`contact_key`, `binding_key` and `code_hash` are 32-byte HMACs (crypto.blind_index.keyed).

    A challenge without a message is a decoy: the contact has had its codes for the day, nothing was sent, and
    nothing confirms it; whoever looks at the page can't tell the difference.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=10, choices=ChallengeState, default=ChallengeState.OPEN)
    contact_key = models.BinaryField(db_index=True)
    binding_key = models.BinaryField(db_index=True)
    code_hash = models.BinaryField()
    tries = models.PositiveSmallIntegerField(default=0)
    message = models.ForeignKey("notify.Message", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="challenge_at_most_five_tries", condition=Q(tries__lte=5)),
            models.CheckConstraint(
                name="challenge_confirmed_at_iff_confirmed",
                condition=Q(state=ChallengeState.CONFIRMED, confirmed_at__isnull=False)
                | (~Q(state=ChallengeState.CONFIRMED) & Q(confirmed_at__isnull=True)),
            ),
        ]


class ContactDay(models.Model):
    """How many codes a contact was sent, and how many wrong ones were typed for it, on a day (UTC)."""

    contact_key = models.BinaryField()
    day = models.DateField(db_index=True)
    sends = models.PositiveSmallIntegerField(default=0)
    wrong = models.PositiveSmallIntegerField(default=0)
    last_sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact_key", "day"], name="contact_day_unique"),
            models.CheckConstraint(name="contact_day_limits", condition=Q(sends__lte=5) & Q(wrong__lte=15)),
        ]
