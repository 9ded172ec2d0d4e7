"""The agency itself, and the teams inside it."""

from __future__ import annotations

import uuid

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from portal.agency import helplines
from portal.agency.retention import check_outcomes


class MinorRoute(models.TextChoices):
    """What happens when anyone in a picture was, or may have been, under 18."""

    REFER = "refer", _("Refer to the child protection service")
    RESTRICTED = "restricted", _("Take it to the restricted team")


class ChildFiles(models.TextChoices):
    """What becomes of the files of a case once a child is suspected in it."""

    PRESERVE = "preserve", _("Keep them, locked, for the authority that has to have them")
    SHRED = "shred", _("Destroy them at once")


class Team(models.Model):
    """Staff act only on the cases of their teams. A restricted team takes the cases about children."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    restricted = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="team_name_once")]

    def __str__(self) -> str:
        return self.name


class Agency(models.Model):
    """The one agency that this installation serves: there is exactly one row, and its key is 1."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=120)
    # What mails and SMS are sent as: it must say nothing about why somebody would hear from the agency.
    neutral_name = models.CharField(max_length=40)
    # Shown to people in danger; "" shows words instead of a number.
    emergency_phone = models.CharField(max_length=20, blank=True, validators=[helplines.check_phone])
    # [{"name": str, "phone": str, "url": str, "hours": str}, ...]; "" where there is none.
    helplines = models.JSONField(default=list, blank=True, validators=[helplines.check])
    exit_url = models.URLField(default="https://www.wikipedia.org/")
    jurisdiction = models.CharField(max_length=2)  # ISO 3166-1 alpha-2
    minor_route = models.CharField(max_length=10, choices=MinorRoute, default=MinorRoute.REFER)
    minor_referral_name = models.CharField(max_length=120, blank=True)
    minor_referral_url = models.URLField(blank=True)
    # Within how many working days a new request is mostly read; 0 where the agency can't say.
    reply_days = models.PositiveSmallIntegerField(default=0)
    retention_days = models.PositiveIntegerField(default=180, validators=[MinValueValidator(1)])
    # For an outcome that is kept for another time: {"declined": 30, ...}, in days.
    retention_by_outcome = models.JSONField(default=dict, blank=True, validators=[check_outcomes])
    # Days in which two people may look at what goes, once its time is over; then it goes by itself.
    disposal_review_days = models.PositiveSmallIntegerField(default=0)
    # How long backups of the database are kept: what a proof of deletion promises rests on it.
    backup_days = models.PositiveIntegerField(default=35, validators=[MinValueValidator(1)])
    # How many files one person may look at in a day, and after how many they are told to rest; 0 for never.
    looks_a_day = models.PositiveSmallIntegerField(default=40)
    looks_then_rest = models.PositiveSmallIntegerField(default=10)
    # Where somebody turns who lost a reference or a code: shown on public pages.
    reference_contact = models.CharField(max_length=200, blank=True)
    # Where the portal writes to the agency itself, such as about a partner that has stopped to connect.
    alerts_email = models.EmailField(blank=True)
    # Where platforms answer to removal notices.
    notices_email = models.EmailField(blank=True)
    notices_phone = models.CharField(max_length=40, blank=True)
    child_files = models.CharField(max_length=8, choices=ChildFiles, default=ChildFiles.PRESERVE)
    intake_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    restricted_team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="agency_one_row"),
            models.CheckConstraint(condition=Q(minor_route__in=MinorRoute.values), name="agency_minor_route"),
            models.CheckConstraint(condition=Q(child_files__in=ChildFiles.values), name="agency_child_files"),
            models.CheckConstraint(condition=Q(retention_days__gte=1), name="agency_keeps_a_day"),
            models.CheckConstraint(
                condition=Q(minor_route=MinorRoute.REFER) | Q(restricted_team__isnull=False),
                name="agency_restricted_route_has_team",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ApprovedWording(models.Model):
    """A person has read one translation that a machine made, and found it right."""

    language = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, help_text="of `portal.agency.catalogues.Wording`")
    approved_by = models.UUIDField()
    approved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "digest"], name="wording_approved_once")]
