"""A visit to the public pages: a draft, or the following of a case, that only the cookie can open."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Purpose(models.TextChoices):
    REPORT = "report"
    FOLLOW = "follow"
    REGAIN = "regain"  # somebody who has lost their code


class Visit(models.Model):
    """`id` is the SHA-256 (hex) of the cookie's token, `payload` AES-GCM under a key derived from the token.

    Neither the table nor the server without the cookie can read a draft. `case` is set once the draft has
    become a case, which is what makes a second submit of the last page give the same case.
    """

    id = models.CharField(primary_key=True, max_length=64)
    purpose = models.CharField(max_length=8, choices=Purpose)
    payload = models.BinaryField()
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="visit_follow_has_case", condition=~Q(purpose=Purpose.FOLLOW) | Q(case__isnull=False)
            )
        ]


class VisitPicture(models.Model):
    """An uploaded picture that no case holds yet; the sweep shreds it with its visit."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="pictures")
    picture = models.OneToOneField("vault.Picture", on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["visit", "position"], name="visit_picture_position")]
