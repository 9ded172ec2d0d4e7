"""What a partner has signed before it gets a list, and what it is asked for when it leaves."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from hashing.lists.models.partners import Partner

_HEX = r"^[0-9a-f]{64}$"


class Agreement(models.Model):
    """Who signed what, and when. Never changed but for its end (see 0012); the document itself is kept
    elsewhere, and can be told by its digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="agreements")
    version = models.CharField(max_length=20)
    document_sha256 = models.CharField(max_length=64)
    signed_by = models.CharField(max_length=120)
    signed_on = models.DateField()
    # Empty: a command, by whoever may run one.
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=Q(ended_at__isnull=True), name="agreement_one_in_force"
            ),
            # Referenced with its partner by entitlements (see 0012).
            models.UniqueConstraint(fields=["id", "partner"], name="agreement_id_partner"),
            models.CheckConstraint(condition=Q(document_sha256__regex=_HEX), name="agreement_document"),
            models.CheckConstraint(condition=~Q(version="") & ~Q(signed_by=""), name="agreement_signed"),
        ]


class OffBoarding(models.Model):
    """A partner that left: when it was asked to delete everything, and the certificate that it did."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="off_boardings")
    asked_at = models.DateTimeField()
    # False: there is no address on record, so the agency asks in its own way.
    mailed = models.BooleanField()
    certificate_sha256 = models.CharField(max_length=64, blank=True)
    certified_by = models.CharField(max_length=120, blank=True)
    certified_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=Q(certified_at__isnull=True), name="offboarding_one_open"
            ),
            models.CheckConstraint(
                condition=Q(certificate_sha256="", certified_by="", certified_at__isnull=True)
                | (Q(certificate_sha256__regex=_HEX, certified_at__isnull=False) & ~Q(certified_by="")),
                name="offboarding_certified",
            ),
        ]
