"""Counted guesses at access codes. They guard secrets, so they live here and not in Redis."""

from __future__ import annotations

from django.db import models


class CodeThrottle(models.Model):
    """`key` is a keyed hash of a reference or a network prefix; neither is stored."""

    key = models.BinaryField(primary_key=True)
    attempts = models.PositiveIntegerField(default=0)
    window_started_at = models.DateTimeField()
