"""A picture in a case: the join of a vault picture with what was decided about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.states import Decision


class CasePicture(models.Model):
    """`position` is the number people see ("File 1"); file names are never kept."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="pictures")
    picture = models.OneToOneField("vault.Picture", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    keep_as_evidence = models.BooleanField(default=False)
    decision = models.CharField(max_length=12, choices=Decision, default=Decision.UNDECIDED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    sharing_stopped_at = models.DateTimeField(null=True)
    # How many of the uploads that partners stopped the person has been told of.
    stops_told = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="case_picture_position"),
            models.CheckConstraint(
                name="case_picture_decided_at_iff_decided",
                condition=Q(decision=Decision.UNDECIDED, decided_at__isnull=True)
                | (~Q(decision=Decision.UNDECIDED) & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="case_picture_stopped_not_listed",
                condition=Q(sharing_stopped_at__isnull=True)
                | Q(decision__in=[Decision.UNDECIDED, Decision.NOT_LISTED]),
            ),
        ]
