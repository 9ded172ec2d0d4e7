"""Look-ups that somebody waits for, and pictures that show the same as others."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from hashing.matching.answers import Decision, How
from portal.vault.models import Picture

_DECISIONS = [(each.value, each.value) for each in (Decision.COPY, Decision.LOOK)]
_HOWS = [(each.value, each.value) for each in How]


class Search(models.Model):
    """A member of staff asks whether a file is known. The file is kept, encrypted, until it is answered.

    `found`: the matches as hashing.matching.searches writes them; what may be shown of them is decided each
    time they are shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff_id = models.UUIDField()
    wrapped_key = models.BinaryField(null=True)
    epoch = models.DateField()
    storage_name = models.CharField(max_length=100, unique=True)
    asked_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=32, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    found = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="search_key_gone_iff_answered",
                condition=Q(wrapped_key__isnull=True, answered_at__isnull=False)
                | Q(wrapped_key__isnull=False, answered_at__isnull=True),
            ),
            models.CheckConstraint(name="search_failed_found_nothing", condition=Q(failure="") | Q(found=[])),
        ]
        indexes = [
            models.Index(fields=["asked_at"], name="search_owed", condition=Q(answered_at=None)),
        ]


class Resemblance(models.Model):
    """Two held pictures of which one was found by the other. region: where, in the pixels of `picture`."""

    picture = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="resemblances")
    other = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="+")
    decision = models.CharField(max_length=8, choices=_DECISIONS)
    how = models.CharField(max_length=8, choices=_HOWS)
    score = models.FloatField()
    region = models.JSONField(null=True)
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="resemblance_once", fields=["picture", "other"]),
            models.CheckConstraint(name="resemblance_of_two", condition=~Q(picture=F("other"))),
        ]


class Comparison(models.Model):
    """How far new pictures have been compared with the others: one row, the number of a change."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(name="comparison_one_row", condition=Q(id=1))]
