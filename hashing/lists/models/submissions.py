"""Fingerprints that a partner sends of a reported post that it removed: they wait at the desk."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hashing.lists.models.partners import Partner
from hashing.lists.states import MediaType, Wire


class SubmissionState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    PROPOSED = "proposed", _("Proposed for a list")
    REFUSED = "refused", _("Not for a list")


class Submission(models.Model):
    """Of one removed post. `picture_id` is the picture of a case that it is a copy of, once that is known:
    without one there is nobody whose consent could list it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="submissions")
    wire = models.CharField(max_length=10, choices=Wire.choices)
    received_at = models.DateTimeField()
    media_type = models.CharField(max_length=8, choices=MediaType.choices)
    # SHA-256 over its fingerprints: the same ones from the same partner are the same submission.
    digest = models.CharField(max_length=64)
    picture_id = models.UUIDField(null=True)
    # By how many bits it differs from that picture's nearest fingerprint; null when staff linked it.
    distance = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=10, choices=SubmissionState.choices, default=SubmissionState.WAITING)
    reason = models.CharField(max_length=32, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "digest"], name="submission_once"),
            models.CheckConstraint(
                condition=Q(state=SubmissionState.REFUSED, closed_at__isnull=False)
                | (~Q(state=SubmissionState.REFUSED) & Q(closed_at__isnull=True)),
                name="submission_closed_iff_refused",
            ),
            models.CheckConstraint(
                condition=~Q(state=SubmissionState.PROPOSED) | Q(picture_id__isnull=False),
                name="submission_proposed_linked",
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at"], condition=Q(state=SubmissionState.WAITING), name="submission_waiting"
            ),
            models.Index(fields=["picture_id"], name="submission_picture"),
        ]


class SubmissionFingerprint(models.Model):
    """One of its fingerprints, deleted when it is refused."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="fingerprints")
    kind = models.CharField(max_length=16)
    variant = models.CharField(max_length=32, blank=True)
    value = models.CharField(max_length=512)
    quality = models.SmallIntegerField(null=True)
    algorithm = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "kind", "variant", "algorithm"], name="submissionfp_once"
            ),
        ]
