"""Pictures that may never be listed, and what the collision guard found of those proposed."""

from __future__ import annotations

import builtins
import uuid

from django.db import models
from django.db.models import Q

from portal.crypto.fields import EncryptedBinaryField


class Harmless(models.Model):
    """A harmless picture of the agency's own: a form, a logo, a page of its app. Fingerprints only.

    `shown` holds bytes of fingerprints.background.shown, made with the projection named beside it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64, unique=True)
    md5 = models.CharField(max_length=32)
    shown = EncryptedBinaryField()
    projection = models.CharField(max_length=16)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="harmless_hex",
                condition=Q(sha256__regex="^[0-9a-f]{64}$", md5__regex="^[0-9a-f]{32}$"),
            )
        ]


class GuardCheck(models.Model):
    """The last check of a picture's fingerprints.

    hits: [name of the harmless picture, by which fingerprint] each; variants: PDQ variants that may not be
    listed; perceptual: whether pHash may not either; dropped: regional codes that went.
    """

    picture_id = models.UUIDField(primary_key=True)
    checked_at = models.DateTimeField()
    background = models.CharField(max_length=16)
    refused = models.BooleanField()
    perceptual = models.BooleanField()
    variants = models.JSONField(default=builtins.list)
    dropped = models.PositiveSmallIntegerField()
    regional_refused = models.BooleanField()
    hits = models.JSONField(default=builtins.list)
