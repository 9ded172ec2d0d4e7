"""What makes cases easy to find again: tags, and searches that somebody keeps."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

TAG = r"^[\w-]{2,30}$"


class CaseTag(models.Model):
    """A word on a case: letters of any script, digits and hyphens, in lower case. It stands in clear."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=30, validators=[RegexValidator(TAG, _("One word, such as school."))])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "case"], name="tag_once_per_case")]


class SavedView(models.Model):
    """`filters` are of cases.searching.Filters: codes, tags and blind indexes, never what was typed.

    With a team it is shared with that team; what each member finds is what their own teams hold.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey("agency.Team", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    filters = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="view_name_once")]
