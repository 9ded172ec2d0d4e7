"""What partners report of entries, and what they submit."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from hashing.api.forms.checking import Strict
from hashing.fingerprints.models import Kind
from hashing.lists import reports
from hashing.lists.models.submissions import SubmissionState
from hashing.lists.reports import DisputeReason, Value
from hashing.lists.services import submitting
from hashing.lists.states import MediaType

_IDENTIFIER = r"^[A-Za-z0-9_.:-]{0,32}$"
_MATCHED_BY = [*Kind.values, "regional"]


class Report(Strict):
    """What you did about an entry's matches."""

    entry = serializers.UUIDField()
    value = serializers.ChoiceField(Value.choices)
    reason = serializers.ChoiceField(
        DisputeReason.choices, required=False, help_text="With `disputed`, and with nothing else."
    )
    total = serializers.IntegerField(
        required=False,
        default=1,
        min_value=1,
        max_value=reports.MOST,
        help_text="How many uploads or accounts so far: sending it twice changes nothing.",
    )
    kind = serializers.ChoiceField(_MATCHED_BY, required=False, help_text="By which kind it matched.")
    distance = serializers.IntegerField(required=False, min_value=0, max_value=reports.BITS)
    region = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=reports.WHOLE),
        required=False,
        min_length=4,
        max_length=4,
        help_text="Where in your upload: left, top, right, bottom in thousandths.",
    )


class Reports(Strict):
    reports = serializers.ListField(child=Report(), min_length=1, max_length=100)


class Accepted(serializers.Serializer[Any]):
    accepted = serializers.IntegerField()


class SubmittedHash(Strict):
    type = serializers.ChoiceField(Kind.choices)
    value = serializers.RegexField(r"^[0-9a-f]{16,64}$", help_text="Lower-case hex.")
    variant = serializers.RegexField(_IDENTIFIER, required=False, allow_blank=True, default="")
    quality = serializers.IntegerField(required=False, min_value=0, max_value=100, help_text="For PDQ.")
    algorithm = serializers.RegexField(r"^[A-Za-z0-9_.:-]{1,32}$", required=False, default="partner")


class NewSubmission(Strict):
    """The fingerprints of one post that was reported to you and that you removed."""

    media_type = serializers.ChoiceField(MediaType.choices, required=False, default=MediaType.IMAGE)
    hashes = serializers.ListField(child=SubmittedHash(), min_length=1, max_length=submitting.MOST)


class Submission(serializers.Serializer[Any]):
    submission = serializers.UUIDField(source="pk")
    state = serializers.ChoiceField(SubmissionState.choices)
    received_at = serializers.DateTimeField()
