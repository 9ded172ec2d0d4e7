"""What needs no key."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class SigningKey(serializers.Serializer[Any]):
    kty = serializers.ChoiceField(["OKP"])
    crv = serializers.ChoiceField(["Ed25519"])
    use = serializers.ChoiceField(["sig"])
    alg = serializers.ChoiceField(["EdDSA"])
    x = serializers.CharField(help_text="The public key, base64url.")
    kid = serializers.CharField(help_text="Its thumbprint (RFC 7638).")


class SigningKeys(serializers.Serializer[Any]):
    keys = SigningKey(many=True)


class StatusList(serializers.Serializer[Any]):
    slug = serializers.SlugField()
    position = serializers.IntegerField(source="head")
    published_at = serializers.DateTimeField(source="head_at", allow_null=True)


class Status(serializers.Serializer[Any]):
    status = serializers.ChoiceField(["ok", "degraded"])
    at = serializers.DateTimeField()
    publisher_lag = serializers.IntegerField(help_text="Seconds that the oldest change has waited.")
    lookup = serializers.ChoiceField(["ready", "unavailable"])
    lists = StatusList(many=True, required=False, help_text="With a key only.")
