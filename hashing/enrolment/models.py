"""How far the full fingerprinting of a picture is, and which part of it is fingerprinted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hashing.fingerprints.boxes import Rectangle
from portal.vault.models import Picture


class State(models.TextChoices):
    OWED = "owed", _("Waiting to be fingerprinted")
    DONE = "done", _("Fingerprinted")
    FAILED = "failed", _("Could not be fingerprinted")
    GONE = "gone", _("Destroyed before it was fingerprinted")


class Trim(models.TextChoices):
    """Who said which part is the picture."""

    NONE = "none", _("Nothing to trim")
    PROPOSED = "proposed", _("Proposed by the computer, not confirmed")
    ACCEPTED = "accepted", _("Trimmed as proposed")
    ADJUSTED = "adjusted", _("Trimmed by hand")
    WHOLE = "whole", _("Not trimmed")


class Enrolment(models.Model):
    """The regional fingerprint and the PDQ set of one picture: owed from its check on, then done.

    `left` to `bottom` is what is fingerprinted, in pixels of the upright picture, all null for the whole of
    it; `proposed_*` is what the computer took for the picture within a screenshot or border. `regions` and
    `strength` are those of the regional fingerprint, null while it is owed; `version` its algorithm's.
    `lease_*`, `attempts` and `queued_at` belong to whoever is at it.
    """

    picture = models.OneToOneField(
        Picture, on_delete=models.CASCADE, primary_key=True, related_name="enrolment"
    )
    state = models.CharField(max_length=8, choices=State, default=State.OWED)
    trim = models.CharField(max_length=8, choices=Trim, default=Trim.NONE)
    # False until the computer has looked for a picture within the picture.
    looked = models.BooleanField(default=False)
    left = models.PositiveIntegerField(null=True)
    top = models.PositiveIntegerField(null=True)
    right = models.PositiveIntegerField(null=True)
    bottom = models.PositiveIntegerField(null=True)
    proposed_left = models.PositiveIntegerField(null=True)
    proposed_top = models.PositiveIntegerField(null=True)
    proposed_right = models.PositiveIntegerField(null=True)
    proposed_bottom = models.PositiveIntegerField(null=True)
    version = models.PositiveSmallIntegerField(null=True)
    regions = models.PositiveSmallIntegerField(null=True)
    strength = models.PositiveSmallIntegerField(null=True)
    owed_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    queued_at = models.DateTimeField(null=True)
    # What was made of a destroyed picture is kept for so long although no list holds it: its person may undo.
    kept_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="enrolment_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="enrolment_trim", condition=Q(trim__in=Trim.values)),
            models.CheckConstraint(
                name="enrolment_done_has_result",
                condition=~Q(state="done")
                | Q(done_at__isnull=False, version__isnull=False, regions__isnull=False)
                & Q(strength__isnull=False, looked=True),
            ),
            models.CheckConstraint(
                name="enrolment_box_iff_trimmed",
                condition=Q(trim__in=["none", "whole"], left=None, top=None, right=None, bottom=None)
                | Q(trim__in=["proposed", "accepted", "adjusted"], left__lt=models.F("right"))
                & Q(top__lt=models.F("bottom")),
            ),
            models.CheckConstraint(
                name="enrolment_confirmed_iff_decided",
                condition=Q(trim__in=["none", "proposed"], confirmed_at=None)
                | Q(trim__in=["accepted", "adjusted", "whole"], confirmed_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["owed_at"], name="enrolment_owed", condition=Q(state="owed"))]

    @property
    def box(self) -> Rectangle | None:
        """What is fingerprinted; None for all of it."""
        return Rectangle.of(self.left, self.top, self.right, self.bottom)

    @box.setter
    def box(self, box: Rectangle | None) -> None:
        self.left, self.top, self.right, self.bottom = box or (None, None, None, None)

    @property
    def proposal(self) -> Rectangle | None:
        return Rectangle.of(self.proposed_left, self.proposed_top, self.proposed_right, self.proposed_bottom)

    @proposal.setter
    def proposal(self, box: Rectangle | None) -> None:
        values = box or (None, None, None, None)
        self.proposed_left, self.proposed_top, self.proposed_right, self.proposed_bottom = values

    @property
    def ready(self) -> bool:
        """Fingerprinted in full, and nobody has to say any more which part is the picture."""
        return self.state == State.DONE and self.trim != Trim.PROPOSED


class Upgrade(models.Model):
    """A newer version of a held picture's regional fingerprint: owed since `owed_at`, then done; gone when it
    was destroyed or made anew meanwhile. The rest belongs to whoever is at it."""

    picture = models.OneToOneField(
        Picture, on_delete=models.CASCADE, primary_key=True, related_name="upgrade"
    )
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.OWED)
    owed_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    queued_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="upgrade_state", condition=Q(state__in=State.values))]
        indexes = [models.Index(fields=["owed_at"], name="upgrade_owed", condition=Q(state="owed"))]
