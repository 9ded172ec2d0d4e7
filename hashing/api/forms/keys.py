"""A partner's own keys."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from hashing.api.forms.checking import Strict
from hashing.lists.services.rotating import LONGEST_OVERLAP
from hashing.lists.states import Scope, Wire

PREFIX = r"^[0-9a-f]{12}$"


class Key(serializers.Serializer[Any]):
    prefix = serializers.CharField()
    wire = serializers.ChoiceField(Wire.choices)
    list = serializers.SlugField(source="list.slug", allow_null=True, default=None)
    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices))
    networks = serializers.ListField(child=serializers.CharField(), help_text="Empty: from anywhere.")
    issued_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="To the minute.")


class Keys(serializers.Serializer[Any]):
    keys = Key(many=True)


class Rotation(Strict):
    """Which key to replace, and how long it stays."""

    prefix = serializers.RegexField(
        PREFIX, required=False, help_text="The key to replace; the one you call with if you leave it out."
    )
    overlap_seconds = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=int(LONGEST_OVERLAP.total_seconds()),
        default=7 * 24 * 3600,
        help_text="How long the old key stays beside the new one.",
    )


class NewKey(serializers.Serializer[Any]):
    prefix = serializers.CharField()
    secret = serializers.CharField(help_text="Shown this once.")
