"""An entry: one picture's fingerprints on one list."""

from __future__ import annotations

import builtins
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hashing.lists.models.lists import List
from hashing.lists.states import NEEDS_TWO, OPEN, Category, FeedState, MediaType, Rule, State


class Entry(models.Model):
    """`id` is random, and the only name partners ever see. `published` is what the feed last said of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    list = models.ForeignKey(List, models.PROTECT, related_name="entries")
    rule = models.CharField(max_length=16, choices=Rule.choices)
    picture_id = models.UUIDField()
    # If a partner's submission gave the fingerprints; `picture_id` is then the picture it is a copy of.
    submission = models.ForeignKey("hashing.Submission", models.PROTECT, null=True, related_name="entries")
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    # SHA-256 over the entry, its list, its picture and every fingerprint row: what is approved.
    digest = models.CharField(max_length=64)
    # Not listed before this, nor before the guard has looked again since. Null for what needn't wait.
    wait_until = models.DateTimeField(null=True)
    listed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    # When the collision guard last let its fingerprints pass.
    guarded_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=32, blank=True)
    # Names of the PDQ variants that were listed: which records a tombstone must name. No fingerprint.
    variants = models.JSONField(default=builtins.list)
    published = models.CharField(max_length=12, choices=FeedState.choices, blank=True)
    # Its last line in the list's present epoch, and that line's time.
    position = models.BigIntegerField(null=True)
    published_at = models.DateTimeField(null=True)
    media_type = models.CharField(
        max_length=8, choices=MediaType.choices, default=MediaType.IMAGE, db_default="image"
    )
    category = models.CharField(
        max_length=16, choices=Category.choices, default=Category.NCII, db_default="ncii"
    )

    # The person consented to regional codes leaving for partners that are entitled to them.
    regional = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="entry_state"),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(decided_by=F("proposed_by")),
                name="entry_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(rule__in=NEEDS_TWO)
                | ~Q(state__in=[State.APPROVED, State.LISTED, State.QUARANTINED])
                | Q(proposed_by__isnull=False, decided_by__isnull=False),
                name="entry_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.APPROVED, State.LISTED, State.QUARANTINED])
                | Q(guarded_at__isnull=False),
                name="entry_guarded",
            ),
            models.CheckConstraint(
                condition=Q(wait_until=None) | Q(listed_at=None) | Q(guarded_at__gte=F("wait_until")),
                name="entry_waited",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.LISTED, State.QUARANTINED], listed_at__isnull=False)
                | Q(state__in=[State.PROPOSED, State.APPROVED, State.REJECTED], listed_at__isnull=True)
                | Q(state=State.WITHDRAWN),
                name="entry_listed_at",
            ),
            models.CheckConstraint(
                condition=Q(state=State.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(state=State.WITHDRAWN) & Q(withdrawn_at__isnull=True)),
                name="entry_withdrawn_at",
            ),
            models.CheckConstraint(
                condition=Q(published__in=["", *FeedState.values]), name="entry_published"
            ),
            models.CheckConstraint(
                condition=Q(published="") | Q(listed_at__isnull=False), name="entry_published_listed"
            ),
            models.CheckConstraint(condition=Q(media_type__in=MediaType.values), name="entry_media_type"),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="entry_category"),
            models.UniqueConstraint(
                fields=["list", "picture_id"],
                condition=Q(state__in=OPEN, submission__isnull=True),
                name="entry_once_per_list",
            ),
            models.UniqueConstraint(
                fields=["list", "submission"],
                condition=Q(state__in=OPEN, submission__isnull=False),
                name="entry_once_per_submission",
            ),
            models.CheckConstraint(
                condition=Q(rule=Rule.SANDBOX, category=Category.SANDBOX)
                | (~Q(rule=Rule.SANDBOX) & ~Q(category=Category.SANDBOX)),
                name="entry_sandbox",
            ),
        ]
        indexes = [
            models.Index(fields=["picture_id"], name="entry_picture"),
            models.Index(
                fields=["list", "proposed_at"],
                condition=Q(state=State.APPROVED)
                | (Q(state=State.LISTED) & ~Q(published=FeedState.ACTIVE))
                | (Q(state=State.QUARANTINED) & ~Q(published=FeedState.QUARANTINED))
                | (Q(state=State.WITHDRAWN, listed_at__isnull=False) & ~Q(published=FeedState.WITHDRAWN)),
                name="entry_owed",
            ),
        ]


_PLAIN = r"^[A-Za-z0-9_.:+/=-]*$"


class EntryFingerprint(models.Model):
    """A fingerprint as it was approved: written while the entry is proposed, then never changed (see 0002).

    The publisher deletes an entry's rows when it publishes the withdrawal.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="fingerprints", db_index=False)
    kind = models.CharField(max_length=16)
    variant = models.CharField(max_length=32, blank=True)
    value = models.CharField(max_length=512)
    quality = models.SmallIntegerField(null=True)
    algorithm = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "kind", "variant", "algorithm"], name="entryfp_once"),
            models.CheckConstraint(
                condition=~Q(kind="pdq") | Q(value__regex=r"^[0-9a-f]{64}$", quality__gte=50),
                name="entryfp_pdq_quality",
            ),
            # Identifiers and hexadecimal or base64 values: text that goes into JSON as it is.
            models.CheckConstraint(
                condition=Q(
                    kind__regex=_PLAIN, variant__regex=_PLAIN, algorithm__regex=_PLAIN, value__regex=_PLAIN
                ),
                name="entryfp_plain",
            ),
        ]
