"""Whole lists as files."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class Snapshot(serializers.Serializer[Any]):
    position = serializers.IntegerField(help_text="Names the file; it never changes.")
    entries = serializers.IntegerField()
    size = serializers.IntegerField(help_text="Bytes of the compressed file.")
    sha256 = serializers.CharField(help_text="Of the compressed file, hex.")
    built_at = serializers.DateTimeField()
    next_cursor = serializers.CharField(help_text="Where to go on pulling, once you have all of it.")
    manifest = serializers.CharField(
        help_text="All of this, signed: a compact JWS, by one of the keys at `/api/v1/signing-keys`."
    )


class Snapshots(serializers.Serializer[Any]):
    snapshots = Snapshot(many=True, help_text="The newest first.")
