"""What partners report of an entry, and how often it matched."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from hashing.lists.models.entries import Entry
from hashing.lists.models.partners import Partner
from hashing.lists.reports import DisputeReason, Value
from hashing.lists.states import Wire


class Feedback(models.Model):
    """One report. Rows stay as they are but for the two marks (see 0009), so together they are the history.

    `current`: the partner's last report of this value, whose total counts. `standing`: its last of any
    value, which is its opinion.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="feedback")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="feedback")
    wire = models.CharField(max_length=10, choices=Wire.choices)
    value = models.CharField(max_length=16, choices=Value.choices)
    reason = models.CharField(max_length=16, choices=DisputeReason.choices, blank=True)
    total = models.PositiveIntegerField(default=1)
    # How it matched, if the partner said: kind, differing bits, [left, top, right, bottom] in thousandths.
    kind = models.CharField(max_length=16, blank=True)
    distance = models.PositiveSmallIntegerField(null=True)
    region = models.JSONField(null=True)
    received_at = models.DateTimeField()
    current = models.BooleanField(default=True)
    standing = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "entry", "value"], condition=Q(current=True), name="feedback_one_current"
            ),
            models.UniqueConstraint(
                fields=["partner", "entry"], condition=Q(standing=True), name="feedback_one_standing"
            ),
            models.CheckConstraint(condition=Q(value__in=Value.values), name="feedback_value"),
            models.CheckConstraint(
                condition=Q(value=Value.DISPUTED, reason__in=DisputeReason.values)
                | (~Q(value=Value.DISPUTED) & Q(reason="")),
                name="feedback_reason_of_dispute",
            ),
            models.CheckConstraint(condition=Q(total__gte=1), name="feedback_total"),
        ]
        indexes = [
            models.Index(fields=["entry", "received_at"], name="feedback_of_entry"),
            models.Index(fields=["received_at"], condition=Q(value=Value.DISPUTED), name="feedback_disputes"),
        ]


class MatchDay(models.Model):
    """How many uploads an entry matched on a day, by what a partner reports.

    (Rows from before partners were told apart name none.)
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="match_days")
    partner = models.ForeignKey(Partner, models.CASCADE, null=True, related_name="+")
    day = models.DateField()
    uploads = models.PositiveIntegerField(default=0)
    confirmed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "day", "partner"], nulls_distinct=False, name="matchday_once_each"
            )
        ]
        indexes = [models.Index(fields=["day"], name="matchday_day")]
