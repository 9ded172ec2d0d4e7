"""Cases that belong together, as somebody decided; and the names that whoever did it goes by."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class LinkKind(models.TextChoices):
    """What two cases have in common."""

    PICTURE = "picture", _("The same picture")
    PAGE = "page", _("The same page")
    HANDLE = "handle", _("The same account")
    CONTACT = "contact", _("The same contact")
    KNOWN = "known", _("Somebody here knows")


class LinkDecision(models.TextChoices):
    LINKED = "linked", _("They belong together")
    APART = "apart", _("They have nothing to do with each other")


class CaseLink(models.Model):
    """A person's decision about a pair; without one, cases are only suggested to each other.

    `first` is the one with the lower key, so a pair has one row that is in force. Undone, it keeps when.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    first = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    decision = models.CharField(max_length=8, choices=LinkDecision)
    kinds = models.JSONField(default=list, help_text="codes of LinkKind that held when it was decided")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="link_of_a_pair_once", condition=Q(first__lt=F("second"))),
            models.CheckConstraint(name="link_decision_known", condition=Q(decision__in=LinkDecision.values)),
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(ended_at__isnull=True), name="link_one_in_force"
            ),
        ]


class Handle(models.Model):
    """An account that took part, as a caseworker noted it; sealed, with a blind index to compare by."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="handles")
    platform = models.CharField(max_length=20, blank=True, help_text="a code of cases.platforms")
    name_sealed = models.BinaryField()
    name_index = models.CharField(max_length=10, db_index=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "platform", "name_index"], name="handle_once_per_case"),
        ]
