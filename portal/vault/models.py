"""Encrypted pictures, what is rendered from them, and who looked. The vault knows no case."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from portal.crypto.fields import EncryptedBinaryField, EncryptedTextField


class PictureState(models.TextChoices):
    STORED = "stored"  # encrypted bytes are kept, a check is owed
    CHECKED = "checked"  # decoded in full, fingerprinted, with a preview
    REFUSED = "refused"  # can't be used; its key and bytes are destroyed already
    SHREDDED = "shredded"  # its key, then its bytes, are destroyed
    ON_DEVICE = "on_device"  # fingerprinted on the person's own device: never here


class Picture(models.Model):
    """One picture as given, encrypted under a key of its own; or one that stays on its owner's device.

    `wrapped_key` is sealed to the workers and wrapped under the epoch key of `epoch`; once it is gone,
    nothing opens the bytes, wherever a copy of them may lie.
    `lease_*` and `attempts` belong to whoever checks it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=16, choices=PictureState, default=PictureState.STORED)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=32)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    refusal = models.CharField(max_length=32, blank=True)
    wrapped_key = models.BinaryField(null=True)
    epoch = models.DateField(db_index=True)
    storage_name = models.CharField(max_length=100, unique=True)
    stored_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    locked_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    shred_due_at = models.DateTimeField(null=True, db_index=True)
    shredded_at = models.DateTimeField(null=True)
    shred_reason = models.CharField(max_length=32, blank=True)
    bytes_gone_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="picture_key_gone_iff_shredded",
                condition=Q(wrapped_key__isnull=True, shredded_at__isnull=False)
                | Q(wrapped_key__isnull=False, shredded_at__isnull=True)
                | Q(wrapped_key__isnull=True, state="on_device"),
            ),
            models.CheckConstraint(
                name="picture_shredded_has_date",
                condition=~Q(state__in=["refused", "shredded"]) | Q(shredded_at__isnull=False),
            ),
            models.CheckConstraint(
                name="picture_refusal_iff_refused",
                condition=Q(state="refused") & ~Q(refusal="") | ~Q(state="refused") & Q(refusal=""),
            ),
            models.CheckConstraint(
                name="picture_held_is_not_shredded",
                condition=Q(held_at__isnull=True) | Q(shredded_at__isnull=True),
            ),
            models.CheckConstraint(
                name="picture_bytes_go_after_key",
                condition=Q(bytes_gone_at__isnull=True) | Q(shredded_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["stored_at"], name="picture_owed", condition=Q(state="stored"))]


class RenditionKind(models.TextChoices):
    PREVIEW = "preview"  # blurred and grey
    REVEAL = "reveal"  # watermarked with the viewer's name, for one minute


class Rendition(models.Model):
    """A new encoding made by the caged child, under a key of its own that only the desk can open."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    picture = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")
    kind = models.CharField(max_length=16, choices=RenditionKind)
    media_type = models.CharField(max_length=32)
    wrapped_key = models.BinaryField(null=True)
    epoch = models.DateField(db_index=True)
    storage_name = models.CharField(max_length=100, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    shredded_at = models.DateTimeField(null=True)
    bytes_gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="rendition_one_preview", fields=["picture"], condition=Q(kind="preview")
            ),
            models.CheckConstraint(
                name="rendition_key_gone_iff_shredded",
                condition=Q(wrapped_key__isnull=True, shredded_at__isnull=False)
                | Q(wrapped_key__isnull=False, shredded_at__isnull=True),
            ),
            models.CheckConstraint(
                name="rendition_reveal_expires", condition=Q(kind="preview") | Q(expires_at__isnull=False)
            ),
        ]


class Reveal(models.Model):
    """One person's asked-for view of one picture: open for a minute from the first look, then gone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    picture = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="reveals")
    staff_id = models.UUIDField()
    team_id = models.UUIDField()
    reason = EncryptedTextField()
    reason_salt = EncryptedBinaryField()
    reason_shredded_at = models.DateTimeField(null=True)
    requested_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    rendition = models.OneToOneField(Rendition, null=True, on_delete=models.SET_NULL)

    class Meta:
        indexes = [
            models.Index(
                fields=["staff_id", "opened_at"], name="reveal_looked", condition=Q(opened_at__isnull=False)
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="reveal_opened_when_ready",
                condition=Q(opened_at__isnull=True) | Q(ready_at__isnull=False, closes_at__isnull=False),
            ),
        ]


class ErasedEpoch(models.Model):
    """A day whose key was destroyed because nothing of it was left to open."""

    day = models.DateField(primary_key=True)
    erased_at = models.DateTimeField()
