"""The StopNCII wire's records: one per value, over all entries that hold it."""

from __future__ import annotations

import builtins
import uuid

from django.db import models
from django.db.models import Q

from hashing.lists.models.lists import List
from hashing.lists.models.partners import Partner
from portal.crypto.fields import EncryptedTextField


class WireRecord(models.Model):
    """The aggregate of a value over all entries of a list. Written by the publisher only.

    While any entry holds it, `value` is the fingerprint. After that `value` is gone and `sealed` keeps it
    encrypted for the partners in ServedRecord until 45 days have passed; then the row is deleted.
    `cases` maps a random UUID per entry to "Active" or "Withdrawn".
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    list = models.ForeignKey(List, models.PROTECT, related_name="wire_records", db_index=False)
    kind = models.CharField(max_length=16)
    # HMAC of the value: finds the record again without keeping what was withdrawn.
    value_key = models.BinaryField(max_length=32)
    value = models.CharField(max_length=64, null=True)  # noqa: DJ001 (null is "withdrawn", told by a constraint)
    sealed = EncryptedTextField(null=True)
    cases = models.JSONField()
    # Of the entries that are active, each once.
    categories = models.JSONField(default=builtins.list)
    revision = models.BigIntegerField()
    # Whole unix seconds, never less than that of an earlier revision.
    last_mod = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "kind", "value_key"], name="wirerecord_value"),
            models.UniqueConstraint(fields=["list", "revision"], name="wirerecord_revision"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, sealed__isnull=True)
                | Q(value__isnull=True, sealed__isnull=False),
                name="wirerecord_sealed",
            ),
        ]
        indexes = [models.Index(fields=["list", "last_mod", "revision"], name="wirerecord_window")]


class ServedRecord(models.Model):
    """A partner was served this value as active, so it must be told of the withdrawal."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="+", db_index=False)
    record = models.ForeignKey(WireRecord, models.CASCADE, related_name="served")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "record"], name="served_once")]
