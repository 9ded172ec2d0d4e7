"""The log's tables. The database refuses to change or delete their rows (migration 0002)."""

from __future__ import annotations

import os
import uuid

from django.db import models

NONCE_LENGTH = 16


def new_nonce() -> bytes:
    return os.urandom(NONCE_LENGTH)


class Entry(models.Model):
    """One thing done. `leaf` is canonical.encode of the other columns, from when the entry was written."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    verb = models.CharField(max_length=40)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=64)
    role = models.CharField(max_length=20, blank=True)
    subject_type = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    action_id = models.UUIDField()
    at = models.DateTimeField()
    nonce = models.BinaryField(max_length=NONCE_LENGTH, default=new_nonce)
    leaf = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "at"], name="audit_entry_subject"),
            models.Index(fields=["actor_id", "at"], name="audit_entry_actor"),
            models.Index(fields=["at"], name="audit_entry_at"),
        ]


class Leaf(models.Model):
    """An entry's place in the tree. Indexes have no gap. `root` is the root of the first index + 1 leaves."""

    index = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="sealed")
    hash = models.BinaryField(max_length=32)
    root = models.BinaryField(max_length=32)


class Tile(models.Model):
    """The root of a complete subtree of 256 ** level leaves, the `index`th of its level, so that a root over
    n leaves reads at most 255 hashes per level."""

    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="audit_tile_place")]


class Checkpoint(models.Model):
    """The signed state of the tree: `note` is a C2SP signed note over origin, size and root,
    signed again with `at`, which has whole seconds."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    note = models.TextField()


class Unsealed(models.Model):
    """What the sealer still has to do, kept by triggers: a row comes with its entry and goes with its leaf.

    `position` only orders; a late commit brings a low one, and is found all the same.
    """

    position = models.BigAutoField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="waiting")
    queued_at = models.DateTimeField()
