"""Somebody who has lost their code asks for a new one; a caseworker decides."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class RegainState(models.TextChoices):
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    REPLACED = "replaced"


class Regain(models.Model):
    """`key_sealed` is the key that the new code derives, sealed to the desk: the code itself is shown to the
    person once and kept nowhere. It is erased with the decision.

    Without a case the request is a decoy: reference and contact did not fit, and the page did not say so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.CASCADE, related_name="regains")
    state = models.CharField(max_length=10, choices=RegainState, default=RegainState.ASKED)
    salt = models.BinaryField()
    key_sealed = models.BinaryField(null=True)
    asked_at = models.DateTimeField(db_index=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state=RegainState.ASKED), name="regain_one_asked"
            ),
            models.CheckConstraint(
                name="regain_key_iff_asked",
                condition=Q(state=RegainState.ASKED, key_sealed__isnull=False, decided_at__isnull=True)
                | (~Q(state=RegainState.ASKED) & Q(key_sealed__isnull=True, decided_at__isnull=False)),
            ),
        ]
