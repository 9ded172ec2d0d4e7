"""`manage.py check --deploy`: the index lies in memory, or on a volume that is said to be encrypted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 (Django's name)

from portal.core import memory


@register(Tags.security, deploy=True)
def index_is_in_memory(app_configs: Sequence[AppConfig] | None, **_more: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Regional codes say much about a picture, and in the index they are in the clear."""
    if settings.INDEX_ENCRYPTED_VOLUME:
        return []
    if not memory.is_in_memory(settings.INDEX_DIR):
        message = "INDEX_DIR is an ordinary disk folder: fingerprints would lie on it in the clear."
        hint = "Choose one in memory (tmpfs), or set INDEX_ENCRYPTED_VOLUME=true if its volume is encrypted."
        return [Error(message, hint=hint, id="hashing.E001")]
    if memory.may_be_swapped():
        message = "This machine swaps, so the index may reach a disk."
        hint = "Turn swap off or encrypt it, then set INDEX_ENCRYPTED_VOLUME=true."
        return [Warning(message, hint=hint, id="hashing.W001")]
    return []
