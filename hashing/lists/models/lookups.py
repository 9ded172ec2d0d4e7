"""How much a partner looked up: counts, and never what."""

from __future__ import annotations

from django.db import models

from hashing.lists.models.partners import Partner


class LookupDay(models.Model):
    """A partner's look-ups of one day (UTC)."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="lookups")
    day = models.DateField()
    calls = models.BigIntegerField(default=0)
    fingerprints = models.BigIntegerField(default=0)
    copies = models.BigIntegerField(default=0)
    looks = models.BigIntegerField(default=0)
    misses = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "day"], name="lookupday_once")]
