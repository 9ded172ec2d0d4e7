"""What the person allowed, for whom, in which words, and until when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Recipient(models.TextChoices):
    PARTNERS = "partners", _("Partner platforms")
    POLICE = "police", _("Police")
    OTHERS = "others", _("Another agency")
    AGENCY = "agency", _("This agency")


class ConsentKind(models.TextChoices):
    FINGERPRINTS = "fingerprints", _("Fingerprints on the shared list")
    # Apart from the others: it says more about a picture than they do.
    REGIONAL = "regional", _("Detailed fingerprints that find changed copies")
    CASE_FILE = "case_file", _("The case and what was sent with it")
    EVIDENCE = "evidence", _("Keep the files as evidence")
    STATISTICS = "statistics", _("Anonymous statistics")
    # Not a permission but a word given: that one may act for the person it is about.
    AUTHORITY = "authority", _("They say that they may act for the person it is about")


class Consent(models.Model):
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="consents")
    recipient = models.CharField(max_length=12, choices=Recipient)
    kind = models.CharField(max_length=16, choices=ConsentKind)
    wording_version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "recipient", "kind"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_one_in_force",
            ),
            models.CheckConstraint(
                name="consent_withdrawn_after_given",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=models.F("given_at")),
            ),
        ]
