"""Disposal: what has been kept long enough ends, in batches that two people looked at."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.states import CaseState


class Disposal(models.Model):
    """A batch of one team's cases. `digest` is SHA-256 (hex) of what was proposed; decided at most once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey("agency.Team", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="disposal_approved_by_another",
                condition=Q(approved_by__isnull=True)
                | (Q(decided_at__isnull=False) & ~Q(approved_by=F("proposed_by"))),
            ),
            models.UniqueConstraint(
                fields=["team"], condition=Q(decided_at__isnull=True), name="disposal_one_open"
            ),
        ]


class DisposedCase(models.Model):
    """A line of a batch. It outlives its case, so it names neither person nor reference."""

    disposal = models.ForeignKey(Disposal, on_delete=models.PROTECT, related_name="lines")
    case_id = models.UUIDField()
    outcome = models.CharField(max_length=16, choices=CaseState)
    closed_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["disposal", "case_id"], name="disposal_case_once")]
