"""How urgent a case is, and why: reasons that a person can read, never a score out of nowhere."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.crypto.fields import EncryptedTextField


class Priority(models.IntegerChoices):
    """Lower comes first."""

    NOW = 1, _("Now")
    TODAY = 2, _("Today")
    USUAL = 3, _("Usual")


class TriageReason(models.TextChoices):
    DANGER = "danger", _("Somebody is in danger")
    CHILD = "child", _("Somebody was or may have been under 18")
    EXTORTION = "extortion", _("Somebody asks for money or something else")
    THREAT = "threat", _("Somebody threatens to share it")
    SPREAD = "spread", _("It is in several places")
    CLOCK = "clock", _("A deadline is near")


class PriorityChoice(models.Model):
    """A member of staff knows better than the rules, and says why; the newest counts."""

    case = models.OneToOneField(
        "cases.Case", on_delete=models.CASCADE, primary_key=True, related_name="priority_choice"
    )
    priority = models.PositiveSmallIntegerField(choices=Priority)
    reason = EncryptedTextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="priority_choice_known", condition=Q(priority__in=Priority.values))
        ]
