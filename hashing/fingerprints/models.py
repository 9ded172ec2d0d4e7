"""Fingerprints of pictures: any hash, with the version of the algorithm that made it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from portal.crypto.fields import EncryptedBinaryField
from portal.vault.models import Picture


class Kind(models.TextChoices):
    SHA256 = "sha256"
    MD5 = "md5"
    PDQ = "pdq"
    PHASH = "phash"


class Box(models.TextChoices):
    """What of the file was fingerprinted."""

    FULL = "full"
    TRIMMED = "trimmed"  # the picture within a screenshot or a border


class Source(models.TextChoices):
    SERVER = "server"
    DEVICE = "device"  # the person's own: the picture never left it


class Fingerprint(models.Model):
    """One hash of one picture. `variant` is empty, or for PDQ the orientation or framing; `value` is
    lower-case hex; `quality` (0 to 100) is set for PDQ alone."""

    picture = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="fingerprints")
    kind = models.CharField(max_length=16, choices=Kind)
    variant = models.CharField(max_length=32, blank=True)
    algorithm = models.CharField(max_length=32)
    value = models.CharField(max_length=64)
    quality = models.PositiveSmallIntegerField(null=True)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="fingerprint_once", fields=["picture", "kind", "variant", "algorithm"]
            ),
            models.CheckConstraint(name="fingerprint_hex", condition=models.Q(value__regex="^[0-9a-f]+$")),
            models.CheckConstraint(
                name="fingerprint_quality_of_pdq",
                condition=models.Q(kind="pdq", quality__isnull=False, quality__lte=100)
                | ~models.Q(kind="pdq") & models.Q(quality__isnull=True),
            ),
        ]


class RegionalFingerprint(models.Model):
    """A picture's regional fingerprint of one version; versions stand side by side, and none is changed.

    It stays when the picture is shredded, for as long as the picture is on a list: entries of all lists refer
    to it by `picture`. `codes` are bytes of regional.serial; the rectangle is in pixels of the upright
    picture, right and bottom outside. Triggers (migration 0005) refuse to change a row, or to delete one that
    a list needs, and log each change (Change).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    picture = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="regional")
    version = models.PositiveSmallIntegerField()
    box = models.CharField(max_length=8, choices=Box)
    codes = EncryptedBinaryField()
    count = models.PositiveSmallIntegerField()
    # 0 to 100: 100 is the most regions a fingerprint holds, none of them common.
    strength = models.PositiveSmallIntegerField()
    left = models.PositiveIntegerField()
    top = models.PositiveIntegerField()
    right = models.PositiveIntegerField()
    bottom = models.PositiveIntegerField()
    source = models.CharField(max_length=8, choices=Source, default=Source.SERVER)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="regional_once", fields=["picture", "version", "box"]),
            models.CheckConstraint(name="regional_box", condition=Q(box__in=Box.values)),
            models.CheckConstraint(name="regional_source", condition=Q(source__in=Source.values)),
            models.CheckConstraint(name="regional_count", condition=Q(count__lte=120, strength__lte=100)),
            models.CheckConstraint(
                name="regional_rectangle",
                condition=Q(left__lt=models.F("right"), top__lt=models.F("bottom")),
            ),
        ]


class Change(models.Model):
    """Something about a picture changed that an index of pictures must know: triggers write it (0005).

    A row begins without a number. `changes.settle` numbers what has been committed and keeps one row per
    picture, so a number that was read hides nothing that is committed later.
    """

    picture_id = models.UUIDField(db_index=True)
    number = models.BigIntegerField(null=True, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["picture_id"], name="change_unnumbered", condition=Q(number=None)),
        ]
