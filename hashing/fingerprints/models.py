"""Fingerprints of pictures: any hash, with the version of the algorithm that made it."""

from __future__ import annotations

from django.db import models

from portal.vault.models import Picture


class Kind(models.TextChoices):
    SHA256 = "sha256"
    MD5 = "md5"
    PDQ = "pdq"
    PHASH = "phash"


class Fingerprint(models.Model):
    """One hash of one picture. `variant` is empty, or for PDQ the orientation; `value` is lower-case hex;
    `quality` (0 to 100) is set for PDQ alone."""

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
