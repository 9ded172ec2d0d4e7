"""Where it is posted. The address is sealed; host and service stay in clear, for statistics and notices."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.states import LocationState


class Capture(models.TextChoices):
    """How it was made sure that it is there."""

    SEEN = "seen", _("Opened and seen")
    SCREENSHOT = "screenshot", _("Screenshot kept outside the portal")
    ARCHIVE = "archive", _("Copy of the page kept outside the portal")
    SENT_IN = "sent_in", _("The person sent proof")


class Refusal(models.TextChoices):
    """Why a service did not remove it."""

    NO_BREACH = "no_breach", _("It says that no rule is broken")
    MORE_ASKED = "more_asked", _("It asks for more than we may give")
    NOT_BOUND = "not_bound", _("It says that our law does not bind it")
    NO_REASON = "no_reason", _("It gave no reason")


class PassedTo(models.TextChoices):
    """Who else can act when the service does not."""

    HOST = "host", _("The company that hosts it")
    NETWORK = "network", _("The delivery network before it")
    REGISTRAR = "registrar", _("The registrar of its name")
    SEARCH = "search", _("Search engines")
    ACCESS = "access", _("Access providers")
    REGULATOR = "regulator", _("Another regulator or the police")


class Location(models.Model):
    """`url_index` finds the same page in other cases: a blind index, compared after opening.

    `detail` says more of the state: a Capture, Refusal or PassedTo.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="locations")
    position = models.PositiveSmallIntegerField()
    url_sealed = models.BinaryField()
    url_index = models.CharField(max_length=10, blank=True, db_index=True)
    host = models.CharField(max_length=253)
    platform = models.CharField(max_length=20, blank=True, help_text="a code of cases.platforms")
    state = models.CharField(max_length=20, choices=LocationState, default=LocationState.FOUND)
    detail = models.CharField(max_length=12, blank=True)
    found_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True, help_text="when somebody last saw it there")
    checked_at = models.DateTimeField(null=True, help_text="when somebody last looked")

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["platform", "case"], name="location_platform")]
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="location_position"),
            models.UniqueConstraint(
                fields=["case", "url_index"], condition=~Q(url_index=""), name="location_once_per_case"
            ),
            models.CheckConstraint(name="location_state_known", condition=Q(state__in=LocationState.values)),
            models.CheckConstraint(
                name="location_seen_when_looked",
                condition=Q(seen_at__isnull=True)
                | Q(checked_at__isnull=False, checked_at__gte=models.F("seen_at")),
            ),
        ]
