"""Why an entry is off the feed for now, and what two people made of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hashing.lists.models.entries import Entry
from hashing.lists.states import Reason


class Outcome(models.TextChoices):
    RESTORED = "restored", _("Put back on the list")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    # Withdrawn for another reason meanwhile, such as the person's own wish: that waits for nobody.
    ENDED = "ended", _("Ended by a withdrawal")


JUDGED = (Outcome.RESTORED, Outcome.WITHDRAWN)


class Quarantine(models.Model):
    """`figures` say what led to it. The first person proposes an outcome for what the digest covers, the
    second decides on the same; that they are two, the database holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="quarantines")
    cause = models.CharField(max_length=32, choices=Reason.choices)
    figures = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    proposal = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    # SHA-256 over what was shown: the entry, the reports, the figures, the proposal.
    digest = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(closed_at__isnull=True), name="quarantine_one_open"
            ),
            models.CheckConstraint(
                condition=Q(proposal="", proposed_by__isnull=True, proposed_at__isnull=True, digest="")
                | Q(proposal__in=JUDGED, proposed_by__isnull=False, proposed_at__isnull=False),
                name="quarantine_proposal",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", closed_at__isnull=True, decided_by__isnull=True)
                | Q(outcome=Outcome.ENDED, closed_at__isnull=False)
                | Q(outcome__in=JUDGED, outcome=F("proposal"), closed_at__isnull=False),
                name="quarantine_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=JUDGED)
                | (Q(proposed_by__isnull=False, decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="quarantine_four_eyes",
            ),
        ]
