"""A legal hold: a case's data must not be destroyed, for a reason, until a day."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.crypto.fields import EncryptedTextField


class HoldKind(models.TextChoices):
    ORDER = "order", _("Legal hold")
    CHILD = "child", _("Kept for the authority for children")


class Hold(models.Model):
    """Proposed by one person and placed by another; one for a child is placed by the lock itself.

    `digest` is SHA-256 (hex) of what the second person saw. `hidden`: a law forbids telling the person, and
    `law` says which. It is in force from `placed_at` to `ended_at`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=8, choices=HoldKind)
    reason = EncryptedTextField()
    hidden = models.BooleanField(default=False)
    law = EncryptedTextField()
    ends_on = models.DateField()
    digest = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    placed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="hold_kind_known", condition=Q(kind__in=HoldKind.values)),
            models.CheckConstraint(
                name="hold_placed_by_another",
                condition=Q(kind=HoldKind.CHILD, placed_at__isnull=False)
                | Q(placed_at__isnull=True, placed_by__isnull=True)
                | (
                    Q(placed_at__isnull=False, placed_by__isnull=False, proposed_by__isnull=False)
                    & ~Q(placed_by=F("proposed_by"))
                ),
            ),
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(ended_at__isnull=True), name="hold_one_open"
            ),
        ]
