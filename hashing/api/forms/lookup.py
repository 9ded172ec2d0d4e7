"""Look-ups."""

from __future__ import annotations

import re
from typing import Any

from rest_framework import serializers

from hashing.api.forms.checking import Strict
from hashing.lists.states import VERIFICATION

MOST = 1000
_DIGITS = {"sha256": 64, "md5": 32, "pdq": 64}
_HEX = re.compile(r"[0-9a-f]*")


class AskedHash(Strict):
    type = serializers.ChoiceField(list(_DIGITS))
    value = serializers.RegexField(r"^[0-9a-f]{32,64}$", help_text="Lower-case hex.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs["value"]) != _DIGITS[attrs["type"]]:
            message = f"A {attrs['type']} has {_DIGITS[attrs['type']]} hexadecimal digits."
            raise serializers.ValidationError({"value": [message]})
        return attrs


class AskedRegions(Strict):
    """A query by regions, as the kit makes it; four views one after another (plain, mirrored, and both of
    the negative), in each the regions that say most first. Numbers are little endian."""

    version = serializers.IntegerField(min_value=1, max_value=255, help_text="Of the codes.")
    width = serializers.IntegerField(min_value=1, max_value=100_000, help_text="Of the upload, in pixels.")
    height = serializers.IntegerField(min_value=1, max_value=100_000)
    views = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=1000),
        min_length=4,
        max_length=4,
        help_text="How many regions each view has.",
    )
    codes = serializers.CharField(help_text="Base64: 32 bytes a region.")
    places = serializers.CharField(
        help_text="Base64: a region's x, y, natural logarithm of its size, and direction, as 32-bit floats, "
        "in pixels of the upload scaled to 560 at its longer side."
    )
    doubts = serializers.CharField(
        help_text="Base64: for the first 300 regions of the plain views and the first 100 of the negative "
        "ones, how sure each bit is: 4 bits each, 128 bytes a region."
    )


class Question(Strict):
    """One upload."""

    id = serializers.RegexField(
        r"^[A-Za-z0-9_.:-]{0,64}$", required=False, allow_blank=True, default="", help_text="Comes back."
    )
    hashes = serializers.ListField(child=AskedHash(), required=False, default=list, max_length=MOST)
    regions = AskedRegions(required=False)


class Lookup(Strict):
    lists = serializers.ListField(
        child=serializers.SlugField(max_length=40),
        required=False,
        min_length=1,
        max_length=100,
        help_text="All that you are entitled to, if you leave it out.",
    )
    queries = serializers.ListField(child=Question(), min_length=1, max_length=MOST)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        counts = [len(each["hashes"]) + ("regions" in each) for each in attrs["queries"]]
        if sum(counts) > MOST:
            raise serializers.ValidationError({"queries": [f"Ask at most {MOST} fingerprints at a time."]})
        if not all(counts):
            raise serializers.ValidationError({"queries": ["Each query needs at least one fingerprint."]})
        return attrs


class Match(serializers.Serializer[Any]):
    entry = serializers.UUIDField()
    list = serializers.SlugField()
    verification = serializers.ChoiceField(sorted(set(VERIFICATION.values())))
    reviewed = serializers.BooleanField(help_text="Whether two people decided on it.")
    decision = serializers.ChoiceField(["copy", "look"])
    how = serializers.ChoiceField(["exact", "pdq", "regional"])
    distance = serializers.IntegerField(allow_null=True, help_text="Differing bits; null for regions.")
    score = serializers.FloatField()
    region = serializers.ListField(
        child=serializers.IntegerField(),
        allow_null=True,
        help_text="Where in the upload: left, top, right, bottom in its pixels.",
    )


class Answer(serializers.Serializer[Any]):
    id = serializers.CharField(allow_blank=True)
    decision = serializers.ChoiceField(["copy", "look", "none"])
    matches = Match(many=True, help_text="The best first.")


class Answers(serializers.Serializer[Any]):
    answers = Answer(many=True, help_text="In the order of the queries.")
