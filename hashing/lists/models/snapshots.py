"""A whole list at one position, as a file that never changes."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from hashing.lists.models.lists import List


class Snapshot(models.Model):
    """Every active entry of a list at `position`. The file holds fingerprints: see docs/data-map.md.

    `manifest` is a signed statement (a compact JWS) of what the file is. Once the file is removed, the row
    stays to say that there was one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    list = models.ForeignKey(List, models.PROTECT, related_name="snapshots")
    epoch = models.CharField(max_length=12)
    position = models.BigIntegerField()
    entries = models.BigIntegerField()
    size = models.BigIntegerField()
    sha256 = models.BinaryField(max_length=32)
    manifest = models.TextField()
    built_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "epoch", "position"], name="snapshot_once"),
            models.CheckConstraint(
                condition=Q(position__gte=0, entries__gte=0, size__gte=1), name="snapshot_counts"
            ),
        ]
        indexes = [
            models.Index(fields=["built_at"], condition=Q(removed_at__isnull=True), name="snapshot_kept")
        ]
