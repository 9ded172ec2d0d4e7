"""What a list held at the end of a day, signed."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from hashing.lists.models.lists import List


class Statement(models.Model):
    """Both roots are RFC 6962 Merkle roots. Never changed or deleted (see 0019)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    list = models.ForeignKey(List, models.PROTECT, related_name="statements")
    day = models.DateField()
    # Over every line of the feed up to the day's end, in order.
    publications = models.BigIntegerField()
    publications_root = models.BinaryField(max_length=32)
    # Over the ids of the entries that were active then, sorted.
    active = models.BigIntegerField()
    active_root = models.BinaryField(max_length=32)
    # The same, as a compact JWS with the list's signing key.
    signed = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "day"], name="statement_once"),
            models.CheckConstraint(condition=Q(publications__gte=0, active__gte=0), name="statement_counts"),
        ]
