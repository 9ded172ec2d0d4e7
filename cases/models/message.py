"""What the person and the agency write to each other; sealed to the case, so both sides of it can read it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class Sender(models.TextChoices):
    PERSON = "person"
    AGENCY = "agency"


class CaseMessage(models.Model):
    """`seen_at` is when the person opened it, or when the agency answered it or said that it needs no answer.
    `staff` is who wrote for the agency."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="messages")
    sender = models.CharField(max_length=8, choices=Sender)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    body_sealed = models.BinaryField()
    sent_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case", "sent_at"], name="case_message_order")]
        constraints = [
            models.CheckConstraint(
                name="case_message_staff_iff_agency",
                condition=Q(sender=Sender.PERSON, staff__isnull=True)
                | Q(sender=Sender.AGENCY, staff__isnull=False),
            ),
        ]
