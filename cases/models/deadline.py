"""A clock that runs: set by an action, met by an action, never ticked off."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class DeadlineKind(models.TextChoices):
    FIRST_LOOK = "first_look", _("Start work on the request")
    RESOLVE = "resolve", _("Bring the request to an end")
    NOTICE_ANSWER = "notice_answer", _("The service must have acted on our notice")
    LOOK_AGAIN = "look_again", _("Look whether it is up again")
    CHILD_REPORT = "child_report", _("Report to the authority for children")
    HOLD_ENDS = "hold_ends", _("A legal hold ends: extend it, or let it go")


class Deadline(models.Model):
    """`jurisdiction` is whose law or rule set it. `met_by` is the verb of the action that met it.

    While `paused_at` is set, the clock stands still; resuming moves `due_at` by as long as it stood.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="deadlines")
    location = models.ForeignKey(
        "cases.Location", null=True, on_delete=models.CASCADE, related_name="deadlines"
    )
    kind = models.CharField(max_length=16, choices=DeadlineKind)
    jurisdiction = models.CharField(max_length=2, blank=True)
    set_at = models.DateTimeField()
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    met_by = models.CharField(max_length=32, blank=True)
    ended_at = models.DateTimeField(null=True, help_text="it does not matter any more")

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="deadline_open",
                condition=Q(met_at__isnull=True, ended_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(name="deadline_kind_known", condition=Q(kind__in=DeadlineKind.values)),
            models.CheckConstraint(
                name="deadline_met_by_an_action",
                condition=Q(met_at__isnull=True, met_by="") | (Q(met_at__isnull=False) & ~Q(met_by="")),
            ),
            models.CheckConstraint(
                name="deadline_met_or_ended", condition=Q(met_at__isnull=True) | Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="deadline_over_is_not_paused",
                condition=Q(paused_at__isnull=True) | Q(met_at__isnull=True, ended_at__isnull=True),
            ),
            models.CheckConstraint(name="deadline_after_its_start", condition=Q(due_at__gte=F("set_at"))),
            models.UniqueConstraint(
                fields=["case", "kind", "location"],
                condition=Q(met_at__isnull=True, ended_at__isnull=True),
                nulls_distinct=False,
                name="deadline_one_open",
            ),
        ]


class Digest(models.Model):
    """When somebody was last told what is due."""

    staff = models.OneToOneField(
        "accounts.Staff", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    sent_at = models.DateTimeField()
