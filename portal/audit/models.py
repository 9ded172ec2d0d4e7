"""The log's tables. The database refuses to change or delete their rows (migration 0002)."""

from __future__ import annotations

import os
import time
import uuid

from django.db import models
from django.db.models import Q

from portal.crypto.fields import EncryptedBinaryField, EncryptedTextField

NONCE_LENGTH = 16


def new_id() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562): the time to a quarter of a microsecond, then 62 random bits.

    So new entries lie side by side in the indexes, and those of one action, which share its time, sort by
    their ids as they were written.
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    finer = rest * 4096 // 1_000_000
    chance = int.from_bytes(os.urandom(8), "big") >> 2
    return uuid.UUID(int=milliseconds << 80 | 7 << 76 | finer << 64 | 2 << 62 | chance)


def new_nonce() -> bytes:
    return os.urandom(NONCE_LENGTH)


class Entry(models.Model):
    """One thing done. `leaf` is canonical.encode of the other columns, from when the entry was written."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
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
            models.Index(fields=["subject_id", "at"], name="audit_entry_about"),
            models.Index(fields=["actor_id", "at"], name="audit_entry_actor"),
            models.Index(fields=["verb", "at"], name="audit_entry_verb"),
            models.Index(fields=["at"], name="audit_entry_at"),
        ]


class Leaf(models.Model):
    """An entry's place in the tree. Indexes have no gap. `mark` is portal.audit.marks over index and hash;
    it is empty in leaves that were sealed before there were marks."""

    index = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="sealed")
    hash = models.BinaryField(max_length=32)
    mark = models.BinaryField(max_length=16, default=b"")


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
    # No link in the database: the trigger that fills the queue has the entry in its hand.
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="waiting", db_constraint=False)
    queued_at = models.DateTimeField()


class Log(models.Model):
    """The log's name in its checkpoints, unless AUDIT_ORIGIN gives another: chosen once at random (migration
    0006), so that no two installations' checkpoints can stand for each other."""

    id = models.SmallIntegerField(primary_key=True)
    origin = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(name="audit_log_only_one", condition=Q(id=1))]


class Published(models.Model):
    """A checkpoint that was shown to everybody, and is mailed and offered to witnesses. Never more than
    one in `publishing.EVERY`: the log's size, second by second, would tell when somebody reports."""

    checkpoint = models.OneToOneField(Checkpoint, on_delete=models.PROTECT, primary_key=True)
    at = models.DateTimeField()


class Witness(models.Model):
    """Somebody outside who signs published checkpoints, with a key of their own: a partner, a regulator."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=64, unique=True)
    public_key = models.BinaryField(max_length=32)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class Cosignature(models.Model):
    """A witness's signature under a published checkpoint: `line` as https://c2sp.org/tlog-cosignature has
    it."""

    witness = models.ForeignKey(Witness, on_delete=models.PROTECT, related_name="cosignatures")
    published = models.ForeignKey(Published, on_delete=models.PROTECT, related_name="cosignatures")
    at = models.DateTimeField()
    line = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["witness", "published"], name="audit_cosignature_once")
        ]


class ExportState(models.TextChoices):
    ASKED = "asked"
    READY = "ready"
    FAILED = "failed"
    GONE = "gone"


class Export(models.Model):
    """A part of the log that somebody took out, and why: made by a worker, kept for a few days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff_id = models.UUIDField()
    since = models.BigIntegerField(help_text="the first entry's place in the tree")
    reason = EncryptedTextField()
    reason_salt = EncryptedBinaryField()
    state = models.CharField(max_length=8, choices=ExportState, default=ExportState.ASKED)
    storage_name = models.CharField(max_length=100, blank=True)
    size = models.BigIntegerField(null=True, help_text="the tree's size that it was made from")
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="audit_export_stored_iff_ready",
                condition=Q(state="ready") & ~Q(storage_name="") & Q(size__isnull=False)
                | ~Q(state="ready") & Q(storage_name=""),
            )
        ]
        indexes = [models.Index(fields=["asked_at"], name="audit_export_asked")]
