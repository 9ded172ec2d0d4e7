"""The hashing app's system check."""

from __future__ import annotations

from django.apps import AppConfig


class HashingConfig(AppConfig):
    name = "hashing"

    def ready(self) -> None:
        from hashing.matching import checks  # noqa: F401, PLC0415 (registers itself)
