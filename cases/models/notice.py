"""A removal notice of a case: what somebody wrote, what somebody else approved, and exactly what was sent."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.states import NoticeState


class Notice(models.Model):
    """`record_sealed` is cases.notices.notice.Notice as canonical JSON, sealed to the case's key.

    `digest` is its SHA-256 (hex); `approved_digest` is of what the second person saw. `salt` is of the log's
    commitments to what was sent; it goes with the case's data. Service and mail address are the platform's.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="notices")
    reference = models.CharField(max_length=8, unique=True)
    regime = models.CharField(max_length=20, help_text="a code of cases.notices.regimes")
    formal = models.BooleanField()
    state = models.CharField(max_length=10, choices=NoticeState, default=NoticeState.DRAFTED)
    service = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    hours = models.PositiveSmallIntegerField()
    record_sealed = models.BinaryField(null=True)
    salt = models.BinaryField(null=True)
    digest = models.CharField(max_length=64)
    locations = models.ManyToManyField("cases.Location", related_name="notices")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    approved_digest = models.CharField(max_length=64, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    message = models.ForeignKey("notify.Message", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["service", "-sent_at"], name="notice_service")]
        constraints = [
            models.CheckConstraint(name="notice_state_known", condition=Q(state__in=NoticeState.values)),
            models.CheckConstraint(
                name="notice_approved_by_another",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="notice_approval_is_of_this_text",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True, approved_digest="")
                | Q(approved_by__isnull=False, approved_at__isnull=False, approved_digest=F("digest")),
            ),
            models.CheckConstraint(
                name="notice_formal_takes_two",
                condition=Q(formal=False)
                | ~Q(state__in=[NoticeState.APPROVED, NoticeState.SENT])
                | Q(approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="notice_sent_iff_sent_at",
                condition=Q(state=NoticeState.SENT, sent_at__isnull=False, due_at__isnull=False)
                | (~Q(state=NoticeState.SENT) & Q(sent_at__isnull=True, due_at__isnull=True)),
            ),
        ]


class NoticeCopy(models.Model):
    """One form of exactly what was sent, sealed to the case's key; `sha256` (hex) is of the opened bytes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="copies")
    form = models.CharField(max_length=4, help_text="a cases.notices.rendering.Form")
    content_sealed = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "form"], name="notice_copy_once")]
