"""Where it is posted. The address is sealed; only the host is kept in clear, for statistics and notices."""

from __future__ import annotations

import uuid

from django.db import models

from cases.states import LocationState


class Location(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="locations")
    position = models.PositiveSmallIntegerField()
    url_sealed = models.BinaryField()
    host = models.CharField(max_length=253)
    state = models.CharField(max_length=20, choices=LocationState, default=LocationState.FOUND)
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["case", "position"], name="location_position")]
