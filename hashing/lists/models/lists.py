"""A list, and the numbered lines of its feed."""

from __future__ import annotations

import secrets
import uuid

from django.db import models
from django.db.models import Q

from hashing.lists.states import FeedState, Rule


def new_epoch() -> str:
    """A fresh epoch, so that a cursor from an earlier life of the list is never mistaken for one of this."""
    return f"e{secrets.token_hex(5)}"


class List(models.Model):
    """A hash list. `head`, `head_at` and `revision` move under the publisher's lock only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    rule = models.CharField(max_length=16, choices=Rule.choices)
    epoch = models.CharField(max_length=12, default=new_epoch)
    # ISO 3166 codes that the list is meant for; empty is everywhere.
    regions = models.JSONField(default=list)
    # Recommended greatest Hamming distance per kind, in bits: {"pdq": 31}.
    distances = models.JSONField(default=dict)
    head = models.BigIntegerField(default=0)
    head_at = models.DateTimeField(null=True)
    # The last number given to a record of the StopNCII wire, and its time in whole unix seconds.
    revision = models.BigIntegerField(default=0)
    revised_at = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rule__in=Rule.values), name="list_rule"),
            models.CheckConstraint(condition=Q(head__gte=0, revision__gte=0), name="list_counts"),
            models.CheckConstraint(condition=~Q(epoch=""), name="list_epoch"),
            # Referenced with its rule by entries and entitlements, which copy it (see 0002).
            models.UniqueConstraint(fields=["id", "rule"], name="list_id_rule"),
        ]


class Publication(models.Model):
    """A line of a list's feed: gapless per list and epoch, never updated or deleted (triggers in 0002)."""

    list = models.ForeignKey(List, models.PROTECT, related_name="publications", db_index=False)
    epoch = models.CharField(max_length=12)
    position = models.BigIntegerField()
    at = models.DateTimeField()
    entry = models.ForeignKey("hashing.Entry", models.PROTECT, related_name="publications")
    state = models.CharField(max_length=12, choices=FeedState.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "epoch", "position"], name="publication_position"),
            models.CheckConstraint(condition=Q(position__gte=1), name="publication_from_one"),
            models.CheckConstraint(condition=Q(state__in=FeedState.values), name="publication_state"),
        ]
        indexes = [
            models.Index(fields=["list", "at", "id"], name="publication_window"),
        ]
