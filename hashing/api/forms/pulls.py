"""A partner's own record of pulls."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from hashing.lists.states import Wire


class PullsQuery(serializers.Serializer[Any]):
    cursor = serializers.CharField(
        required=False, max_length=100, help_text="`next_cursor` of the page before; leave it out to start."
    )


class Pull(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    list = serializers.SlugField()
    wire = serializers.ChoiceField(Wire.choices)
    after = serializers.IntegerField(help_text="The position that the request named.")
    position = serializers.IntegerField(help_text="The last position that the answer held.")
    entries = serializers.IntegerField(help_text="How many entries the answer held.")


class Pulls(serializers.Serializer[Any]):
    pulls = Pull(many=True)
    next_cursor = serializers.CharField(allow_null=True, help_text="For older ones; null when these are all.")
