"""The embedded set-up's system check."""

from __future__ import annotations

from django.apps import AppConfig


class EmbeddedConfig(AppConfig):
    name = "portal.embedded"

    def ready(self) -> None:
        from portal.embedded import checks  # noqa: F401, PLC0415 (registers itself)
